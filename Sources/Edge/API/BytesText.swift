internal import JSON

extension [UInt8] {
  /// Appends `value` in decimal.
  @inline(__always) mutating func append(decimal value: Int64) {
    if value >= 0, value < 10 {
      return append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value))
    }
    appendDigits(value)
  }

  private mutating func appendDigits(_ value: Int64) {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = 20
    var rest = value.magnitude
    while rest > 0 {
      let quotient = rest / 10
      start -= 1
      digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
      rest = quotient
    }
    if value < 0 { append(UInt8(ascii: "-")) }
    for index in start..<20 { append(digits[index]) }
  }

  /// Appends `text` as a JSON string.
  mutating func append(jsonString text: String) { withJSON { $0.string(text) } }

  /// Lets `body` write one JSON value behind what is here.
  @inline(__always) mutating func withJSON(_ body: (inout JSONWriter) -> Void) {
    var taken: [UInt8] = []
    swap(&taken, &self)
    var json = JSONWriter(appendingTo: taken)
    // The writer holds the only reference again, so that it appends in place.
    taken = []
    body(&json)
    swap(&json.bytes, &self)
  }
}
