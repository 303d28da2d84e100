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
    guard isDetailed else {
      return call.json(
        JSONWriter.array { json in for topic in visible { json.string(topic.name.text) } })
    }
    var details: [JSONWriter] = []
    for topic in visible {
      if let detail = try detail(of: topic, call.context.store) { details.append(detail) }
    }
    return call.json(
      JSONWriter.array { json in for detail in details { json.raw(detail.bytes.span) } })
  }

  /// A topic in detail; `nil` where it was deleted since the list of topics was taken.
  private static func detail(
    of topic: Topic, _ store: any EventStore
  ) throws(Refusal) -> JSONWriter? {
    do throws(Refusal) {
      return try TopicJSON.detail(topic, store)
    } catch {
      if case .store(.unknownTopic) = error { return nil }
      throw error
    }
  }

  /// `GET /topics/{topic}`.
  static func get(_ call: Call) async throws(Refusal) -> Response {
    let isDetailed = try call.flag("detail")
    let topic = try call.topic(.describe)
    return call.json(
      try isDetailed ? TopicJSON.detail(topic, call.context.store) : TopicJSON.v2(topic))
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
    PartitionJSON.v2(partition, &json)
    return call.json(json)
  }

  /// `GET /topics/{topic}/partitions/{partition}/offsets`.
  static func partitionOffsets(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.topic(.describe)
    let partition = try call.partition(of: topic)
    let range = try Lanes(call.context, call.loop).range(of: topic, partition)
    return call.json(
      JSONWriter.object { json in
        json.member("beginning_offset", range.start)
        json.member("end_offset", range.end)
      })
  }

  /// `POST /topics`.
  static func create(_ call: Call) async throws(Refusal) -> Response {
    let wanted = try TopicDecoding.newTopic(call.object(), defaults: call.context.settings)
    try call.allow(.create, .topic(wanted.name))
    guard !wanted.name.isInternal else { throw .name(.reservedTopicName(wanted.name)) }
    let topic = try await call.create(wanted)
    return call.json(
      try TopicJSON.detail(topic, call.context.store), status: 201,
      headers: [("Location", "/topics/\(topic.name)")])
  }

  /// `PATCH /topics/{topic}`.
  static func alter(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.changeableTopic(.alter)
    let change = try TopicDecoding.change(call.object(), of: topic)
    let altered = try await change.isEmpty ? topic : call.alter(topic, change)
    return call.json(try TopicJSON.detail(altered, call.context.store))
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
