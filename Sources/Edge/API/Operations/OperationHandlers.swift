internal import HTTP
internal import JSON
internal import Model
internal import Store
internal import Telemetry

/// What those who run the server ask it.
enum OperationHandlers {
  /// `GET /`: `{}` for clients of v2, the console for browsers.
  static func root(_ call: Call) async throws(Refusal) -> Response {
    if let page = call.context.settings.rootPage, call.accept.names("text/html") {
      return Response(
        status: 200, headers: [("Content-Type", "text/html; charset=utf-8")], body: .bytes(page))
    }
    return try await empty(call)
  }

  /// `POST /`: `{}`, as v2 has it.
  static func empty(_ call: Call) async throws(Refusal) -> Response {
    var json = JSONWriter()
    json.beginObject()
    json.endObject()
    return call.json(json)
  }

  /// `GET /brokers`.
  static func brokers(_ call: Call) async throws(Refusal) -> Response {
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
  static func health(_ call: Call) async throws(Refusal) -> Response {
    var json = JSONWriter()
    json.beginObject()
    json.name("status")
    json.string("ok")
    json.endObject()
    return call.json(json)
  }

  /// `GET /readyz`: 503 when a durable produce cannot be acknowledged, else 200 with what is wrong
  /// all the same.
  static func ready(_ call: Call) async throws(Refusal) -> Response {
    let health = call.context.store.health
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
    return call.json(
      json, status: isReady ? 200 : 503, headers: isReady ? [] : [("Retry-After", "5")])
  }

  /// `GET /metrics`.
  static func metrics(_ call: Call) async throws(Refusal) -> Response {
    try call.allow(.describe, .cluster)
    return Response(
      status: 200, headers: [("Content-Type", MetricsRegistry.contentType)],
      body: .bytes(call.context.registry.text()))
  }

  /// `GET /capabilities`.
  static func capabilities(_ call: Call) async throws(Refusal) -> Response {
    try call.allow(.describe, .cluster)
    var json = JSONWriter()
    json.beginObject()
    json.name("product")
    json.string("curlew")
    json.name("version")
    json.string(call.context.settings.version)
    json.name("store")
    json.string(call.context.settings.storeName)
    json.name("cluster_id")
    json.string(call.context.settings.clusterID)
    json.name("features")
    json.beginObject()
    for capability in call.context.store.capabilities { write(capability, &json) }
    let known = Set(call.context.store.capabilities.map(\.name))
    for feature in Later.features where !known.contains(feature.name) {
      write(Capability(feature.name, .no("It comes in a later version.")), &json)
    }
    json.endObject()
    json.endObject()
    return call.json(json)
  }

  private static func write(_ capability: Capability, _ json: inout JSONWriter) {
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
