/// The type of a setting and its bounds.
public enum SettingKind: Hashable, Sendable {
  /// A whole number.
  case integer(ClosedRange<Int64>)
  /// Milliseconds; `500ms`, `30s`, `5m`, `2h`, `7d` are understood, a bare number is milliseconds.
  case duration(ClosedRange<Int64>)
  /// Bytes; `64KiB`, `16MiB`, `1GiB`, `500kB`, `1MB` are understood, a bare number is bytes.
  case size(ClosedRange<Int64>, multipleOf: Int64 = 1)
  /// `true` or `false`.
  case boolean
  /// A number that need not be whole.
  case real(ClosedRange<Double>)
  /// Any text.
  case text
  /// One of these words.
  case choice([String])
  /// Words with commas between them: of these, or any where there are none.
  case list([String])

  /// `text` in the form in which it is kept; `nil` where it is not of the kind or out of bounds.
  public func canonical(_ text: String) -> String? {
    switch self {
    case .integer(let bounds): Self.number(text, units: [:], in: bounds)
    case .duration(let bounds): Self.number(text, units: Self.durations, in: bounds)
    case .size(let bounds, let step):
      Self.number(text, units: Self.sizes, in: bounds).flatMap { canonical in
        Int64(canonical).map { $0 % step == 0 } == true ? canonical : nil
      }
    case .boolean:
      ["true", "false"].first { $0 == text.lowercased() }
    case .real(let bounds): Self.real(text, in: bounds)
    case .text: text
    case .choice(let words): words.first { $0 == text }
    case .list(let words): Self.list(text, of: words)
    }
  }

  /// The words behind "takes" in a sentence that refuses a value.
  public var expectation: String {
    switch self {
    case .integer(let bounds):
      "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
    case .duration(let bounds):
      "a duration such as 500ms, 30s, 5m, 2h or 7d, from \(bounds.lowerBound) to "
        + "\(bounds.upperBound) milliseconds"
    case .size(let bounds, let step):
      "a size such as 64KiB or 16MiB, from \(bounds.lowerBound) to \(bounds.upperBound) bytes"
        + (step == 1 ? "" : ", a multiple of \(step)")
    case .boolean: "true or false"
    case .real(let bounds): "a number from \(bounds.lowerBound) to \(bounds.upperBound)"
    case .text: "any text"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .list(let words):
      words.isEmpty
        ? "words with commas between them"
        : "words with commas between them, of \(words.joined(separator: ", "))"
    }
  }
}

extension SettingKind {
  private static let durations: [String: Int64] = [
    "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
  ]
  private static let sizes: [String: Int64] = [
    "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
  ]

  private static func number(
    _ text: String, units: [String: Int64], in bounds: ClosedRange<Int64>
  ) -> String? {
    let unit = text.drop { !$0.isLetter }
    guard let number = Int64(text[..<unit.startIndex]),
      let factor = unit.isEmpty ? 1 : units[String(unit)]
    else { return nil }
    let (value, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow || !bounds.contains(value) ? nil : String(value)
  }

  private static func real(_ text: String, in bounds: ClosedRange<Double>) -> String? {
    guard text.allSatisfy({ "0123456789.+-eE".contains($0) }), let value = Double(text),
      bounds.contains(value)
    else { return nil }
    return String(value)
  }

  private static func list(_ text: String, of words: [String]) -> String? {
    var items: [String] = []
    for part in text.split(separator: ",") {
      let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
      var item = part.drop(while: blank)
      while let last = item.last, blank(last) { item.removeLast() }
      guard !item.isEmpty else { continue }
      guard words.isEmpty || words.contains(String(item)) else { return nil }
      if !items.contains(String(item)) { items.append(String(item)) }
    }
    return items.joined(separator: ",")
  }
}
