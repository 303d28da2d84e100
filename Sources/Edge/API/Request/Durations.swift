/// Durations as callers write them: `500ms`, `30s`, `5m`, `2h`, `7d`; a bare number is
/// milliseconds.
enum Durations {
  private static let units: [(suffix: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]

  /// How a caller may write one.
  static let form = "takes a duration like 500ms, 30s, 5m, or a number of milliseconds."

  /// The milliseconds that `text` stands for; `nil` where it is no duration or too long a one.
  static func milliseconds(_ text: some StringProtocol) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let count = Int64(digits) else { return nil }
    let suffix = text[digits.endIndex...]
    if suffix.isEmpty { return count }
    guard let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
    let (product, isTooLong) = count.multipliedReportingOverflow(by: unit.milliseconds)
    return isTooLong ? nil : product
  }
}
