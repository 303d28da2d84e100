import Glibc
import TestSupport

/// Which record it is: of which append, in which of its parts, at which place there.
struct RecordName: Hashable, CustomStringConvertible {
  var append: Int
  var part: Int
  var index: Int

  var description: String { "\(append).\(part).\(index)" }
}

/// Records that carry their own name, so that bytes read back tell what they must be.
///
/// A value is: the bytes `CURL`, append u32, part u16, index u16, length of the value u32 (all
/// least significant byte first), then bytes that follow from these. Each third record has a key.
enum Payload {
  static let smallest = 16

  /// Cut from and compared, since making random bytes anew would cost more than the node under
  /// test.
  private static let filling: [UInt8] = {
    var random = SeededRandom(seed: 1)
    return (0..<40_960).map { _ in random.next() }.withUnsafeBytes { Array($0) }
  }()

  static func record(_ name: RecordName, length: Int) -> NodeRecord {
    precondition(length >= smallest, "a value has room for its name")
    var value = Array("CURL".utf8)
    append(name.append, bytes: 4, to: &value)
    append(name.part, bytes: 2, to: &value)
    append(name.index, bytes: 2, to: &value)
    append(length, bytes: 4, to: &value)
    let start = (name.append &* 7_919 &+ name.part &* 104_729 &+ name.index &* 131) % 65_536
    filling.withUnsafeBytes { value.append(contentsOf: $0[start..<start + length - value.count]) }
    return NodeRecord(key: key(of: name), value: value)
  }

  /// The name that a record bears, `nil` where its bytes are not what that name says.
  static func name(of record: NodeRecord) -> (RecordName, length: Int)? {
    guard record.value.count >= smallest, record.value.starts(with: "CURL".utf8) else { return nil }
    func number(_ range: Range<Int>) -> Int {
      record.value[range].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let name = RecordName(append: number(4..<8), part: number(8..<10), index: number(10..<12))
    let length = number(12..<16)
    guard length == record.value.count, length <= filling.count - 65_536 else { return nil }
    let expected = self.record(name, length: length)
    let isSame = expected.value.withUnsafeBytes { mine in
      record.value.withUnsafeBytes { memcmp(mine.baseAddress!, $0.baseAddress!, length) == 0 }
    }
    return isSame && expected.key == record.key ? (name, length) : nil
  }

  private static func key(of name: RecordName) -> [UInt8]? {
    guard name.index % 3 == 0 else { return nil }
    return Array("key-\(name.append % 7)".utf8)
  }

  private static func append(_ number: Int, bytes: Int, to value: inout [UInt8]) {
    for shift in 0..<bytes { value.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
  }
}
