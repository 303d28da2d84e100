internal import HTTP
internal import Model
internal import Platform
internal import Store

/// A request on its way through a handler: what is asked, in whose words the answer is given, and
/// who asks.
final class Call: Sendable {
  /// The request.
  let request: Request
  /// What all handlers share.
  let context: Context
  /// Whose words an answer, and a refusal, uses.
  let family: Family
  /// The type of the body, where the route's dialect depends on it.
  let contentType: String?

  init(_ request: Request, _ context: Context, _ dialect: Dialect) {
    self.request = request
    self.context = context
    contentType = dialect == .byContentType ? request.header("Content-Type") : nil
    family = dialect.family(of: request, contentType: contentType)
  }

  init(_ request: Request, _ context: Context, _ family: Family) {
    self.request = request
    self.context = context
    self.family = family
    contentType = nil
  }

  /// The loop that the handler runs on.
  var loop: EventLoop { request.loop }

  /// Passes the gate, which says who is calling, or refuses.
  @discardableResult
  func allow(_ operation: Operation, _ resource: Resource) throws(Refusal) -> Principal {
    let principal = context.gate.principal(of: request)
    guard context.gate.admits(principal, to: operation, resource) else {
      throw .request(.forbidden(principal, operation, resource))
    }
    return principal
  }

  /// Whether the gate would let the caller do that: for lists, which leave out what it may not see.
  func mayDo(_ operation: Operation, _ resource: Resource) -> Bool {
    context.gate.admits(context.gate.principal(of: request), to: operation, resource)
  }

  /// What the caller takes.
  var accept: Accept { Accept(request.header("Accept")) }

  /// Refuses a caller that takes no JSON, in the family's type or plain. Any type of Kafka's will
  /// do: clients name that of their records where only v2's own is answered.
  func requireJSON() throws(Refusal) {
    guard let header = request.header("Accept"), header != "*/*", header != family.contentType
    else { return }
    let offers = [family.contentType, MediaType.json, MediaType.problem]
    let accept = Accept(header)
    let namesKafka = accept.namesAny(prefix: "application/vnd.kafka")
    guard accept.best(of: offers) == nil, !namesKafka else { return }
    throw .request(.notAcceptable(offered: Array(offers[..<2])))
  }

  /// The topic's name in the path, for a request that asks for one that is there.
  func topicName() throws(Refusal) -> TopicName {
    let text = request.parameter("topic")
    guard let name = TopicName(text) else { throw .name(.unknownTopic(text)) }
    return name
  }

  /// The topic that the path names.
  func topic(_ operation: Operation) throws(Refusal) -> Topic {
    let name = try topicName()
    try allow(operation, .topic(name))
    guard let topic = context.store.topic(name) else { throw .store(.unknownTopic(name)) }
    return topic
  }

  /// The partition that the path names, one that `topic` has.
  func partition(of topic: Topic) throws(Refusal) -> Int32 {
    let text = request.parameter("partition")
    guard let partition = Int32(text), partition >= 0 else { throw .name(.unknownPartition(text)) }
    try Self.check(partition, of: topic)
    return partition
  }

  static func check(_ partition: Int32, of topic: Topic) throws(Refusal) {
    guard partition >= 0, partition < topic.partitionCount else {
      throw .store(
        .unknownPartition(topic.name, partition: partition, count: topic.partitionCount))
    }
  }

  /// Refuses what a later version adds.
  func refuseLater(_ parameters: [String]) throws(Refusal) {
    guard request.hasQuery else { return }
    for name in parameters where request.query(name) != nil {
      throw .request(.later("the query parameter '\(name)'"))
    }
  }
}

// Query parameters.

extension Call {
  /// A whole number of `bounds`, or `nil` where the query has none.
  func integer<T: FixedWidthInteger & Sendable>(
    _ name: String, in bounds: ClosedRange<T>
  ) throws(Refusal) -> T? {
    guard let text = request.query(name) else { return nil }
    guard let value = T(text), bounds.contains(value) else {
      throw .request(
        .parameter(
          name: name, "takes a whole number from \(bounds.lowerBound) to \(bounds.upperBound)."))
    }
    return value
  }

  /// `true` or `false`; a name without a value is `true`, and no name `false`.
  func flag(_ name: String) throws(Refusal) -> Bool {
    switch request.query(name) {
    case nil, "false"?: return false
    case ""?, "true"?: return true
    default: throw .request(.parameter(name: name, "takes true or false."))
    }
  }

  /// A duration in milliseconds.
  func duration(_ name: String) throws(Refusal) -> Int64? {
    guard let text = request.query(name) else { return nil }
    guard let milliseconds = Durations.milliseconds(text) else {
      throw .request(.parameter(name: name, Durations.form))
    }
    return milliseconds
  }

  /// Where reading begins.
  func time(_ name: String) throws(Refusal) -> TimeQuestion? {
    guard let text = request.query(name) else { return nil }
    guard let question = TimeQuestion(text, now: context.time.wallMilliseconds) else {
      throw .request(.parameter(name: name, TimeQuestion.form))
    }
    return question
  }
}
