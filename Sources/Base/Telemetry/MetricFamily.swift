/// The metrics of one name, each with labels of its own.
struct MetricFamily: Sendable {
  enum Metric: Sendable {
    case counter(Counter)
    case histogram(Histogram)
    case gauge(@Sendable () -> Double)
    case collected(@Sendable (inout MetricSamples) -> Void)
  }

  let name: String
  let help: String
  let kind: MetricKind
  private(set) var children: [(labels: [Label], metric: Metric)] = []

  init(name: String, help: String, kind: MetricKind) {
    self.name = name
    self.help = help
    self.kind = kind
  }

  /// The child with `labels`, made where it is new or is to be replaced.
  mutating func child(_ labels: [Label], replace: Bool, _ make: () -> Metric) -> Metric {
    guard let index = children.firstIndex(where: { $0.labels == labels }) else {
      let made = make()
      children.append((labels, made))
      return made
    }
    if replace { children[index].metric = make() }
    return children[index].metric
  }
}
