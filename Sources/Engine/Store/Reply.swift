/// Where completions run: an event loop takes a whole group of them with one lock and one wake-up.
public protocol CompletionQueue: AnyObject, Sendable {
  /// Runs `job` on the queue's own thread, soon, behind what was delivered before. Never blocks and
  /// never runs it in place.
  func deliver(_ job: @escaping @Sendable () -> Void)

  /// Runs `job` once on the calling thread: at once, or where that is the queue's own and has more
  /// to do that came together, behind that.
  func afterRound(_ job: @escaping @Sendable () -> Void)
}

extension CompletionQueue {
  public func afterRound(_ job: @escaping @Sendable () -> Void) { job() }
}

/// Where one answer goes, called exactly once.
public struct Reply<Value: Sendable>: Sendable {
  /// Where `body` runs; `nil` on the store's own thread, where it must be short and must not call
  /// the store.
  public let queue: (any CompletionQueue)?
  /// Takes the answer.
  public let body: @Sendable (Result<Value, StoreError>) -> Void

  /// An answer taken by `body` on `queue`.
  public init(
    on queue: (any CompletionQueue)? = nil,
    _ body: @escaping @Sendable (Result<Value, StoreError>) -> Void
  ) {
    self.queue = queue
    self.body = body
  }

  /// Hands the answer over.
  public func callAsFunction(_ result: Result<Value, StoreError>) {
    guard let queue else { return body(result) }
    let body = body
    queue.deliver { body(result) }
  }
}
