internal import HTTP
internal import Model
internal import Store

/// `POST /topics/{topic}` and `POST /topics/{topic}/partitions/{partition}`.
enum ProduceHandlers {
  static func produce(_ call: Call) async throws(Refusal) -> Response {
    let question = try ProduceQuestion(call)
    let intake = Intake(question, call)
    guard let name = TopicName(question.topicText) else { return try intake.refuseName() }
    try call.allow(.write, .topic(name))
    guard !name.isInternal else { throw .name(.reservedTopicName(name)) }

    let topic: Topic
    var assembly: Assembly
    if let known = call.context.store.topic(name) {
      topic = known
      assembly = try intake.assemble(for: intake.shape(of: known))
    } else {
      (topic, assembly) = try await intake.assemble(making: name)
    }
    guard !assembly.isEmpty else { return ProduceAnswer.response(assembly, nil, call.family) }
    let entry = Entry(appends: assembly.appends(to: topic), acks: question.acks)
    guard question.acks != .none else { return try forget(entry, call) }
    let outcome = try await call.loop.append(entry, to: call.context.store)

    return ProduceAnswer.response(assembly, outcome, call.family)
  }

  /// Sends an entry on its way without waiting for what becomes of it.
  private static func forget(_ entry: consuming Entry, _ call: Call) throws(Refusal) -> Response {
    do throws(StoreError) {
      try call.context.store.append(entry, reply: Reply { _ in })
    } catch {
      throw .store(error)
    }
    return ProduceAnswer.accepted
  }
}
