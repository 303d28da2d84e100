/// Where completions run: an event loop takes a whole group of them with one lock and one wake-up.
public protocol CompletionQueue: AnyObject, Sendable {
  /// Runs `jobs` in order on the queue's own thread, soon. Never blocks and never runs one in
  /// place.
  func deliver(_ jobs: [@Sendable () -> Void])
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

  /// Hands the answer over by itself. A caller with many answers groups them by queue instead:
  /// `Replies`.
  public func callAsFunction(_ result: Result<Value, StoreError>) {
    guard let queue else { return body(result) }
    let body = body
    queue.deliver([{ body(result) }])
  }
}

/// Answers collected so that each queue is woken once for all of its own.
public struct Replies: ~Copyable {
  private var queues: [(queue: any CompletionQueue, jobs: [@Sendable () -> Void])] = []
  private var direct: [@Sendable () -> Void] = []

  /// None yet.
  public init() {}

  /// Adds `result` for `reply`.
  public mutating func add<Value: Sendable>(
    _ reply: Reply<Value>, _ result: Result<Value, StoreError>
  ) {
    let body = reply.body
    add(on: reply.queue) { body(result) }
  }

  /// Adds a job for `queue`.
  public mutating func add(on queue: (any CompletionQueue)?, _ job: @escaping @Sendable () -> Void)
  {
    guard let queue else { return direct.append(job) }
    for index in queues.indices where queues[index].queue === queue {
      return queues[index].jobs.append(job)
    }
    queues.append((queue, [job]))
  }

  /// Hands all over. Call it with no lock held.
  public mutating func deliver() {
    for (queue, jobs) in queues { queue.deliver(jobs) }
    for job in direct { job() }
    queues.removeAll()
    direct.removeAll()
  }
}
