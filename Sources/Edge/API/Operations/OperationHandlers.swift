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
    call.json(JSONWriter.object { _ in })
  }

  /// `GET /brokers`.
  static func brokers(_ call: Call) async throws(Refusal) -> Response {
    try call.allow(.describe, .cluster)
    return call.json(
      JSONWriter.object { json in json.array("brokers") { json in json.integer(1) } })
  }

  /// `GET /healthz`: the process answers.
  static func health(_ call: Call) async throws(Refusal) -> Response {
    call.json(JSONWriter.object { json in json.member("status", "ok") })
  }

  /// `GET /readyz`: 503 when a durable produce cannot be acknowledged, else 200 with what is wrong
  /// all the same.
  static func ready(_ call: Call) async throws(Refusal) -> Response {
    let health = call.context.store.health
    let isReady = health.canAcknowledge && !call.loop.isStopping
    let json = JSONWriter.object { json in
      json.member("status", isReady ? "ready" : "unavailable")
      json.array("problems", of: health.problems)
    }
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
    let settings = call.context.settings
    let stated = call.context.store.capabilities
    let known = Set(stated.map(\.name))
    let later = Later.features.filter { !known.contains($0.name) }.map {
      Capability($0.name, .no("It comes in a later version."))
    }
    return call.json(
      JSONWriter.object { json in
        json.member("product", "curlew")
        json.member("version", settings.version)
        json.member("store", settings.storeName)
        json.member("cluster_id", settings.clusterID)
        json.object("features") { json in
          for capability in stated + later { write(capability, &json) }
        }
      })
  }

  private static func write(_ capability: Capability, _ json: inout JSONWriter) {
    json.name(text: capability.name)
    json.object { json in
      switch capability.support {
      case .yes: json.member("supported", true)
      case .no(let reason):
        json.member("supported", false)
        json.member("reason", reason)
      case .limited(let reason):
        json.member("supported", "limited")
        json.member("reason", reason)
      }
    }
  }
}
