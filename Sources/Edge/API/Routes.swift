internal import HTTP
internal import Model
internal import Platform
internal import Store
internal import Telemetry

/// The table of all routes, in the order of the OpenAPI file.
struct Routes {
  private let context: Context
  private let operations: OperationHandlers
  private let topics: TopicHandlers
  private let produce: ProduceHandlers
  private let reads: ReadHandlers
  private let records: RecordHandlers
  private let clusters: ClusterHandlers

  /// What answers one route.
  typealias Handler = @Sendable (Call) async throws(Refusal) -> Response

  init(_ context: Context, _ registry: MetricsRegistry) {
    self.context = context
    operations = OperationHandlers(context: context, registry: registry)
    topics = TopicHandlers(context: context)
    produce = ProduceHandlers(context: context)
    reads = ReadHandlers(context: context)
    records = RecordHandlers(context: context)
    clusters = ClusterHandlers(context: context)
  }

  var table: [Route] {
    let partition = "/topics/{topic}/partitions/{partition}"
    return [
      route(.get, "/", .v2, operations.root),
      route(.post, "/", .v2, operations.empty),
      route(.get, "/brokers", .v2, operations.brokers),

      route(.get, "/topics", .v2UnlessDetail, topics.list),
      route(.post, "/topics", .native, topics.create),
      route(.get, "/topics/{topic}", .v2UnlessDetail, topics.get),
      route(.post, "/topics/{topic}", .byContentType, produce.produce),
      route(.patch, "/topics/{topic}", .native, topics.alter),
      route(.delete, "/topics/{topic}", .native, topics.delete),
      route(.get, "/topics/{topic}/offsets", .native, records.offsets),
      route(.get, "/topics/{topic}/partitions", .v2, topics.partitions),
      route(.get, partition, .v2, topics.partition),
      route(.post, partition, .byContentType, produce.produce),
      route(.get, partition + "/offsets", .v2, topics.partitionOffsets),

      route(.get, "/topics/{topic}/records", .either, reads.topic),
      route(.get, "/records", .either, reads.topics),
      route(.get, partition + "/records", .either, reads.partition),
      later(.delete, partition + "/records", "deleting records"),
      route(.get, partition + "/records/{offset}", .native, records.raw),
      later(.get, "/topics/{topic}/keys/{key}", "reading by key"),
      later(.delete, "/topics/{topic}/keys/{key}", "deleting by key"),

      route(.get, "/v3/clusters", .v3, clusters.list),
      route(.get, "/v3/clusters/{cluster}", .v3, clusters.get),
      route(.get, "/v3/clusters/{cluster}/topics", .v3, clusters.topics),
      route(.post, "/v3/clusters/{cluster}/topics", .v3, clusters.create),
      route(.get, "/v3/clusters/{cluster}/topics/{topic}", .v3, clusters.topic),
      route(.patch, "/v3/clusters/{cluster}/topics/{topic}", .v3, clusters.alter),
      route(.delete, "/v3/clusters/{cluster}/topics/{topic}", .v3, clusters.delete),

      route(.get, "/capabilities", .native, operations.capabilities),
      route(.get, "/healthz", .native, operations.health),
      route(.get, "/readyz", .native, operations.ready),
      route(.get, "/metrics", .native, operations.metrics),
    ]
  }

  /// A route whose refusals are answered in the words of its family, and which is counted.
  private func route(
    _ method: Method, _ pattern: String, _ dialect: Dialect, _ handler: @escaping Handler
  ) -> Route {
    let context = context
    let metrics = context.metrics.route("\(method.rawValue) \(pattern)")
    let hasBody = method == .post || method == .patch || method == .put
    return Route(method, pattern, body: hasBody ? .whole : .none) { request in
      if hasBody { context.metrics.bytesIn.add(request.body.count) }
      let call = Call(request: request, context: context, family: dialect.family(of: request))
      let response = await Self.answer(call, handler)
      if case .bytes(let bytes) = response.body { context.metrics.bytesOut.add(bytes.count) }
      metrics.counts.count(response.status)
      metrics.latency.observe(nanoseconds: (context.time.now - request.receivedAt).nanoseconds)
      return response
    }
  }

  private static func answer(_ call: Call, _ handler: Handler) async -> Response {
    do throws(Refusal) { return try await handler(call) } catch { return call.refuse(error) }
  }

  /// A route that a later version answers.
  private func later(_ method: Method, _ pattern: String, _ feature: String) -> Route {
    route(method, pattern, .native) { _ throws(Refusal) in throw .request(.later(feature)) }
  }
}
