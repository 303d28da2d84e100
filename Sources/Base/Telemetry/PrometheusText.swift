/// Writes Prometheus' text exposition format, version 0.0.4: a `# HELP` and a `# TYPE` line for
/// each name, then a line for each sample. Buckets are cumulative and end with `le="+Inf"`, which
/// equals `_count`.
struct PrometheusText {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ family: MetricFamily) {
    put("# HELP \(family.name) ")
    put(escaped: family.help, quotes: false)
    put("\n# TYPE \(family.name) \(family.kind.rawValue)\n")
    for (labels, metric) in family.children {
      switch metric {
      case .counter(let counter): sample(family.name, labels, String(counter.value))
      case .gauge(let read): sample(family.name, labels, Self.text(read()))
      case .histogram(let histogram): append(histogram, family.name, labels)
      case .collected(let read):
        var samples = MetricSamples()
        read(&samples)
        for each in samples.all { sample(family.name, each.labels, Self.text(each.value)) }
      }
    }
  }

  private mutating func append(_ histogram: Histogram, _ name: String, _ labels: [Label]) {
    // The count is that of the buckets just read: counting goes on meanwhile.
    var cumulative: UInt64 = 0
    let counts = histogram.counts
    let total = histogram.total
    for (bucket, count) in counts.enumerated() {
      cumulative += count
      let bound =
        bucket < histogram.scale.count ? Self.text(histogram.scale.bound(bucket)) : "+Inf"
      sample(name + "_bucket", labels + [Label(name: "le", value: bound)], String(cumulative))
    }
    sample(name + "_sum", labels, Self.text(total))
    sample(name + "_count", labels, String(cumulative))
  }

  private mutating func sample(_ name: String, _ labels: [Label], _ value: String) {
    put(name)
    for (index, label) in labels.enumerated() {
      put(index == 0 ? "{" : ",")
      put("\(label.name)=\"")
      put(escaped: label.value, quotes: true)
      put("\"")
    }
    put(labels.isEmpty ? " " : "} ")
    put(value)
    put("\n")
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func put(escaped text: String, quotes: Bool) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): put(#"\\"#)
      case UInt8(ascii: "\n"): put(#"\n"#)
      case UInt8(ascii: "\"") where quotes: put(#"\""#)
      default: bytes.append(byte)
      }
    }
  }

  /// A number as Go's `ParseFloat` reads it.
  static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    return value.description
  }
}
