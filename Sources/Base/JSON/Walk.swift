internal import CSimdJSON

/// Why a text is not JSON, and where; small enough to travel in registers on the hot path.
struct WalkFault: Error, Equatable {
  enum Reason: UInt8 {
    case value, name, colon, commaOrBrace, commaOrBracket, escape, number, literal, end
    case tooDeep, notUTF8, control, unclosed, more, lineTooLong, lineTooShort
  }

  let reason: Reason
  let offset: Int
}

/// RFC 8259's grammar over simdjson's index, token by token. Numbers are checked by their text only, so that any size
/// survives, and surrogate escapes need no partner.
// SAFETY: `positions` ascend, stay below `text.count`, and end with it, which is what stage 1 writes; every read of
// `text` is below the position of the next token.
@safe struct Walk: ~Copyable {
  private let text: UnsafeBufferPointer<UInt8>
  private let positions: UnsafeBufferPointer<UInt32>
  /// The token that comes next.
  var at: Int

  /// Walks `text` from token `at` on; `positions` has the offset of every token and then the length of the text.
  init(
    _ text: UnsafeBufferPointer<UInt8>, _ positions: UnsafeBufferPointer<UInt32>, at: Int = 0
  ) {
    unsafe self.text = text
    unsafe self.positions = positions
    self.at = at
  }

  /// How many containers may be open at once, at most.
  static let deepest = 256

  @inline(__always) var count: Int { unsafe positions.count - 1 }
  @inline(__always) private var length: Int { unsafe text.count }
  @inline(__always) func byte(_ offset: Int) -> UInt8 { unsafe text[offset] }
  @inline(__always) func position(_ token: Int) -> Int { unsafe Int(positions[token]) }

  /// The first byte of the next token; 0 behind the last.
  @inline(__always) var next: UInt8 { at < count ? byte(position(at)) : 0 }

  @inline(__always) func expected(_ reason: WalkFault.Reason) -> WalkFault {
    at < count
      ? WalkFault(reason: reason, offset: position(at))
      : WalkFault(reason: .end, offset: position(count))
  }

  /// One whole value, with at most `depth` containers open at once; returns its range.
  mutating func value(depth limit: Int) throws(WalkFault) -> Range<Int> {
    let start = position(at)
    var open = OpenContainers()
    while true {
      var end = 0
      guard at < count else { throw expected(.value) }
      let first = position(at)
      switch byte(first) {
      case UInt8(ascii: "{"):
        guard open.depth < limit else { throw expected(.tooDeep) }
        at += 1
        if next == UInt8(ascii: "}") {
          end = take() + 1
        } else {
          open.push(object: true)
          _ = try name()
          continue
        }
      case UInt8(ascii: "["):
        guard open.depth < limit else { throw expected(.tooDeep) }
        at += 1
        if next == UInt8(ascii: "]") {
          end = take() + 1
        } else {
          open.push(object: false)
          continue
        }
      default:
        at += 1
        end = try scalar(first)
      }
      guard try close(&open, &end) else { return start..<end }
    }
  }

  /// After a value: closes what ends here; false once nothing is open, true where another value is due.
  @inline(__always) private mutating func close(
    _ open: inout OpenContainers, _ end: inout Int
  ) throws(WalkFault) -> Bool {
    while open.depth > 0 {
      let mark = next
      if mark == UInt8(ascii: ",") {
        at += 1
        if open.object { _ = try name() }
        return true
      }
      guard mark == (open.object ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw expected(open.object ? .commaOrBrace : .commaOrBracket)
      }
      end = take() + 1
      open.pop()
    }
    return false
  }

  /// Moves behind the next token and returns where it stands.
  @inline(__always) mutating func take() -> Int {
    defer { at += 1 }
    return position(at)
  }

  /// A member's name and its colon; returns what stands between the quotes.
  @inline(__always) mutating func name() throws(WalkFault) -> Range<Int> {
    guard next == UInt8(ascii: "\"") else { throw expected(.name) }
    let quote = take()
    let end = try string(quote)
    guard next == UInt8(ascii: ":") else { throw expected(.colon) }
    at += 1
    return quote + 1..<end - 1
  }

  /// The end of the scalar that begins at `first`, whose token is taken.
  @inline(__always) mutating func scalar(_ first: Int) throws(WalkFault) -> Int {
    switch byte(first) {
    case UInt8(ascii: "\""): try string(first)
    case UInt8(ascii: "t"): try literal(first, "true")
    case UInt8(ascii: "f"): try literal(first, "false")
    case UInt8(ascii: "n"): try literal(first, "null")
    default: try number(first)
    }
  }

