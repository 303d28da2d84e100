internal import Compression

/// Which coding an answer gets.
enum Negotiation {
  /// Bodies below this fit one packet anyway, and would hardly shrink.
  static let smallest = 1024

  /// The coding that the client likes best, of those that the server has; of equals the faster one.
  /// `nil` is none.
  static func coding(accepting header: String) -> ContentCoding? {
    var best: (coding: ContentCoding, weight: Int)?
    var others: Int?
    var named: Set<ContentCoding> = []
    for item in header.split(separator: ",") {
      let parts = item.split(separator: ";").map { String($0).trimmed }
      guard let name = parts.first else { continue }
      let weight = parts.dropFirst().compactMap(weight(_:)).first ?? 1000
      if name == "*" { others = weight }
      guard let coding = ContentCoding(named: name) else { continue }
      named.insert(coding)
      best = better(best, coding, weight)
    }
    if let others {
      for coding in ContentCoding.allCases where !named.contains(coding) {
        best = better(best, coding, others)
      }
    }
    return best?.coding
  }

  private static func better(
    _ best: (coding: ContentCoding, weight: Int)?, _ coding: ContentCoding, _ weight: Int
  ) -> (coding: ContentCoding, weight: Int)? {
    guard weight > 0 else { return best }
    guard let best else { return (coding, weight) }
    if weight != best.weight { return weight > best.weight ? (coding, weight) : best }
    return coding == .zstd ? (coding, weight) : best
  }

  /// `q=0.5` in thousandths.
  private static func weight(_ parameter: String) -> Int? {
    guard parameter.hasPrefixIgnoringCase("q="), let value = Double(parameter.dropFirst(2)),
      (0...1).contains(value)
    else { return nil }
    return Int(value * 1000)
  }

  /// Whether bytes of this type shrink. Those of images and archives do not.
  static func isCompressible(_ type: String?) -> Bool {
    guard let type else { return false }
    let name = String(type.prefix { $0 != ";" }).trimmed.lowercased()
    if name == "text/event-stream" { return false }
    return name.hasPrefix("text/") || name.hasSuffix("json") || name.hasSuffix("+xml")
      || name.hasSuffix("javascript") || name.hasSuffix("yaml") || name == "image/svg+xml"
  }
}
