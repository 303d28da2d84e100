internal import JSON

extension [UInt8] {
  /// Appends `value` in decimal.
  mutating func append(decimal value: Int64) {
    guard value >= 10 || value < 0 else { return append(UInt8(ascii: "0") + UInt8(value)) }
    var rest = value.magnitude
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = 20
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    if value < 0 { append(UInt8(ascii: "-")) }
    for index in start..<20 { append(digits[index]) }
  }

  /// Appends `text` as a JSON string.
  mutating func append(jsonString text: String) {
    var json = JSONWriter()
    json.string(text)
    append(contentsOf: json.bytes)
  }
}
