internal import Synchronization

/// Whether a thread still comes round. Another asks now and then; the thread answers as it passes.
public final class Pulse: Sendable {
  private let asked = Atomic<UInt64>(0)
  private let answered = Atomic<UInt64>(0)

  /// Not asked yet.
  public init() {}

  /// The thread passes: it costs a load and a store.
  public func beat() { answered.store(asked.load(ordering: .relaxed), ordering: .relaxed) }

  /// Whether the thread has passed since this was asked before; true the first time. Where it has,
  /// it is asked again: `wake` makes it come round. For one thread at a time.
  public func isBeating(_ wake: () -> Void) -> Bool {
    let last = asked.load(ordering: .relaxed)
    guard answered.load(ordering: .relaxed) == last else { return false }
    asked.store(last &+ 1, ordering: .relaxed)
    wake()
    return true
  }
}
