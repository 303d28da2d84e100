/// Reads fields one after another from bytes that may be damaged: it never traps, it throws.
public struct ByteReader: Sendable {
  private let bytes: [UInt8]
  private let end: Int
  /// Where the next field begins.
  public private(set) var position: Int

  /// The bytes end before the field does.
  public struct Short: Error, Equatable { public init() {} }

  /// Reads `range` of `bytes`, or all of them.
  public init(_ bytes: [UInt8], _ range: Range<Int>? = nil) {
    self.bytes = bytes
    let range = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
    position = range.lowerBound
    end = range.upperBound
  }

  /// How many bytes are left.
  public var remaining: Int { end - position }

  /// The next integer, least significant byte first.
  public mutating func little<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type = T.self)
    throws(Short) -> T
  {
    guard remaining >= MemoryLayout<T>.size else { throw Short() }
    defer { position += MemoryLayout<T>.size }
    return bytes.load(littleEndianAt: position)
  }

  /// The next `count` bytes, copied.
  public mutating func bytes(_ count: Int) throws(Short) -> [UInt8] {
    guard count >= 0, remaining >= count else { throw Short() }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// A string with its length before it as a u16, in UTF-8.
  public mutating func text() throws(Short) -> String {
    let count: UInt16 = try little()
    return String(decoding: try bytes(Int(count)), as: UTF8.self)
  }

  /// Moves `count` bytes on.
  public mutating func skip(_ count: Int) throws(Short) {
    guard count >= 0, remaining >= count else { throw Short() }
    position += count
  }
}

extension [UInt8] {
  /// Appends `text` in UTF-8 with its length before it as a u16; `ByteReader.text` reads it back.
  /// At most 65,535 bytes.
  public mutating func append(text: String) {
    append(littleEndian: UInt16(text.utf8.count))
    append(contentsOf: text.utf8)
  }
}
