internal import Platform

/// What a metric's values mean.
public enum MetricKind: String, Sendable {
  /// Only grows, from 0 at the start.
  case counter
  /// Goes up and down.
  case gauge
  /// Buckets.
  case histogram
}

/// All metrics of a process, and their text for Prometheus. Registering the same name with the same
/// labels again gives the same counter or histogram, and replaces a gauge. Names are letters,
/// digits and underscores without the prefix; those of counters end in `_total`. A registration
/// that breaks this, or that changes a metric's kind, is a mistake in the program and traps.
public final class MetricsRegistry: Sendable {
  /// The media type of `text()`.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private let prefix: String
  private let families = Lock<[String: MetricFamily]>([:])

  /// No metrics yet; `prefix` begins every name.
  public init(prefix: String = "curlew_") { self.prefix = prefix }

  /// A counter to add to.
  public func counter(
    _ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:]
  ) -> Counter {
    let made = child(name, help, .counter, Label.list(labels), replace: false) {
      .counter(Counter())
    }
    guard case .counter(let counter) = made else {
      preconditionFailure("the metric \(name) is registered as something else")
    }
    return counter
  }

  /// One counter for each of `values` of the label `label`, in their order.
  public func counters(
    _ name: String, _ help: String, label: String, values: [String]
  ) -> [Counter] {
    values.map { counter(name, help, labels: [label: $0]) }
  }

  /// A histogram to observe with.
  public func histogram(
    _ name: String, _ help: String, _ scale: Histogram.Scale,
    labels: KeyValuePairs<String, String> = [:]
  ) -> Histogram {
    let made = child(name, help, .histogram, Label.list(labels), replace: false) {
      .histogram(Histogram(scale))
    }
    guard case .histogram(let histogram) = made, histogram.scale == scale else {
      preconditionFailure("the metric \(name) is registered as something else")
    }
    return histogram
  }

  /// A value that `read` finds at each scrape. It is called on the thread that scrapes and may take
  /// short locks, but no registration may come from it.
  public func gauge(
    _ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:],
    _ read: @escaping @Sendable () -> Double
  ) {
    _ = child(name, help, .gauge, Label.list(labels), replace: true) { .gauge(read) }
  }

  /// Values whose labels are known only at the scrape, as topics are: `read` adds them all. For
  /// counters and gauges.
  public func collect(
    _ name: String, _ help: String, _ kind: MetricKind,
    _ read: @escaping @Sendable (inout MetricSamples) -> Void
  ) {
    precondition(kind != .histogram, "histograms are registered, not collected")
    _ = child(name, help, kind, [], replace: true) { .collected(read) }
  }

  /// Everything in Prometheus' text format 0.0.4, ordered by name.
  public func text() -> [UInt8] {
    let now = families.withLock { $0.values.sorted { $0.name < $1.name } }
    var output = PrometheusText()
    for family in now { output.append(family) }
    return output.bytes
  }

  private func child(
    _ name: String, _ help: String, _ kind: MetricKind, _ labels: [Label], replace: Bool,
    _ make: () -> MetricFamily.Metric
  ) -> MetricFamily.Metric {
    precondition(Label.isName(name), "a metric's name is letters, digits and _: \(name)")
    precondition(
      (kind == .counter) == name.hasSuffix("_total"), "_total ends the names of counters: \(name)")
    return families.withLock { families in
      var family =
        families[name] ?? MetricFamily(name: prefix + name, help: help, kind: kind)
      precondition(family.kind == kind, "the metric \(name) is registered as a \(family.kind)")
      defer { families[name] = family }
      return family.child(labels, replace: replace, make)
    }
  }
}
