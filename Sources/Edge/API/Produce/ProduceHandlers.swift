internal import HTTP
internal import Model
internal import Store

/// `POST /topics/{topic}` and `POST /topics/{topic}/partitions/{partition}`.
enum ProduceHandlers {
  static func produce(_ call: Call, _ answer: Answering) throws(Refusal) {
    let question = try ProduceQuestion(call)
    let intake = Intake(question, call)
    guard let name = TopicName(question.topicText) else { return answer(try intake.refuseName()) }
    try call.allow(.write, .topic(name))
    guard !name.isInternal else { throw .name(.reservedTopicName(name)) }

    if let topic = call.context.store.topic(name) {
      let assembly = try intake.assemble(for: intake.shape(of: topic))
      return try append(assembly, to: topic, question.acks, call, answer)
    }
    answer.start { () async throws(Refusal) in
      let (topic, assembly) = try await intake.assemble(making: name)
      try append(assembly, to: topic, question.acks, call, answer)
    }
  }

  /// Appends the records, and answers when the promise of `acks` is met. Without a deadline: once
  /// an offset is assigned, no time-out may call it failed.
  private static func append(
    _ assembly: consuming Assembly, to topic: Topic, _ acks: AckLevel, _ call: Call,
    _ answer: Answering
  ) throws(Refusal) {
    let family = call.family
    let store = call.context.store
    guard !assembly.isEmpty else {
      return answer(ProduceAnswer.response(assembly.places, nil, family))
    }
    let entry = Entry(appends: assembly.appends(to: topic), acks: acks)
    let places = assembly.takePlaces()
    do throws(StoreError) {
      guard acks != .none else {
        try store.append(entry, reply: AppendReply { _ in })
        return answer(ProduceAnswer.accepted)
      }
      try store.append(
        entry,
        reply: AppendReply(on: call.loop) { result in
          switch result {
          case .success(let outcome): answer(ProduceAnswer.response(places, outcome, family))
          case .failure(let error): answer.refuse(.store(error))
          }
        })
    } catch {
      throw .store(error)
    }
  }
}
