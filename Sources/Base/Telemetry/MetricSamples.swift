/// The values of one metric at one scrape, each with its labels.
public struct MetricSamples: Sendable {
  struct Sample: Sendable {
    let labels: [Label]
    let value: Double
  }

  private(set) var all: [Sample] = []

  init() {}

  /// Adds a value. Labels are shown in the order given; each sample of a metric needs others.
  public mutating func add(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
    all.append(Sample(labels: Label.list(labels), value: value))
  }
}

/// A label's name and value.
struct Label: Sendable, Hashable {
  let name: String
  let value: String

  static func list(_ pairs: KeyValuePairs<String, String>) -> [Label] {
    pairs.map { name, value in
      precondition(isName(name), "a label's name is letters, digits and _")
      return Label(name: name, value: value)
    }
  }

  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}
