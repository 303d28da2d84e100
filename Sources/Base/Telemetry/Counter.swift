public import Synchronization

/// A number that only grows. Adding is one atomic instruction, from any thread.
public final class Counter: Sendable {
  @usableFromInline let total = Atomic<UInt64>(0)

  init() {}

  /// Adds `amount`.
  @inlinable public func add(_ amount: Int = 1) {
    total.wrappingAdd(UInt64(truncatingIfNeeded: max(0, amount)), ordering: .relaxed)
  }

  /// What has been added so far.
  @inlinable public var value: UInt64 { total.load(ordering: .relaxed) }
}
