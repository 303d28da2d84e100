extension JSONCursor {
  /// Takes a string; what it stands for. A surrogate without its partner becomes U+FFFD.
  public mutating func string() throws(JSONFault) -> String {
    let range = try stringRange()
    guard hasEscapes(range) else {
      return unsafe text.withUnsafeBufferPointer {
        unsafe String(decoding: $0[range], as: UTF8.self)
      }
    }
    return String(decoding: unescaped(range), as: UTF8.self)
  }

  /// Takes a string; the UTF-8 of what it stands for. A surrogate without its partner becomes
  /// U+FFFD.
  public mutating func stringBytes() throws(JSONFault) -> [UInt8] {
    unescaped(try stringRange())
  }

  /// Takes a string; where it stands, without the quotes and with its escapes.
  public mutating func stringRange() throws(JSONFault) -> Range<Int> {
    let range = try scalar(.string, "a string")
    return range.lowerBound + 1..<range.upperBound - 1
  }

  /// Takes a whole number without fraction or exponent that fits 64 bits with sign.
  public mutating func integer() throws(JSONFault) -> Int64 {
    let range = try scalar(.number, "an integer")
    let negative = text[range.lowerBound] == UInt8(ascii: "-")
    var value: Int64 = 0
    for index in (negative ? range.lowerBound + 1 : range.lowerBound)..<range.upperBound {
      guard isDigit(text[index]) else {
        throw fault(.unexpectedType, "expected an integer", at: range.lowerBound)
      }
      let digit = Int64(text[index] & 15)
      let (product, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, overAgain) = product.addingReportingOverflow(negative ? -digit : digit)
      guard !over, !overAgain else {
        throw fault(.outOfRange, "the integer does not fit 64 bits", at: range.lowerBound)
      }
      value = sum
    }
    return value
  }

  /// Takes `true` or `false`.
  public mutating func bool() throws(JSONFault) -> Bool {
    let value = kind == .true
    guard value || kind == .false else { throw unexpected("true or false") }
    _ = try skipValue()
    return value
  }

  /// Takes a `null` if one is next, and says so.
  public mutating func takeNull() throws(JSONFault) -> Bool {
    guard kind == .null else { return false }
    _ = try skipValue()
    return true
  }

  /// Whether the string or name whose inside is `range` stands for `word`.
  public func string(_ range: Range<Int>, is word: StaticString) -> Bool {
    if hasEscapes(range) {
      let bytes = unescaped(range)
      return unsafe bytes.elementsEqual(
        UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
    guard range.count == word.utf8CodeUnitCount else { return false }
    for index in 0..<range.count {
      guard unsafe text[range.lowerBound + index] == word.utf8Start[index] else { return false }
    }
    return true
  }

  /// The UTF-8 of what the string or name whose inside is `range` stands for.
  public func unescaped(_ range: Range<Int>) -> [UInt8] {
    guard hasEscapes(range) else { return Array(text[range]) }
    var output: [UInt8] = []
    output.reserveCapacity(range.count)
    JSONText.unescape(text.span.extracting(range), into: &output)
    return output
  }

  private func hasEscapes(_ range: Range<Int>) -> Bool {
    for index in range where text[index] == UInt8(ascii: "\\") { return true }
    return false
  }
}
