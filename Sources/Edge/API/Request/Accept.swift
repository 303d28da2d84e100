/// What a caller takes, by the header `Accept`.
struct Accept: Sendable {
  private struct Range: Sendable {
    let type: Substring
    let subtype: Substring
    let weight: Int

    /// How exactly it names `type`: 2 as it is, 1 by its first half, 0 by `*/*`; `nil` not at all.
    func precision(_ offer: MediaType) -> Int? {
      if type == "*", subtype == "*" { return 0 }
      guard type == offer.type else { return nil }
      if subtype == "*" { return 1 }
      return subtype == offer.subtype ? 2 : nil
    }
  }

  private let ranges: [Range]

  /// Reads the header; without one, or with nothing readable in it, everything is taken.
  init(_ header: String?) {
    var ranges: [Range] = []
    for part in (header ?? "").split(separator: ",") {
      guard let type = MediaType(part) else { continue }
      ranges.append(Range(type: type.type, subtype: type.subtype, weight: Self.weight(type)))
    }
    self.ranges = ranges
  }

  /// The one of `offers` that the caller likes best, the first where it likes several as much;
  /// `nil` where it takes none.
  func best(of offers: [String]) -> String? {
    guard !ranges.isEmpty else { return offers.first }
    var best: (offer: String, weight: Int, precision: Int)?
    for offer in offers {
      guard let (weight, precision) = liking(of: offer), weight > 0 else { continue }
      if let best, (best.weight, best.precision) >= (weight, precision) { continue }
      best = (offer, weight, precision)
    }
    return best?.offer
  }

  /// Whether `type` is asked for by name.
  func names(_ type: String) -> Bool {
    guard let (weight, precision) = liking(of: type) else { return false }
    return weight > 0 && precision == 2
  }

  /// Whether a type that begins with `prefix` is asked for.
  func namesAny(prefix: String) -> Bool {
    ranges.contains { $0.weight > 0 && "\($0.type)/\($0.subtype)".hasPrefix(prefix) }
  }

  /// The first type asked for that begins with `prefix`.
  func first(prefix: String) -> String? {
    ranges.lazy.filter { $0.weight > 0 }.map { "\($0.type)/\($0.subtype)" }
      .first { $0.hasPrefix(prefix) }
  }

  private func liking(of offer: String) -> (weight: Int, precision: Int)? {
    guard let offer = MediaType(offer) else { return nil }
    var best: (weight: Int, precision: Int)?
    for range in ranges {
      guard let precision = range.precision(offer), precision > best?.precision ?? -1 else {
        continue
      }
      best = (range.weight, precision)
    }
    return best
  }

  /// The parameter q in thousandths, 1,000 where there is none.
  private static func weight(_ type: MediaType) -> Int {
    guard let text = type.parameter("q") else { return 1_000 }
    guard let value = Double(text), value >= 0, value <= 1 else { return 0 }
    return Int((value * 1_000).rounded())
  }
}
