public import HTTP
public import Store

extension EventLoop: CompletionQueue {}

// The store's answers as a handler awaits them: on its own loop.

extension EventLoop {
  /// Waits for an answer of the store, which may be there at once.
  func answer<Value: Sendable>(
    _ ask: (Reply<Value>) throws(StoreError) -> Answer<Value>
  ) async throws(Refusal) -> Value {
    let delivery = Delivery<Value>()
    _ = await pause(until: nil) { waker in
      let reply = Reply<Value>(on: self) { result in
        delivery.result = result
        waker.wake()
      }
      do throws(StoreError) {
        switch try ask(reply) {
        case .now(let value): delivery.result = .success(value)
        case .refused(let error): delivery.result = .failure(error)
        case .later: return
        }
      } catch {
        delivery.result = .failure(error)
      }
      waker.wake()
    }
    switch delivery.result {
    case .success(let value): return value
    case .failure(let error): throw .store(error)
    case nil: throw .store(.unavailable("The server ends."))
    }
  }
}

/// Where a store's answer lies until its handler goes on.
// SAFETY: written and read on the loop's thread only, which is where the reply is delivered.
private final class Delivery<Value: Sendable>: @unchecked Sendable {
  var result: Result<Value, StoreError>?
}
