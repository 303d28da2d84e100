import Model
import Platform
import StateLog
import Store

/// A partition in memory whose records become durable when the test says so.
final class MemoryPartition: StatePartition {
  private struct State {
    var records: [StateRecord] = []
    var durable = 0
    var waiting: [(offset: Offset, reply: Reply<Void>)] = []
    var refusal: StoreError?
  }

  private let state = Lock(State())

  /// All records, durable or not.
  var records: [StateRecord] { state.withLock { $0.records } }

  /// What the next appends are refused with.
  func refuse(_ error: StoreError?) { state.withLock { $0.refusal = error } }

  func append(
    _ records: [StateRecord], with appends: [Entry.Append]
  ) throws(StoreError) -> Offset {
    let result: Result<Offset, StoreError> = state.withLock { state in
      if let refusal = state.refusal { return .failure(refusal) }
      state.records += records
      return .success(Offset(state.records.count - 1))
    }
    return try result.get()
  }

  func whenDurable(_ offset: Offset, reply: Reply<Void>) {
    let isDurable = state.withLock { state in
      if offset < state.durable { return true }
      state.waiting.append((offset, reply))
      return false
    }
    if isDurable { reply(.success(())) }
  }

  func replay(_ body: (Offset, StateRecord) -> Void) throws(StoreError) {
    for (offset, record) in records.enumerated() { body(Offset(offset), record) }
  }

  /// Everything so far is durable.
  func sync() {
    let due = state.withLock { state in
      state.durable = state.records.count
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiting in due { waiting.reply(.success(())) }
  }

  /// The journal fails: what waits is never known to be durable.
  func fail() {
    let due = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiting in due { waiting.reply(.failure(.commitUnknown)) }
  }
}
