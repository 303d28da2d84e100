internal import Model
internal import Platform
internal import Store
internal import Synchronization
internal import Telemetry

/// What the API counts. The names are Kafka's, as its exporters write them, behind our own prefix.
final class APIMetrics: Sendable {
  /// How many callers wait for records.
  let longPolls = Gauge()
  /// Bytes of bodies that came.
  let bytesIn: Counter
  /// Bytes of bodies that went.
  let bytesOut: Counter
  private let registry: MetricsRegistry
  private let routes = Lock<[(request: String, counts: StatusCounts)]>([])

  /// A number that goes up and down.
  final class Gauge: Sendable {
    private let number = Atomic<Int>(0)
    func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }
    var value: Int { number.load(ordering: .relaxed) }
  }

  /// What one route counts.
  final class RouteMetrics: Sendable {
    let counts = StatusCounts()
    let latency: Histogram

    fileprivate init(_ latency: Histogram) { self.latency = latency }
  }

  init(_ registry: MetricsRegistry, store: any EventStore) {
    self.registry = registry
    bytesIn = registry.counter(
      "server_brokertopicmetrics_bytesin_total", "Bytes of request bodies.")
    bytesOut = registry.counter(
      "server_brokertopicmetrics_bytesout_total", "Bytes of answers' bodies.")
    registerRequests()
    registerTopics(store)
    registerNode(store)
  }

  /// The metrics of the route `request`: `GET /topics/{topic}`.
  func route(_ request: String) -> RouteMetrics {
    let latency = registry.histogram(
      "network_requestmetrics_totaltime_seconds",
      "Time from a request's first line to its answer.", .seconds, labels: ["request": request])
    let metrics = RouteMetrics(latency)
    routes.withLock { $0.append((request, metrics.counts)) }
    return metrics
  }

  private func registerRequests() {
    registry.collect(
      "network_requestmetrics_requests_total", "Requests by route and status.", .counter
    ) { [weak self] samples in
      for (request, counts) in self?.routes.withLock({ $0 }) ?? [] {
        for (status, count) in counts.seen {
          samples.add(Double(count), ["request": request, "status": status])
        }
      }
    }
    registry.gauge("longpoll_waiting", "Callers that wait for records.") { [longPolls] in
      Double(longPolls.value)
    }
    registry.gauge(
      "server_delayedoperationpurgatory_purgatorysize", "Callers that wait.",
      labels: ["delayedoperation": "Fetch"]
    ) { [longPolls] in Double(longPolls.value) }
  }

  private func registerTopics(_ store: any EventStore) {
    registry.collect(
      "server_brokertopicmetrics_messagesin_total", "Records ever appended to a topic.", .counter
    ) { samples in
      for topic in store.topics() {
        let count = (0..<topic.partitionCount).reduce(0.0) { sum, partition in
          sum + Double((try? store.range(of: topic, partition: partition).end) ?? 0)
        }
        samples.add(count, ["topic": topic.name.text])
      }
    }
    collect("log_log_logendoffset", "One past the last durable offset.", store) {
      topic, partition in
      (try? store.range(of: topic, partition: partition)).map { Double($0.end) }
    }
    collect("log_log_logstartoffset", "The first offset that is there.", store) {
      topic, partition in
      (try? store.range(of: topic, partition: partition)).map { Double($0.start) }
    }
    collect("log_log_size", "Bytes in segment files.", store) { topic, partition in
      Double(store.size(of: topic, partition: partition).bytes)
    }
    collect("log_log_numlogsegments", "Segment files.", store) { topic, partition in
      Double(store.size(of: topic, partition: partition).segments)
    }
  }

  private func collect(
    _ name: String, _ help: String, _ store: any EventStore,
    _ value: @escaping @Sendable (Topic, Int32) -> Double?
  ) {
    registry.collect(name, help, .gauge) { samples in
      for topic in store.topics() {
        for partition in 0..<topic.partitionCount {
          guard let value = value(topic, partition) else { continue }
          samples.add(value, ["topic": topic.name.text, "partition": String(partition)])
        }
      }
    }
  }

  /// What dashboards for clusters look at, with the values that one node has.
  private func registerNode(_ store: any EventStore) {
    let partitions: @Sendable () -> Double = {
      Double(store.topics().reduce(0) { $0 + Int($1.partitionCount) })
    }
    registry.gauge("server_replicamanager_partitioncount", "Partitions here.", partitions)
    registry.gauge("server_replicamanager_leadercount", "Partitions led here.", partitions)
    registry.gauge("controller_kafkacontroller_globalpartitioncount", "Partitions.", partitions)
    registry.gauge("controller_kafkacontroller_globaltopiccount", "Topics.") {
      Double(store.topics().count)
    }
    registry.gauge("controller_kafkacontroller_activecontrollercount", "Controllers.") { 1 }
    for name in [
      "server_replicamanager_underreplicatedpartitions",
      "server_replicamanager_underminisrpartitioncount",
      "server_replicamanager_offlinereplicacount",
      "controller_kafkacontroller_offlinepartitionscount",
    ] {
      registry.gauge(name, "Always 0: there is one replica, and it is this node.") { 0 }
    }
  }
}
