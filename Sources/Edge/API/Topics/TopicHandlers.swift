internal import HTTP
internal import JSON
internal import Model
internal import Store

/// `/topics` in the words of v2, and our own beside them.
enum TopicHandlers {
  /// `GET /topics`.
  static func list(_ call: Call) async throws(Refusal) -> Response {
    let isDetailed = try call.flag("detail")
    let showsInternal = try call.flag("internal")
    let visible = call.context.store.topics().filter { topic in
      (showsInternal || !topic.name.isInternal)
        && call.mayDo(.describe, .topic(topic.name))
    }
    var json = JSONWriter()
    json.beginArray()
    for topic in visible {
      if isDetailed {
        try TopicJSON.detail(topic, call.context.store, &json)
      } else {
        json.string(topic.name.text)
      }
    }
    json.endArray()
    return call.json(json)
  }

  /// `GET /topics/{topic}`.
  static func get(_ call: Call) async throws(Refusal) -> Response {
    let isDetailed = try call.flag("detail")
    let topic = try call.topic(.describe)
    guard isDetailed else { return call.json(TopicJSON.v2(topic)) }
    var json = JSONWriter()
    try TopicJSON.detail(topic, call.context.store, &json)
    return call.json(json)
  }

  /// `GET /topics/{topic}/partitions`.
  static func partitions(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.topic(.describe)
    var json = JSONWriter()
    TopicJSON.v2Partitions(topic, &json)
    return call.json(json)
  }

  /// `GET /topics/{topic}/partitions/{partition}`.
  static func partition(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.topic(.describe)
    let partition = try call.partition(of: topic)
    var json = JSONWriter()
    TopicJSON.v2Partition(partition, &json)
    return call.json(json)
  }

  /// `GET /topics/{topic}/partitions/{partition}/offsets`.
  static func partitionOffsets(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.topic(.describe)
    let partition = try call.partition(of: topic)
    let range = try Lanes(call.context, call.loop).range(of: topic, partition)
    var json = JSONWriter()
    json.beginObject()
    json.name("beginning_offset")
    json.integer(range.start)
    json.name("end_offset")
    json.integer(range.end)
    json.endObject()
    return call.json(json)
  }

  /// `POST /topics`.
  static func create(_ call: Call) async throws(Refusal) -> Response {
    let wanted = try TopicDecoding.newTopic(call.object(), defaults: call.context.settings)
    try call.allow(.create, .topic(wanted.name))
    guard !wanted.name.isInternal else { throw .name(.reservedTopicName(wanted.name)) }
    let topic = try await call.create(wanted)
    var json = JSONWriter()
    try TopicJSON.detail(topic, call.context.store, &json)
    let location = "/topics/\(topic.name.text)"
    return call.json(json, status: 201, headers: [("Location", location)])
  }

  /// `PATCH /topics/{topic}`.
  static func alter(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.changeableTopic(.alter)
    let change = try TopicDecoding.change(call.object(), of: topic)
    let altered = try await change.isEmpty ? topic : call.alter(topic, change)
    var json = JSONWriter()
    try TopicJSON.detail(altered, call.context.store, &json)
    return call.json(json)
  }

  /// `DELETE /topics/{topic}`.
  static func delete(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.changeableTopic(.delete)
    try await call.delete(topic)
    return Call.noContent
  }
}

extension Call {
  /// Makes a topic and waits until it is durable.
  func create(_ wanted: NewTopic) async throws(Refusal) -> Topic {
    let store = context.store
    return try await loop.answer { reply in
      store.create(wanted, reply: reply)
      return .later
    }
  }

  /// Changes a topic and waits until that is durable.
  func alter(_ topic: Topic, _ change: TopicChange) async throws(Refusal) -> Topic {
    let store = context.store
    return try await loop.answer { reply in
      store.alter(topic.name, change, reply: reply)
      return .later
    }
  }

  /// Removes a topic and waits until its removal is durable.
  func delete(_ topic: Topic) async throws(Refusal) {
    let store = context.store
    let _: Void = try await loop.answer { reply in
      store.delete(topic.name, reply: reply)
      return .later
    }
  }

  /// The topic that the path names, unless it is one of the product's own.
  func changeableTopic(_ operation: Operation) throws(Refusal) -> Topic {
    let topic = try topic(operation)
    guard !topic.name.isInternal else { throw .name(.reservedTopicName(topic.name)) }
    return topic
  }

  /// The body as a JSON object.
  func object() throws(Refusal) -> JSONObject {
    guard !request.body.isEmpty else { throw .body(.empty) }
    do throws(JSONFault) {
      return try JSONValue.parse(request.takeBody()).object()
    } catch {
      throw .body(.json(error))
    }
  }
}
