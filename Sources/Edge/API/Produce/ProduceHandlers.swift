internal import HTTP
internal import Model
internal import Platform
internal import Store

/// `POST /topics/{topic}` and `POST /topics/{topic}/partitions/{partition}`.
struct ProduceHandlers {
  let context: Context

  func produce(_ call: Call) async throws(Refusal) -> Response {
    let question = try ProduceQuestion(call)
    guard let name = TopicName(question.topicText) else { return try refuseName(question, call) }
    try call.allow(.write, .topic(name))
    guard !name.isInternal else { throw .name(.reservedTopicName(name)) }

    var (topic, assembly) = try await place(question, in: name, call)
    guard !assembly.isEmpty else { return ProduceAnswer.response(assembly, nil, call.family) }
    let entry = Entry(appends: assembly.appends(to: topic), acks: question.acks)
    guard question.acks != .none else { return try forget(entry) }
    let outcome = try await call.loop.append(entry, to: context.store)

    return ProduceAnswer.response(assembly, outcome, call.family)
  }

  /// The topic, made where it may be, and the records placed in it. Nothing is made for a body that is refused.
  private func place(
    _ question: ProduceQuestion, in name: TopicName, _ call: Call
  ) async throws(Refusal) -> (Topic, Assembly) {
    let body = call.request.takeBody()
    let timestamp = context.time.wallMilliseconds
    if let topic = context.store.topic(name) {
      return (topic, try assemble(question, body, topic.shape, timestamp))
    }
    guard context.settings.autoCreate else { throw .store(.unknownTopic(name)) }
    try call.allow(.create, .topic(name))
    let wanted = NewTopic(
      name: name, partitionCount: context.settings.defaultPartitions,
      configuration: TopicConfiguration())
    let assembly = try assemble(question, body, wanted.shape, timestamp)
    let topic = try await made(wanted, call)
    // Somebody else may have made it at the same moment, in another shape.
    guard topic.shape != wanted.shape else { return (topic, assembly) }
    return (topic, try assemble(question, body, topic.shape, timestamp))
  }

  private func made(_ wanted: NewTopic, _ call: Call) async throws(Refusal) -> Topic {
    do throws(Refusal) {
      return try await call.loop.answer { reply in
        context.store.create(wanted, reply: reply)
        return .later
      }
    } catch .store(.topicExists(let name)) {
      guard let topic = context.store.topic(name) else { throw .store(.unknownTopic(name)) }
      return topic
    } catch {
      throw error
    }
  }

  private func assemble(
    _ question: ProduceQuestion, _ body: [UInt8], _ shape: Assembly.Shape, _ timestamp: Timestamp
  ) throws(Refusal) -> Assembly {
    let path = try pathPartition(question, shape)
    var assembly = Assembly(
      shape, sticky: context.stickyPartition(of: shape.partitionCount), now: timestamp,
      expectedBytes: body.count)
    if case .envelope(let form) = question.form {
      guard !body.isEmpty else { throw .body(.empty) }
      try context.scanners.lend { scanner throws(Refusal) in
        var envelope = Envelope(form, try BodyCursor(scanning: body, with: scanner), path: path)
        try envelope.take(into: &assembly)
      }
      return assembly
    }
    var record = question.record
    record.partition = path ?? record.partition
    if let partition = record.partition, partition >= shape.partitionCount {
      throw .name(.recordPartition(Int64(partition), count: shape.partitionCount))
    }
    try record.take(question.form, body, context.scanners, into: &assembly)
    return assembly
  }

  private func pathPartition(
    _ question: ProduceQuestion, _ shape: Assembly.Shape
  ) throws(Refusal) -> Int32? {
    guard let text = question.pathPartition else { return nil }
    guard let partition = Int32(text), partition >= 0, partition < shape.partitionCount else {
      throw .name(.unknownPartition(text))
    }
    return partition
  }

  /// Sends an entry on its way without waiting for what becomes of it.
  private func forget(_ entry: consuming Entry) throws(Refusal) -> Response {
    do throws(StoreError) {
      try context.store.append(entry, reply: Reply { _ in })
    } catch {
      throw .store(error)
    }
    return ProduceAnswer.accepted
  }

  /// A name that no topic can have: v2 says so record by record, as Kafka's own client would.
  private func refuseName(_ question: ProduceQuestion, _ call: Call) throws(Refusal) -> Response {
    let fault: InvalidTopicName
    do throws(InvalidTopicName) {
      _ = try TopicName(validating: question.topicText)
      preconditionFailure("a legal name was taken for an illegal one")
    } catch {
      fault = error
    }
    guard case .envelope = question.form else { throw .name(.invalidTopicName(fault)) }
    let shape = Assembly.Shape(partitionCount: 1, maxMessageBytes: .max)
    var assembly = try assemble(question, call.request.takeBody(), shape, 0)
    assembly.refuseAll(.name(.invalidTopicName(fault)))
    return ProduceAnswer.response(assembly, nil, call.family)
  }
}

extension Topic {
  /// What placing records needs to know of it.
  var shape: Assembly.Shape {
    Assembly.Shape(partitionCount: partitionCount, maxMessageBytes: configuration.maxMessageBytes)
  }
}

extension NewTopic {
  /// What placing records needs to know of it.
  var shape: Assembly.Shape {
    Assembly.Shape(partitionCount: partitionCount, maxMessageBytes: configuration.maxMessageBytes)
  }
}
