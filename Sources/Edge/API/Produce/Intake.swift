internal import HTTP
internal import Model
internal import Platform
internal import Store

/// The body of one produce, on its way into batches.
struct Intake {
  private let question: ProduceQuestion
  private let call: Call
  private let body: [UInt8]
  /// The time of every record that has none of its own.
  private let now: Timestamp

  init(_ question: ProduceQuestion, _ call: Call) {
    self.question = question
    self.call = call
    body = call.request.takeBody()
    now = call.context.time.wallMilliseconds
  }

  /// The records, placed in a topic of `shape`.
  func assemble(for shape: Assembly.Shape) throws(Refusal) -> Assembly {
    let path = try pathPartition(shape)
    var assembly = Assembly(
      shape, sticky: call.context.stickyPartition(of: shape.partitionCount), now: now,
      expectedBytes: body.count)
    if case .envelope(let form) = question.form {
      guard !body.isEmpty else { throw .body(.empty) }
      try call.context.scanners.lend { scanner throws(Refusal) in
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
    try record.take(question.form, body, call.context.scanners, into: &assembly)
    return assembly
  }

  /// What placing records needs to know of `topic`.
  func shape(of topic: Topic) -> Assembly.Shape {
    Assembly.Shape(topic.partitionCount, topic.configuration, now: now)
  }

  /// A topic of that name, made where it may be, and the records placed in it. Nothing is made for
  /// a body that is refused.
  func assemble(making name: TopicName) async throws(Refusal) -> (Topic, Assembly) {
    let settings = call.context.settings
    guard settings.autoCreate else { throw .store(.unknownTopic(name)) }
    try call.allow(.create, .topic(name))
    let wanted = NewTopic(
      name: name, partitionCount: settings.defaultPartitions,
      configuration: TopicConfiguration())
    let shape = Assembly.Shape(wanted.partitionCount, wanted.configuration, now: now)
    let assembly = try assemble(for: shape)
    let topic = try await made(wanted)
    // Somebody else may have made it at the same moment, in another shape.
    let actual = self.shape(of: topic)
    guard actual != shape else { return (topic, assembly) }
    return (topic, try assemble(for: actual))
  }

  private func made(_ wanted: NewTopic) async throws(Refusal) -> Topic {
    do throws(Refusal) {
      return try await call.create(wanted)
    } catch .store(.topicExists(let name)) {
      guard let topic = call.context.store.topic(name) else { throw .store(.unknownTopic(name)) }
      return topic
    } catch {
      throw error
    }
  }

  private func pathPartition(_ shape: Assembly.Shape) throws(Refusal) -> Int32? {
    guard let text = question.pathPartition else { return nil }
    guard let partition = Int32(text), partition >= 0, partition < shape.partitionCount else {
      throw .name(.unknownPartition(text))
    }
    return partition
  }

  /// Answers for a name that no topic can have: v2 says so record by record, as Kafka's own client
  /// would.
  func refuseName() throws(Refusal) -> Response {
    let fault: InvalidTopicName
    do throws(InvalidTopicName) {
      _ = try TopicName(validating: question.topicText)
      preconditionFailure("a legal name was taken for an illegal one")
    } catch {
      fault = error
    }
    guard case .envelope = question.form else { throw .name(.invalidTopicName(fault)) }
    var assembly = try assemble(
      for: Assembly.Shape(partitionCount: 1, maxMessageBytes: .max, timestamps: .min ... .max))
    assembly.refuseAll(.name(.invalidTopicName(fault)))
    return ProduceAnswer.response(assembly.places, nil, call.family)
  }
}

extension Assembly.Shape {
  /// What placing records needs to know of a topic of these properties, at the time `now`.
  init(_ partitionCount: Int32, _ configuration: TopicConfiguration, now: Timestamp) {
    let (earliest, isBeforeAll) = now.subtractingReportingOverflow(
      configuration.timestampBeforeMaxMilliseconds)
    let (latest, isBehindAll) = now.addingReportingOverflow(
      configuration.timestampAfterMaxMilliseconds)
    let isKept = configuration.timestampType == .createTime
    self.init(
      partitionCount: partitionCount, maxMessageBytes: configuration.maxMessageBytes,
      timestamps: isKept
        ? (isBeforeAll ? .min : earliest)...(isBehindAll ? .max : latest) : .min ... .max)
  }
}
