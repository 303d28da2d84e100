internal import HTTP
internal import Platform
internal import Store
internal import Telemetry

/// The table of all routes, in the order of the OpenAPI file.
struct Routes {
  private let context: Context
  /// What answers one route.
  typealias Handler = @Sendable (Call) async throws(Refusal) -> Response

  init(_ context: Context) { self.context = context }

  var table: [Route] {
    let partition = "/topics/{topic}/partitions/{partition}"
    let configs = "/v3/clusters/{cluster}/topics/{topic}/configs"
    return [
      route(.get, "/", .v2, isJSON: false, OperationHandlers.root),
      route(.post, "/", .v2, OperationHandlers.empty),
      route(.get, "/brokers", .v2, OperationHandlers.brokers),

      route(.get, "/topics", .v2UnlessDetail, TopicHandlers.list),
      route(.post, "/topics", .native, TopicHandlers.create),
      route(.get, "/topics/{topic}", .v2UnlessDetail, TopicHandlers.get),
      direct(.post, "/topics/{topic}", .byContentType, ProduceHandlers.produce),
      route(.patch, "/topics/{topic}", .native, TopicHandlers.alter),
      route(.delete, "/topics/{topic}", .native, TopicHandlers.delete),
      route(.get, "/topics/{topic}/offsets", .native, RecordHandlers.offsets),
      route(.get, "/topics/{topic}/partitions", .v2, TopicHandlers.partitions),
      route(.get, partition, .v2, TopicHandlers.partition),
      direct(.post, partition, .byContentType, ProduceHandlers.produce),
      route(.get, partition + "/offsets", .v2, TopicHandlers.partitionOffsets),

      route(.get, "/topics/{topic}/records", .either, isJSON: false, ReadHandlers.topic),
      route(.get, "/records", .either, isJSON: false, ReadHandlers.topics),
      route(.get, partition + "/records", .either, isJSON: false, ReadHandlers.partition),
      route(.delete, partition + "/records", .native, RecordDeletion.before),
      route(.get, partition + "/records/{offset}", .native, isJSON: false, RecordHandlers.raw),
      later(.get, "/topics/{topic}/keys/{key}", "reading by key"),
      later(.delete, "/topics/{topic}/keys/{key}", "deleting by key"),

      route(.get, "/v3/clusters", .v3, ClusterHandlers.list),
      route(.get, "/v3/clusters/{cluster}", .v3, ClusterHandlers.get),
      route(.get, "/v3/clusters/{cluster}/topics", .v3, ClusterHandlers.topics),
      route(.post, "/v3/clusters/{cluster}/topics", .v3, ClusterHandlers.create),
      route(.get, "/v3/clusters/{cluster}/topics/{topic}", .v3, ClusterHandlers.topic),
      route(.patch, "/v3/clusters/{cluster}/topics/{topic}", .v3, ClusterHandlers.alter),
      route(.delete, "/v3/clusters/{cluster}/topics/{topic}", .v3, ClusterHandlers.delete),
      route(.get, "/v3/clusters/{cluster}/topics/-/configs", .v3, ConfigHandlers.listAll),
      route(.get, configs, .v3, ConfigHandlers.list),
      route(.get, configs + "/{name}", .v3, ConfigHandlers.get),
      route(.put, configs + "/{name}", .v3, ConfigHandlers.put),
      route(.delete, configs + "/{name}", .v3, ConfigHandlers.reset),
      route(.post, configs + ":alter", .v3, ConfigHandlers.alterAll),

      route(.get, "/capabilities", .native, OperationHandlers.capabilities),
      route(.get, "/healthz", .native, isJSON: false, OperationHandlers.health),
      route(.get, "/readyz", .native, isJSON: false, OperationHandlers.ready),
      route(.get, "/metrics", .native, isJSON: false, OperationHandlers.metrics),
    ]
  }

  /// A route whose refusals are answered in the words of its family, and which is counted. One that
  /// answers more than JSON looks itself at what the caller takes.
  private func route(
    _ method: Method, _ pattern: String, _ dialect: Dialect, isJSON: Bool = true,
    _ handler: @escaping Handler
  ) -> Route {
    let context = context
    let metrics = context.metrics.route("\(method.rawValue) \(pattern)")
    let hasBody = method == .post || method == .patch || method == .put
    return Route(method, pattern, body: hasBody ? .whole : .none) { request in
      if hasBody { context.metrics.bytesIn.add(request.body.count) }
      let call = Call(request, context, dialect)
      let response = await Self.answer(call, isJSON, handler)
      metrics.note(response, to: call)
      return response
    }
  }

  /// A route as `route` makes it, whose handler has no task. What is still parked when the server
  /// ends may have been done or not.
  private func direct(
    _ method: Method, _ pattern: String, _ dialect: Dialect,
    _ handler: @escaping @Sendable (Call, Answering) throws(Refusal) -> Void
  ) -> Route {
    let context = context
    let metrics = context.metrics.route("\(method.rawValue) \(pattern)")
    return Route(method, pattern) { request, responder in
      context.metrics.bytesIn.add(request.body.count)
      let call = Call(request, context, dialect)
      let answering = Answering(call, metrics, responder)
      do throws(Refusal) {
        try call.requireJSON()
        try handler(call, answering)
      } catch {
        answering.refuse(error)
      }
    } lost: { request in
      Call(request, context, dialect).refuse(.store(.commitUnknown))
    }
  }

  private static func answer(
    _ call: Call, _ isJSON: Bool, _ handler: Handler
  ) async -> Response {
    do throws(Refusal) {
      if isJSON { try call.requireJSON() }
      return try await handler(call)
    } catch {
      return call.refuse(error)
    }
  }

  /// A route that a later version answers.
  private func later(_ method: Method, _ pattern: String, _ feature: String) -> Route {
    route(method, pattern, .native, isJSON: false) { _ throws(Refusal) in
      throw .request(.later(feature))
    }
  }
}
