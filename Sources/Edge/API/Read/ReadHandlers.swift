internal import HTTP
internal import JSON
internal import Model
internal import Platform
internal import Store

/// Reading without a group: `GET /topics/{topic}/records`, `/records?topics=`, and of one
/// partition.
enum ReadHandlers {
  /// Output is written in pieces of about this size; what is smaller is answered whole.
  static let piece = 64 << 10

  /// `GET /topics/{topic}/records`.
  static func topic(_ call: Call) async throws(Refusal) -> Response {
    let question = try ReadQuestion(call, partition: nil)
    return try await read([try call.topic(.read)], question, call)
  }

  /// `GET /records?topics=a,b`.
  static func topics(_ call: Call) async throws(Refusal) -> Response {
    let question = try ReadQuestion(call, partition: nil)
    var topics: [Topic] = []
    for text in (call.request.query("topics") ?? "").split(separator: ",") {
      guard let name = TopicName(String(text)) else { throw .name(.unknownTopic(String(text))) }
      try call.allow(.read, .topic(name))
      guard let topic = call.context.store.topic(name) else { throw .store(.unknownTopic(name)) }
      if !topics.contains(topic) { topics.append(topic) }
    }
    guard !topics.isEmpty else {
      throw .request(.parameter(name: "topics", "takes the names of topics, with commas."))
    }
    guard question.partition == nil || topics.count == 1 else {
      throw .request(.parameter(name: "partition", "belongs to one topic."))
    }
    return try await read(topics, question, call)
  }

  /// `GET /topics/{topic}/partitions/{partition}/records`.
  static func partition(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.topic(.read)
    let question = try ReadQuestion(call, partition: try call.partition(of: topic))
    return try await read([topic], question, call)
  }

  private static func read(
    _ topics: [Topic], _ question: ReadQuestion, _ call: Call
  ) async throws(Refusal) -> Response {
    let lanes = try await Lanes(call.context, call.loop).begin(topics, question)
    let isLines = question.form == .lines
    let shape: RecordPainter.Shape =
      if case .v2 = question.form { .v2(question.extras) } else { .native }
    var pump = RecordPump(
      lanes, RecordPainter(shape, question.format, onOneLine: isLines), isLines ? .lines : .list,
      question.limits, store: call.context.store)
    let answer = ReadAnswer(question, call.context, call.loop)
    pump.begin(answer.opening)
    if question.follows { return answer.stream(pump) }
    let deadline = call.request.receivedAt + .milliseconds(question.timeoutMilliseconds)
    let stop = try await answer.first(&pump, deadline)
    return stop == .full ? answer.stream(pump) : try answer.whole(&pump, stop)
  }
}
