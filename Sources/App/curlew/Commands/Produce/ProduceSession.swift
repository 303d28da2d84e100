internal import Bytes
internal import HTTPClient
internal import JSON

/// Sends events, one request after the other, and knows how far it is.
struct ProduceSession {
  /// How many events the server has taken.
  private(set) var events = 0
  /// Their bytes.
  private(set) var bytes = 0
  private let server: ServerConnection
  private let target: ProduceTarget
  private let judge = EventJudge()
  private let answers = ProduceAnswerReader()

  init(_ server: ServerConnection, _ target: ProduceTarget) {
    self.server = server
    self.target = target
  }

  // MARK: Lines

  /// Sends the lines of `batch` in their order. At the first that is refused it ends: those before
  /// it are in the topic then.
  mutating func send(_ batch: EventBatch) throws(AppError) {
    guard !batch.events.isEmpty else { return }
    let all = 0..<batch.events.count
    if target.format != .text, judge.isJSON(batch, target.keyPath) {
      return try sendJSON(batch, all)
    }
    guard target.format == .json else { return try sendAny(batch, all) }
    guard let (event, sentence) = judge.firstFault(batch, target.keyPath) else {
      return try sendJSON(batch, all)
    }
    if event > 0 { try sendJSON(batch, 0..<event) }
    throw .failure("\(batch.place(event)) \(sentence). \(progress)")
  }

  private mutating func sendJSON(_ batch: EventBatch, _ events: Range<Int>) throws(AppError) {
    let response = try send(
      target.request(server, raw: batch.bytes(of: events), type: "application/x-ndjson"),
      batch.place(events.lowerBound), batch.place(events.upperBound - 1))
    if response.status / 100 == 2 { return count(batch, events) }
    try narrow(response, batch, events) { (session, half) throws(AppError) in
      try session.sendJSON(batch, half)
    }
  }

  private mutating func sendAny(_ batch: EventBatch, _ events: Range<Int>) throws(AppError) {
    var batch = batch
    if target.format == .auto {
      for index in events {
        batch.events[index] = judge.trimmed(batch.events[index], of: batch.bytes)
      }
    }
    let response = try send(
      target.request(server, batch, events), batch.place(events.lowerBound),
      batch.place(events.upperBound - 1))
    guard response.status / 100 == 2 else {
      return try narrow(response, batch, events) { (session, half) throws(AppError) in
        try session.sendAny(batch, half)
      }
    }
    guard let refused = answers.refusals(response), !refused.isEmpty else {
      return count(batch, events)
    }
    let sound = events.filter { index in
      !refused.contains { $0.event == index - events.lowerBound }
    }
    for index in sound { count(batch, index..<index + 1) }
    let place = batch.place(events.lowerBound + refused[0].event)
    throw .failure("\(place) was refused: \(refused[0].sentence) \(progress)")
  }

  /// Nothing was done of what was refused: where one event among many is the reason, its halves
  /// find it.
  private mutating func narrow(
    _ response: HTTPResponse, _ batch: EventBatch, _ events: Range<Int>,
    again: (inout ProduceSession, Range<Int>) throws(AppError) -> Void
  ) throws(AppError) {
    let refusal = server.refusal(response)
    guard [400, 413, 422].contains(refusal.status), events.count > 1 else {
      let concernsEvent = [400, 413, 422].contains(refusal.status)
      throw .failure(
        concernsEvent
          ? "\(batch.place(events.lowerBound)) was refused: \(refusal.text) \(progress)"
          : "\(refusal.text) \(progress)")
    }
    let middle = events.lowerBound + events.count / 2
    try again(&self, events.lowerBound..<middle)
    try again(&self, middle..<events.upperBound)
  }

  private mutating func count(_ batch: EventBatch, _ sent: Range<Int>) {
    events += sent.count
    bytes += sent.reduce(0) { $0 + batch.events[$1].count }
  }

  // MARK: Files

  /// Sends the content of the file `path`, which is one event.
  mutating func send(_ content: [UInt8], from path: String) throws(AppError) {
    if target.format == .json, let sentence = judge.fault(content, target.keyPath) {
      throw .failure("\(path) \(sentence). \(progress)")
    }
    let key = target.keyPath.flatMap { judge.key(content, $0) }
    let encoded = key.map { key in
      var text: [UInt8] = []
      Base64.encode(key.span, into: &text)
      return String(decoding: text, as: UTF8.self)
    }
    let response = try send(
      target.request(server, raw: content, type: nil, keyBase64: encoded), path, path)
    guard response.status / 100 == 2 else {
      throw .failure("\(path) was refused: \(server.refusal(response).text) \(progress)")
    }
    events += 1
    bytes += content.count
  }

  // MARK: Both

  private func send(
    _ request: HTTPRequest, _ first: String, _ last: String
  ) throws(AppError) -> HTTPResponse {
    do throws(HTTPClientError) {
      return try server.client.send(request)
    } catch {
      guard case .failure(let sentence) = server.failure(error) else { throw server.failure(error) }
      switch error {
      case .timedOut, .interrupted, .tooLarge:
        let place = first == last ? first : "\(first) up to \(last)"
        throw .failure("\(sentence) It may have stored \(place), or not. \(progress)")
      default:
        throw .failure(events == 0 ? sentence : "\(sentence) \(progress)")
      }
    }
  }

  /// How far it is, as the end of a message.
  var progress: String {
    switch events {
    case 0: "Nothing was stored before."
    case 1: "1 event was stored before."
    default: "\(events) events were stored before."
    }
  }
}
