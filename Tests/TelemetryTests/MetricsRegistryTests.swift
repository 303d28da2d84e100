import Telemetry
import Testing

@Suite struct MetricsRegistryTests {
  private func text(_ registry: MetricsRegistry) -> String {
    String(decoding: registry.text(), as: UTF8.self)
  }

  @Test func `metrics are written as Prometheus reads them`() {
    let registry = MetricsRegistry()
    let acks = registry.counters(
      "acks_total", "Answers by level.", label: "level", values: ["disk", "memory"])
    registry.gauge("disk_free_bytes", "Room.") { 1.5e12 }
    let sync = registry.histogram(
      "wal_sync_seconds", "One sync.", Histogram.Scale(first: 1_000, count: 3, divisor: 1e9))
    registry.collect("log_size", "Bytes a partition.", .gauge) { samples in
      samples.add(10, ["topic": "a", "partition": "0"])
      samples.add(0.25, ["topic": "b", "partition": "1"])
    }

    acks[0].add(3)
    for nanoseconds in [0, 1_000, 1_001, 2_000, 4_000, 4_001] as [Int64] {
      sync.observe(nanoseconds: nanoseconds)
    }

    #expect(
      text(registry) == """
        # HELP curlew_acks_total Answers by level.
        # TYPE curlew_acks_total counter
        curlew_acks_total{level="disk"} 3
        curlew_acks_total{level="memory"} 0
        # HELP curlew_disk_free_bytes Room.
        # TYPE curlew_disk_free_bytes gauge
        curlew_disk_free_bytes 1500000000000
        # HELP curlew_log_size Bytes a partition.
        # TYPE curlew_log_size gauge
        curlew_log_size{topic="a",partition="0"} 10
        curlew_log_size{topic="b",partition="1"} 0.25
        # HELP curlew_wal_sync_seconds One sync.
        # TYPE curlew_wal_sync_seconds histogram
        curlew_wal_sync_seconds_bucket{le="1e-06"} 2
        curlew_wal_sync_seconds_bucket{le="2e-06"} 4
        curlew_wal_sync_seconds_bucket{le="4e-06"} 5
        curlew_wal_sync_seconds_bucket{le="+Inf"} 6
        curlew_wal_sync_seconds_sum 1.2002e-05
        curlew_wal_sync_seconds_count 6

        """)
  }

  @Test func `backslashes, quotes and line ends are escaped`() {
    let registry = MetricsRegistry(prefix: "x_")
    registry.gauge("a", "one\ntwo \\ \"three\"", labels: ["t": "a\\b\"c\nd"]) { 1 }

    #expect(
      text(registry) == #"""
        # HELP x_a one\ntwo \\ "three"
        # TYPE x_a gauge
        x_a{t="a\\b\"c\nd"} 1

        """#)
  }

  @Test(
    arguments: [
      (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (0, "0"), (-3, "-3"), (0.1, "0.1"),
      (1e300, "1e+300"),
    ] as [(Double, String)])
  func `every number has a text`(value: Double, expected: String) {
    let registry = MetricsRegistry(prefix: "")
    registry.gauge("a", "A.") { value }

    #expect(text(registry).hasSuffix("\na \(expected)\n"))
  }

  @Test func `the same name and labels are the same metric`() {
    let registry = MetricsRegistry(prefix: "")
    let first = registry.counter("a_total", "A.", labels: ["x": "1"])
    let second = registry.counter("a_total", "A.", labels: ["x": "1"])
    let other = registry.counter("a_total", "A.", labels: ["x": "2"])

    first.add()
    second.add(2)

    #expect(first === second)
    #expect(first.value == 3)
    #expect(other.value == 0)
  }

  @Test func `a gauge registered again is replaced`() {
    let registry = MetricsRegistry(prefix: "")
    registry.gauge("a", "A.") { 1 }
    registry.gauge("a", "A.") { 2 }

    #expect(text(registry).hasSuffix("gauge\na 2\n"))
  }

  @Test func `a counter never goes back`() {
    let counter = MetricsRegistry().counter("a_total", "A.")
    counter.add(5)
    counter.add(-3)

    #expect(counter.value == 5)
  }

  @Test func `values above the last bound and far above it are counted`() {
    let histogram = MetricsRegistry().histogram("a", "A.", .amount)
    for value in [-1, 0, 1, 2, 3, 1 << 20, 1 << 20 + 1, Int.max] { histogram.observe(value) }

    #expect(histogram.counts.first == 3)
    #expect(histogram.counts[1...2] == [1, 1])
    #expect(histogram.counts[20] == 1)
    #expect(histogram.counts.last == 2)
  }

  @Test func `nothing that several threads count is lost`() async {
    let registry = MetricsRegistry()
    let counter = registry.counter("a_total", "A.")
    let histogram = registry.histogram("b", "B.", .bytes)

    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for value in 0..<10_000 {
            counter.add()
            histogram.observe(value)
          }
        }
      }
    }

    #expect(counter.value == 40_000)
    #expect(histogram.counts.reduce(0, +) == 40_000)
    #expect(histogram.total == 4 * 49_995_000)
  }

  @Test func `a mistake in a registration traps`() async {
    await #expect(processExitsWith: .failure) {
      _ = MetricsRegistry().counter("a", "A counter without its suffix.")
    }
    await #expect(processExitsWith: .failure) {
      MetricsRegistry().gauge("a-b", "A name that Prometheus refuses.") { 0 }
    }
    await #expect(processExitsWith: .failure) {
      let registry = MetricsRegistry()
      registry.gauge("a", "A.") { 0 }
      _ = registry.histogram("a", "A.", .bytes)
    }
  }
}
