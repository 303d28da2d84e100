import Platform
import Store

/// One answer, for a test to look at or to wait for.
final class TestAnswer<Value: Sendable>: Sendable {
  private let held = Lock<[Result<Value, StoreError>]>([])
  private let parking = Parking()

  /// What takes it.
  var reply: Reply<Value> {
    Reply { [self] result in
      held.withLock { $0.append(result) }
      parking.wake()
    }
  }

  /// The answer, `nil` before it comes.
  var result: Result<Value, StoreError>? { held.withLock { $0.last } }

  /// How often it was given.
  var count: Int { held.withLock { $0.count } }

  /// The error that it is, `nil` before it comes.
  var error: StoreError? {
    guard case .failure(let error)? = result else { return nil }
    return error
  }

  /// The answer as soon as some thread gives it.
  func wait() throws -> Value {
    while result == nil {
      guard parking.park(atMost: .seconds(60)) else { throw StoreError.unavailable("no answer") }
    }
    return try result!.get()
  }
}

extension TestAnswer<AppendOutcome> {
  /// What takes the answer to an append.
  var appendReply: AppendReply { AppendReply(reply.body) }
}
