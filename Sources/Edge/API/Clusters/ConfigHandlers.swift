internal import HTTP
internal import JSON
internal import Model
internal import Store

/// `/v3/clusters/{cluster}/topics/{topic}/configs…`: a topic's settings, one by one or several at
/// once.
enum ConfigHandlers {
  /// `GET /v3/clusters/{cluster}/topics/{topic}/configs`.
  static func list(_ call: Call) async throws(Refusal) -> Response {
    let objects = try objects(call)
    let topic = try call.topic(.describe)
    return call.json(objects.configList([topic], at: objects.url(of: topic.name)))
  }

  /// `GET /v3/clusters/{cluster}/topics/-/configs`: of all topics.
  static func listAll(_ call: Call) async throws(Refusal) -> Response {
    let objects = try objects(call)
    let visible = call.context.store.topics().filter {
      !$0.name.isInternal && call.mayDo(.describe, .topic($0.name))
    }
    return call.json(objects.configList(visible, at: objects.urlOfAllTopics))
  }

  /// `GET /v3/clusters/{cluster}/topics/{topic}/configs/{name}`.
  static func get(_ call: Call) async throws(Refusal) -> Response {
    let objects = try objects(call)
    let topic = try call.topic(.describe)
    let name = try name(of: topic, call.request.parameter("name"), call)
    guard let setting = topic.configuration.resolved.first(where: { $0.setting.name == name })
    else { throw unknown(name, topic, call) }
    return call.json(objects.config(setting, of: topic.name))
  }

  /// `PUT /v3/clusters/{cluster}/topics/{topic}/configs/{name}` with `{"value":"…"}`.
  static func put(_ call: Call) async throws(Refusal) -> Response {
    try ClusterHandlers.check(call)
    let topic = try call.changeableTopic(.alter)
    let name = try name(of: topic, call.request.parameter("name"), call)
    let object = try call.object()
    try TopicDecoding.allow(object, ["value"])
    let value = try TopicDecoding.settingText(object["value"] ?? .null, "value")
    guard let value else { throw .body(.missingField("value")) }
    return try await alter(topic, [name: value], call)
  }

  /// `DELETE /v3/clusters/{cluster}/topics/{topic}/configs/{name}`: back to the default.
  static func reset(_ call: Call) async throws(Refusal) -> Response {
    try ClusterHandlers.check(call)
    let topic = try call.changeableTopic(.alter)
    let name = try name(of: topic, call.request.parameter("name"), call)
    return try await alter(topic, [name: nil], call)
  }

  /// `POST /v3/clusters/{cluster}/topics/{topic}/configs:alter`: all of them or none.
  static func alterAll(_ call: Call) async throws(Refusal) -> Response {
    try ClusterHandlers.check(call)
    let topic = try call.changeableTopic(.alter)
    let wanted = try ClusterDecoding.alterConfigs(call.object())
    for setting in wanted.settings.keys.sorted() { _ = try name(of: topic, setting, call) }
    guard !wanted.isDryRun else {
      _ = try TopicDecoding.configuration(wanted.settings, over: topic.configuration)
      return Call.noContent
    }
    return try await alter(topic, wanted.settings, call)
  }

  private static func objects(_ call: Call) throws(Refusal) -> ClusterJSON {
    try ClusterHandlers.check(call)
    return ClusterHandlers.objects(call)
  }

  private static func alter(
    _ topic: Topic, _ settings: [String: String?], _ call: Call
  ) async throws(Refusal) -> Response {
    let after = try TopicDecoding.configuration(settings, over: topic.configuration)
    guard after != topic.configuration else { return Call.noContent }
    _ = try await call.alter(topic, TopicChange(settings: settings))
    return Call.noContent
  }

  /// `text`, which the topic must know as a setting's name.
  private static func name(
    of topic: Topic, _ text: String, _ call: Call
  ) throws(Refusal) -> String {
    // One that another version recorded can still be reset.
    guard topic.configuration.explicit[text] == nil,
      (try? Settings.named(text, .topic)) == nil
    else { return text }
    throw unknown(text, topic, call)
  }

  private static func unknown(_ name: String, _ topic: Topic, _ call: Call) -> Refusal {
    .name(.unknownConfig(name, topic.name, cluster: call.context.settings.clusterID))
  }
}
