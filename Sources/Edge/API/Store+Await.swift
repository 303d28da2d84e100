public import HTTP
internal import Model
public import Store

extension EventLoop: CompletionQueue {}

/// The store's answers as a handler awaits them: on its own loop.
extension EventLoop {
  /// Appends `entry` and waits until the promise of its level is met. Without a deadline: once an offset is assigned, no
  /// time-out may call it failed.
  func append(_ entry: consuming Entry, to store: any EventStore) async throws(Refusal) -> AppendOutcome {
    var held = Optional(entry)
    return try await answer { (reply: Reply<AppendOutcome>) throws(StoreError) in
      // Taken out, so that the store holds the only reference to the batches that it stamps in place.
      guard let entry = held.take() else { return .later }
      try store.append(entry, reply: reply)
      return .later
    } orElse: {
      .commitUnknown
    }
  }

  /// Waits for an answer of the store, which may be there at once.
  func answer<Value: Sendable>(
    _ ask: (Reply<Value>) throws(StoreError) -> Answer<Value>,
    orElse lost: () -> StoreError = { .unavailable("The server ends.") }
  ) async throws(Refusal) -> Value {
    var hasBegun = false
    let result: Result<Value, StoreError>? = await suspend(until: nil) { resumer in
      hasBegun = true
      let reply = Reply<Value>(on: self) { resumer.resume($0) }
      do throws(StoreError) {
        switch try ask(reply) {
        case .now(let value): resumer.resume(.success(value))
        case .refused(let error): resumer.resume(.failure(error))
        case .later: break
        }
      } catch {
        resumer.resume(.failure(error))
      }
    }
    switch result {
    case .success(let value): return value
    case .failure(let error): throw .store(error)
    case nil: throw .store(hasBegun ? lost() : .unavailable("The server ends."))
    }
  }
}
