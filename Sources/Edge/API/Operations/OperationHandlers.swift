internal import HTTP
internal import JSON
internal import Model
internal import Store
internal import Telemetry

/// What those who run the server ask it.
struct OperationHandlers {
  let context: Context
  let registry: MetricsRegistry

  /// `GET /`: `{}` for clients of v2, the console for browsers.
  func root(_ call: Call) async throws(Refusal) -> Response {
    if let page = context.settings.rootPage, call.accept.names("text/html") {
      return Response(
        status: 200, headers: [("Content-Type", "text/html; charset=utf-8")], body: .bytes(page))
    }
    return try await empty(call)
  }

  /// `POST /`: `{}`, as v2 has it.
  func empty(_ call: Call) async throws(Refusal) -> Response {
    var json = JSONWriter()
    json.beginObject()
    json.endObject()
    return call.json(json)
  }

  /// `GET /brokers`.
  func brokers(_ call: Call) async throws(Refusal) -> Response {
    try call.allow(.describe, .cluster)
    var json = JSONWriter()
    json.beginObject()
    json.name("brokers")
    json.beginArray()
    json.integer(1)
    json.endArray()
    json.endObject()
    return call.json(json)
  }

  /// `GET /healthz`: the process answers.
  func health(_ call: Call) async throws(Refusal) -> Response {
    var json = JSONWriter()
    json.beginObject()
    json.name("status")
    json.string("ok")
    json.endObject()
    return call.json(json)
  }

  /// `GET /readyz`: 503 when a durable produce cannot be acknowledged, else 200 with what is wrong all the same.
  func ready(_ call: Call) async throws(Refusal) -> Response {
    let health = context.store.health
    let isReady = health.canAcknowledge && !call.loop.isStopping
    var json = JSONWriter()
    json.beginObject()
    json.name("status")
    json.string(isReady ? "ready" : "unavailable")
    json.name("problems")
    json.beginArray()
    for problem in health.problems { json.string(problem) }
    json.endArray()
    json.endObject()
    return call.json(json, status: isReady ? 200 : 503, headers: isReady ? [] : [("Retry-After", "5")])
  }

  /// `GET /metrics`.
  func metrics(_ call: Call) async throws(Refusal) -> Response {
    try call.allow(.describe, .cluster)
    return Response(
      status: 200, headers: [("Content-Type", MetricsRegistry.contentType)],
      body: .bytes(registry.text()))
  }

  /// `GET /capabilities`.
  func capabilities(_ call: Call) async throws(Refusal) -> Response {
    try call.allow(.describe, .cluster)
    var json = JSONWriter()
    json.beginObject()
    json.name("product")
    json.string("curlew")
    json.name("version")
    json.string(context.settings.version)
    json.name("store")
    json.string(context.settings.storeName)
    json.name("cluster_id")
    json.string(context.settings.clusterID)
    json.name("features")
    json.beginObject()
    for capability in context.store.capabilities { write(capability, &json) }
    let known = Set(context.store.capabilities.map(\.name))
    for feature in Later.features where !known.contains(feature.name) {
      write(Capability(feature.name, .no("It comes in a later version.")), &json)
    }
    json.endObject()
    json.endObject()
    return call.json(json)
  }

  private func write(_ capability: Capability, _ json: inout JSONWriter) {
    json.name(text: capability.name)
    json.beginObject()
    json.name("supported")
    switch capability.support {
    case .yes: json.bool(true)
    case .no(let reason):
      json.bool(false)
      json.name("reason")
      json.string(reason)
    case .limited(let reason):
      json.string("limited")
      json.name("reason")
      json.string(reason)
    }
    json.endObject()
  }
}
