public import Bytes
internal import CSimdJSON

/// Writes one JSON text forward into one array of bytes. It sets the commas; that what is begun is
/// ended, and that a name stands before every member, is for the caller to see to.
public struct JSONWriter: Sendable {
  /// What was written.
  public var bytes: [UInt8]
  @usableFromInline var comma = false

  /// An empty text, with room for `capacity` bytes.
  public init(capacity: Int = 256) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// Goes on behind `bytes`, which the writer takes over.
  public init(appendingTo bytes: consuming [UInt8]) { self.bytes = bytes }

  /// Begins an object.
  @inlinable public mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Ends an object.
  @inlinable public mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Begins an array.
  @inlinable public mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Ends an array.
  @inlinable public mutating func endArray() { close(UInt8(ascii: "]")) }

  /// A member's name of our own: ASCII that needs no escape.
  @inlinable public mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    append(name)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    comma = false
  }

  /// A member's name from elsewhere.
  public mutating func name(text: String) {
    string(text)
    bytes.append(UInt8(ascii: ":"))
    comma = false
  }

  /// A string.
  public mutating func string(_ text: String) {
    beginValue()
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in unsafe appendEscaped(utf8.span) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A string from bytes that are UTF-8.
  public mutating func string(utf8 text: Span<UInt8>) {
    beginValue()
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(text)
    bytes.append(UInt8(ascii: "\""))
  }

  /// A whole number.
  @inlinable public mutating func integer(_ value: some FixedWidthInteger) {
    beginValue()
    guard let wide = Int64(exactly: value) else {
      bytes.append(contentsOf: "\(value)".utf8)
      return
    }
    append(digitsOf: wide.magnitude, negative: wide < 0)
  }

  /// A number with a fraction, in the fewest digits that mean it; `null` for what is no number.
  public mutating func real(_ value: Double) {
    guard value.isFinite else { return null() }
    beginValue()
    bytes.append(contentsOf: "\(value)".utf8)
  }

  /// `true` or `false`.
  @inlinable public mutating func bool(_ value: Bool) {
    beginValue()
    append(value ? "true" : "false")
  }

  /// `null`.
  @inlinable public mutating func null() {
    beginValue()
    append("null")
  }

  /// A value that is JSON already, as it is.
  @inlinable public mutating func raw(_ value: Span<UInt8>) {
    beginValue()
    bytes.append(value)
  }

  /// A value that is JSON already, on one line: where it breaks lines between its tokens, spaces
  /// stand instead.
  public mutating func rawLine(_ value: Span<UInt8>) {
    let start = bytes.count
    raw(value)
    guard value.contains(UInt8(ascii: "\n")) || value.contains(UInt8(ascii: "\r")) else { return }
    for index in start..<bytes.count where bytes[index] == 0x0A || bytes[index] == 0x0D {
      bytes[index] = UInt8(ascii: " ")
    }
  }

  /// `{"$base64":"…"}`, which stands for bytes that are no text.
  public mutating func base64(_ value: Span<UInt8>) {
    beginObject()
    name("$base64")
    base64String(value)
    endObject()
  }

  /// Bytes in base64, as a string.
  public mutating func base64String(_ value: Span<UInt8>) {
    beginValue()
    bytes.append(UInt8(ascii: "\""))
    Base64.encode(value, into: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  // MARK: Parts

  @inlinable mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    comma = false
  }

  @inlinable mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    comma = true
  }

  @inlinable mutating func separate() {
    if comma { bytes.append(UInt8(ascii: ",")) }
  }

  @inlinable mutating func beginValue() {
    separate()
    comma = true
  }

  @inlinable mutating func append(_ text: StaticString) {
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inlinable mutating func append(digitsOf magnitude: UInt64, negative: Bool) {
    // 20 digits and a sign at most, written from the end.
    var digits = InlineArray<21, UInt8>(repeating: UInt8(ascii: "-"))
    var start = 21
    var rest = magnitude
    repeat {
      start &-= 1
      digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    if negative { start &-= 1 }
    bytes.append(digits.span.extracting(start..<21))
  }

  private mutating func appendEscaped(_ text: Span<UInt8>) {
    var start = 0
    while start < text.count {
      let end = text.firstToEscape(from: start)
      bytes.append(text.extracting(start..<end))
      if end < text.count { appendEscape(text[end]) }
      start = end + 1
    }
  }

  private mutating func appendEscape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      append("u00")
      bytes.append(Self.hexDigits[Int(byte >> 4)])
      bytes.append(Self.hexDigits[Int(byte & 15)])
    }
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
}

extension Span<UInt8> {
  /// Where the first byte stands, from `start` on, that JSON wants escaped; `count` without one.
  /// Eight bytes a step.
  func firstToEscape(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops = ones << 7
    var offset = start
    while offset + 8 <= count {
      let word: UInt64 = load(littleEndianAt: offset)
      let quotes = word ^ ones &* 0x22
      let backslashes = word ^ ones &* 0x5C
      let controls = (word &- ones &* 0x20) & ~word
      let hit =
        (controls | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes) & tops
      if hit != 0 { return offset + hit.trailingZeroBitCount >> 3 }
      offset += 8
    }
    while offset < count {
      let byte = self[offset]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      offset += 1
    }
    return offset
  }

  func contains(_ byte: UInt8) -> Bool {
    unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe curlew_json_find(base, buffer.count, byte) < buffer.count
    }
  }
}
