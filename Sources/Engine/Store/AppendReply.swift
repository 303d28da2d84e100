/// Where the answer to an append goes, called exactly once. As `Reply`, and of one type: a function
/// that is kept in a generic type costs an allocation at each hand it goes through, and there are
/// thousands of these a second.
public struct AppendReply: Sendable {
  /// Where `body` runs; `nil` on the store's own thread, where it must be short and must not call
  /// the store.
  public let queue: (any CompletionQueue)?
  /// Takes the answer.
  public let body: @Sendable (Result<AppendOutcome, StoreError>) -> Void

  /// An answer taken by `body` on `queue`.
  public init(
    on queue: (any CompletionQueue)? = nil,
    _ body: @escaping @Sendable (Result<AppendOutcome, StoreError>) -> Void
  ) {
    self.queue = queue
    self.body = body
  }

  /// Hands the answer over by itself. A caller with many answers groups them: `AppendAnswer`.
  public func callAsFunction(_ result: Result<AppendOutcome, StoreError>) {
    guard let queue else { return body(result) }
    let body = body
    queue.deliver { body(result) }
  }
}

/// A reply and what it is told.
public struct AppendAnswer: Sendable {
  /// Who asked.
  public let reply: AppendReply
  /// What became of the entry.
  public let result: Result<AppendOutcome, StoreError>

  /// `result` for `reply`.
  public init(_ reply: AppendReply, _ result: Result<AppendOutcome, StoreError>) {
    self.reply = reply
    self.result = result
  }
}

extension [AppendAnswer] {
  /// Hands all answers over, each on its own queue and each queue woken once. Call it with no lock
  /// held.
  public func deliver() {
    guard let first else { return }
    var isMixed = false
    for answer in self where answer.reply.queue !== first.reply.queue { isMixed = true }
    guard isMixed else { return Self.deliver(self, on: first.reply.queue) }
    var rest = self
    while let queue = rest.first.map(\.reply.queue) {
      Self.deliver(rest.filter { $0.reply.queue === queue }, on: queue)
      rest.removeAll { $0.reply.queue === queue }
    }
  }

  private static func deliver(_ answers: [AppendAnswer], on queue: (any CompletionQueue)?) {
    guard let queue else { return run(answers) }
    queue.deliver { run(answers) }
  }

  private static func run(_ answers: [AppendAnswer]) {
    for answer in answers { answer.reply.body(answer.result) }
  }
}
