internal import Bytes

/// What stage 1 does, a byte at a time and up to the first damage: it says where that is. Only for
/// texts that stage 1 has refused, as it says no more than that.
struct CarefulIndex: ~Copyable {
  private var positions: [UInt32] = []
  private var bytes: [UInt8]
  private var damage: WalkFault

  init(_ text: Span<UInt8>) {
    bytes = text.copy()
    damage = WalkFault(reason: .end, offset: text.count)
    let foreign = Self.firstForeignByte(text)
    var offset = 0
    while offset < text.count {
      let start = offset
      if let fault = Self.skipToken(text, &offset, foreign) {
        positions.append(UInt32(start))
        damage = fault
        return
      }
      if !isBlank(text[start]) { positions.append(UInt32(start)) }
    }
    positions.append(UInt32(text.count))
  }

  /// The first fault in reading order: one of grammar before the damage, or the damage.
  func firstFault(_ depth: Int) -> WalkFault {
    unsafe bytes.withUnsafeBufferPointer { text in
      unsafe positions.withUnsafeBufferPointer { positions in
        var walk = unsafe Walk(text, positions)
        do throws(WalkFault) {
          while walk.at < walk.count { _ = try walk.value(depth: depth) }
          return damage
        } catch {
          return error.reason == .end ? damage : error
        }
      }
    }
  }

  /// Where the text stops being UTF-8; its length where it never does.
  private static func firstForeignByte(_ text: Span<UInt8>) -> Int {
    do {
      _ = try UTF8Span(validating: text)
      return text.count
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  private static func skipToken(
    _ text: Span<UInt8>, _ offset: inout Int, _ foreign: Int
  ) -> WalkFault? {
    let start = offset
    let first = text[start]
    offset += 1
    if first == UInt8(ascii: "\"") {
      if let fault = skipString(text, &offset, start, foreign) { return fault }
    } else if !endsScalar(first) {
      while offset < text.count, !endsScalar(text[offset]) { offset += 1 }
    }
    return offset > foreign ? WalkFault(reason: .notUTF8, offset: foreign) : nil
  }

  private static func skipString(
    _ text: Span<UInt8>, _ offset: inout Int, _ start: Int, _ foreign: Int
  ) -> WalkFault? {
    while offset < foreign {
      switch text[offset] {
      case UInt8(ascii: "\""):
        offset += 1
        return nil
      case UInt8(ascii: "\\"): offset += offset + 1 < text.count && text[offset + 1] >= 0x20 ? 2 : 1
      case 0..<0x20: return WalkFault(reason: .control, offset: offset)
      default: offset += 1
      }
    }
    return foreign < text.count
      ? WalkFault(reason: .notUTF8, offset: foreign) : WalkFault(reason: .unclosed, offset: start)
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: ":"),
      UInt8(ascii: ","), UInt8(ascii: "\""):
      true
    default: isBlank(byte)
    }
  }
}