  /// The end of the string whose opening quote is at `quote` and taken. Stage 1 has seen it close, so that its closing
  /// quote is the last thing before the next token; only escapes are left to check.
  @inline(__always) func string(_ quote: Int) throws(WalkFault) -> Int {
    var end = position(at) - 1
    while byte(end) != UInt8(ascii: "\"") { end -= 1 }
    guard end > quote else { throw WalkFault(reason: .unclosed, offset: quote) }
    let escape = firstEscape(quote + 1, end)
    if escape < end { try escapes(from: escape, to: end) }
    return end + 1
  }

  /// Where the first backslash stands in a string; `end` without one. Eight bytes a step.
  @inline(__always) private func firstEscape(_ start: Int, _ end: Int) -> Int {
    let backslashes: UInt64 = 0x5C5C_5C5C_5C5C_5C5C
    let ones: UInt64 = 0x0101_0101_0101_0101
    var offset = start
    while offset + 8 <= end {
      let word = unsafe UnsafeRawBufferPointer(text)
        .loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let difference = word ^ backslashes
      let hit = (difference &- ones) & ~difference & (ones << 7)
      if hit != 0 { return offset + UInt64(littleEndian: hit).trailingZeroBitCount >> 3 }
      offset += 8
    }
    while offset < end, byte(offset) != UInt8(ascii: "\\") { offset += 1 }
    return offset
  }

  private func escapes(from first: Int, to end: Int) throws(WalkFault) {
    var offset = first
    while offset < end {
      let length = offset + 1 < end ? escapeLength(offset, end) : 0
      guard length > 0 else { throw WalkFault(reason: .escape, offset: offset) }
      offset = firstEscape(offset + length, end)
    }
  }

  /// 2 or 6; 0 where no escape stands at `offset`.
  private func escapeLength(_ offset: Int, _ end: Int) -> Int {
    switch byte(offset + 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      guard offset + 6 <= end else { return 0 }
      for index in offset + 2..<offset + 6 where hexDigit(byte(index)) == nil { return 0 }
      return 6
    default: return 0
    }
  }

  @inline(__always) private func literal(
    _ first: Int, _ word: StaticString
  ) throws(WalkFault) -> Int {
    let end = first + word.utf8CodeUnitCount
    guard end <= position(at) else { throw WalkFault(reason: .literal, offset: first) }
    for index in 1..<word.utf8CodeUnitCount {
      guard unsafe byte(first + index) == word.utf8Start[index] else {
        throw WalkFault(reason: .literal, offset: first)
      }
    }
    try blank(from: end, .literal, first)
    return end
  }

  /// Between a scalar's end and the next token only white space may stand.
  @inline(__always) private func blank(
    from end: Int, _ reason: WalkFault.Reason, _ first: Int
  ) throws(WalkFault) {
    var offset = end
    let limit = position(at)
    while offset < limit {
      guard isBlank(byte(offset)) else { throw WalkFault(reason: reason, offset: first) }
      offset += 1
    }
  }

  @inline(__always) private func number(_ first: Int) throws(WalkFault) -> Int {
    let limit = position(at)
    var offset = first
    if byte(offset) == UInt8(ascii: "-") { offset += 1 }
    let whole = digits(&offset, limit)
    guard whole > 0, whole == 1 || byte(offset - whole) != UInt8(ascii: "0") else {
      let begins = byte(first) == UInt8(ascii: "-") || isDigit(byte(first))
      throw WalkFault(reason: begins ? .number : .value, offset: first)
    }
    if offset < limit, byte(offset) == UInt8(ascii: ".") {
      offset += 1
      guard digits(&offset, limit) > 0 else { throw WalkFault(reason: .number, offset: first) }
    }
    if offset < limit, byte(offset) | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if offset < limit, byte(offset) == UInt8(ascii: "+") || byte(offset) == UInt8(ascii: "-") {
        offset += 1
      }
      guard digits(&offset, limit) > 0 else { throw WalkFault(reason: .number, offset: first) }
    }
    try blank(from: offset, .number, first)
    return offset
  }

  @inline(__always) private func digits(_ offset: inout Int, _ limit: Int) -> Int {
    let start = offset
    while offset < limit, isDigit(byte(offset)) { offset += 1 }
    return offset - start
  }

  /// Where `sought` first stands from `offset` on; the length of the text where it does not.
  @inline(__always) func find(_ sought: UInt8, from offset: Int) -> Int {
    guard let base = unsafe text.baseAddress, offset < length else { return length }
    return unsafe offset + curlew_json_find(base + offset, length - offset, sought)
  }
}

@inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

@inline(__always) func isBlank(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}

@inline(__always) func hexDigit(_ byte: UInt8) -> UInt32? {
  switch byte {
  case 48...57: UInt32(byte - 48)
  case 65...70, 97...102: UInt32((byte | 0x20) - 87)
  default: nil
  }
}
