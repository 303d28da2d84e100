internal import HTTP
internal import Model
internal import Store

/// `/v3/clusters…`: the one cluster, and its topics.
enum ClusterHandlers {
  /// `GET /v3/clusters`.
  static func list(_ call: Call) async throws(Refusal) -> Response {
    try call.allow(.describe, .cluster)
    return call.json(objects(call).clusterList())
  }

  /// `GET /v3/clusters/{cluster}`.
  static func get(_ call: Call) async throws(Refusal) -> Response {
    try check(call)
    try call.allow(.describe, .cluster)
    return call.json(objects(call).clusterObject())
  }

  /// `GET /v3/clusters/{cluster}/topics`.
  static func topics(_ call: Call) async throws(Refusal) -> Response {
    try check(call)
    let showsOperations = try call.flag("includeAuthorizedOperations")
    let visible = call.context.store.topics().filter {
      !$0.name.isInternal && call.mayDo(.describe, .topic($0.name))
    }
    let rows = visible.map { ($0, showsOperations ? operations($0.name, call) : []) }
    return call.json(objects(call).topicList(rows))
  }

  /// `POST /v3/clusters/{cluster}/topics`.
  static func create(_ call: Call) async throws(Refusal) -> Response {
    try check(call)
    let wanted = try ClusterDecoding.createTopic(call.object(), defaults: call.context.settings)
    let name = wanted.topic.name
    try call.allow(.create, .topic(name))
    guard !name.isInternal else { throw .name(.reservedTopicName(name)) }
    let objects = objects(call)
    guard !wanted.isDryRun else {
      guard call.context.store.topic(name) == nil else { throw .store(.topicExists(name)) }
      return call.json(objects.topic(name, partitions: wanted.topic.partitionCount, []))
    }
    let topic = try await call.create(wanted.topic)
    return call.json(
      objects.topic(name, partitions: topic.partitionCount, []), status: 201,
      headers: [("Location", objects.url(of: name))])
  }

  /// `GET /v3/clusters/{cluster}/topics/{topic}`.
  static func topic(_ call: Call) async throws(Refusal) -> Response {
    try check(call)
    let showsOperations = try call.flag("include_authorized_operations")
    let topic = try call.topic(.describe)
    return call.json(
      objects(call).topic(
        topic.name, partitions: topic.partitionCount,
        showsOperations ? operations(topic.name, call) : []))
  }

  /// `PATCH /v3/clusters/{cluster}/topics/{topic}`.
  static func alter(_ call: Call) async throws(Refusal) -> Response {
    try check(call)
    let topic = try call.changeableTopic(.alter)
    let change = TopicChange(partitionCount: try ClusterDecoding.partitionCount(call.object()))
    let altered = try await call.alter(topic, change)
    return call.json(objects(call).topic(altered.name, partitions: altered.partitionCount, []))
  }

  /// `DELETE /v3/clusters/{cluster}/topics/{topic}`.
  static func delete(_ call: Call) async throws(Refusal) -> Response {
    try check(call)
    let topic = try call.changeableTopic(.delete)
    try await call.delete(topic)
    return Call.noContent
  }

  static func check(_ call: Call) throws(Refusal) {
    let id = call.request.parameter("cluster")
    guard id == call.context.settings.clusterID else { throw .name(.unknownCluster(id)) }
  }

  private static func operations(_ name: TopicName, _ call: Call) -> [Operation] {
    Operation.allCases.filter { call.mayDo($0, .topic(name)) }
  }

  /// Links begin as the caller's own request did: with its host, and behind `/kafka` where it came
  /// that way.
  static func objects(_ call: Call) -> ClusterJSON {
    let host = call.request.header("Host") ?? call.context.settings.authority
    let prefix = call.request.path.hasPrefix("/kafka/") ? "/kafka" : ""
    return ClusterJSON(
      base: "http://\(host)\(prefix)/v3/clusters", clusterID: call.context.settings.clusterID)
  }
}
