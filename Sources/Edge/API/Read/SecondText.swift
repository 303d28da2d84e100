internal import Platform

/// The text of times: records that follow each other mostly share their second.
struct SecondText: Sendable {
  private var second = Int64.min
  private var text: [UInt8] = []

  /// Appends the time, without quotes.
  mutating func paint(_ milliseconds: Int64, to output: inout [UInt8]) {
    guard milliseconds >= 0 else {
      return RFC3339.append(milliseconds: milliseconds, to: &output)
    }
    let (second, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    if second != self.second {
      self.second = second
      text.removeAll(keepingCapacity: true)
      RFC3339.append(milliseconds: milliseconds, to: &text)
    }
    // The last four characters are the milliseconds and the Z.
    let point = text.count - 4
    text[point] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 100)
    text[point + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 10 % 10)
    text[point + 2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
    output.append(contentsOf: text)
  }
}
