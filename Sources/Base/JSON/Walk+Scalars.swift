internal import CSimdJSON

// Strings, numbers and literals. What is not inlined takes the text and offsets, never the walk
// itself, which would then have to leave its registers.

extension Walk {
  /// The end of the number or literal that begins at `first`; `limit` is the next token.
  static func bareScalar(
    _ text: UnsafeBufferPointer<UInt8>, _ first: Int, _ limit: Int
  ) throws(WalkFault) -> Int {
    switch unsafe text[first] {
    case UInt8(ascii: "t"): try unsafe literal(text, first, first &+ 4, 0x7472_7565, limit)
    case UInt8(ascii: "f"): try unsafe literal(text, first, first &+ 5, 0x616C_7365, limit)
    case UInt8(ascii: "n"): try unsafe literal(text, first, first &+ 4, 0x6E75_6C6C, limit)
    default: try unsafe number(text, first, limit)
    }
  }

  /// The end of the string whose opening quote is at `quote` and taken. Stage 1 has seen it close,
  /// so that its closing quote is the last thing before the next token; only escapes are left to
  /// check.
  @inline(__always) mutating func string(_ quote: Int) throws(WalkFault) -> Int {
    var end = position(at) &- 1
    while byte(end) != UInt8(ascii: "\"") { end &-= 1 }
    guard end > quote else { throw WalkFault(reason: .unclosed, offset: quote) }
    if place.escape < end { place.escape = try unsafe Self.escapes(text, place.escape, quote, end) }
    return end &+ 1
  }

  /// Checks the escapes between the quotes of a string; `known` is the next backslash, or one that
  /// was passed. Returns the first backslash behind the string.
  private static func escapes(
    _ text: UnsafeBufferPointer<UInt8>, _ known: Int, _ quote: Int, _ end: Int
  ) throws(WalkFault) -> Int {
    let backslash = UInt8(ascii: "\\")
    var escape = unsafe known < quote ? find(backslash, in: text, from: quote) : known
    while escape < end {
      guard unsafe isEscape(text, escape, end) else {
        throw WalkFault(reason: .escape, offset: escape)
      }
      escape = unsafe find(backslash, in: text, from: escape + 2)
    }
    return escape
  }

  /// Whether the backslash at `offset` begins one of the escapes that there are.
  private static func isEscape(
    _ text: UnsafeBufferPointer<UInt8>, _ offset: Int, _ end: Int
  ) -> Bool {
    switch unsafe text[offset + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    case UInt8(ascii: "u"):
      guard offset + 6 <= end else { return false }
      for index in offset + 2..<offset + 6 {
        guard unsafe hexDigit(text[index]) != nil else { return false }
      }
      return true
    default: return false
    }
  }

  /// The end of the literal from `first` on, of which `word` are the last four letters.
  @inline(__always) private static func literal(
    _ text: UnsafeBufferPointer<UInt8>, _ first: Int, _ end: Int, _ word: UInt32, _ limit: Int
  ) throws(WalkFault) -> Int {
    guard end <= limit, unsafe load(text, end &- 4) == word, unsafe isBlank(text, end, limit) else {
      throw WalkFault(reason: .literal, offset: first)
    }
    return end
  }

  @inline(__always) private static func load(
    _ text: UnsafeBufferPointer<UInt8>, _ offset: Int
  ) -> UInt32 {
    let bytes = UnsafeRawBufferPointer(text)
    return unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).bigEndian
  }

  /// Between a scalar's end and the next token only white space may stand.
  @inline(__always) private static func isBlank(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ limit: Int
  ) -> Bool {
    var offset = start
    while offset < limit {
      guard unsafe JSON.isBlank(text[offset]) else { return false }
      offset &+= 1
    }
    return true
  }

  /// The end of the number that begins at `first`; `limit` is the next token.
  @inline(__always) private static func number(
    _ text: UnsafeBufferPointer<UInt8>, _ first: Int, _ limit: Int
  ) throws(WalkFault) -> Int {
    var offset = first
    let negative = unsafe text[first] == UInt8(ascii: "-")
    if negative { offset &+= 1 }
    let whole = unsafe digits(text, &offset, limit)
    guard whole > 0 else {
      throw WalkFault(reason: negative ? .number : .value, offset: first)
    }
    var good = unsafe whole == 1 || text[offset &- whole] != UInt8(ascii: "0")
    if offset < limit, unsafe text[offset] == UInt8(ascii: ".") {
      offset &+= 1
      good = unsafe digits(text, &offset, limit) > 0 && good
    }
    if offset < limit, unsafe text[offset] | 0x20 == UInt8(ascii: "e") {
      offset &+= 1
      if offset < limit,
        unsafe text[offset] == UInt8(ascii: "+") || text[offset] == UInt8(ascii: "-")
      {
        offset &+= 1
      }
      good = unsafe digits(text, &offset, limit) > 0 && good
    }
    guard good, unsafe isBlank(text, offset, limit) else {
      throw WalkFault(reason: .number, offset: first)
    }
    return offset
  }

  @inline(__always) private static func digits(
    _ text: UnsafeBufferPointer<UInt8>, _ offset: inout Int, _ limit: Int
  ) -> Int {
    let start = offset
    while offset < limit, unsafe isDigit(text[offset]) { offset &+= 1 }
    return offset &- start
  }

  /// Where `sought` first stands from `offset` on; the length of the text where it does not.
  func find(_ sought: UInt8, from offset: Int) -> Int {
    unsafe Self.find(sought, in: text, from: offset)
  }

  private static func find(
    _ sought: UInt8, in text: UnsafeBufferPointer<UInt8>, from offset: Int
  ) -> Int {
    guard let base = text.baseAddress, offset < text.count else { return text.count }
    return unsafe offset + curlew_json_find(base + offset, text.count - offset, sought)
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
