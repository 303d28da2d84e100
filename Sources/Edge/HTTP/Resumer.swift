internal import Synchronization

/// Ends one wait of `EventLoop.suspend`, from any thread. The first call counts; what comes later,
/// or after the deadline, is ignored.
public struct Resumer<T: Sendable>: Sendable {
  let wait: Wait<T>

  /// Ends the wait with `value`. Without a lock on the loop's own thread; from others the loop is
  /// woken. To end many waits from another thread, give `EventLoop.deliver` the calls.
  public func resume(_ value: T) { wait.end(value) }
}

/// Ends one wait of `EventLoop.pause`, as `Resumer` does one of `suspend`.
public struct Waker: Sendable {
  let wait: Wait<Void>

  /// Ends the wait. As `Resumer.resume`.
  public func wake() { wait.end(()) }
}

/// A handler that waits. Whoever moves `state` to `done` resumes it.
// SAFETY: `continuation` is written before `state` is `armed`, and read only by the one that moved
// it from there to `done`; the deadline and the place belong to the loop's thread.
@safe final class Wait<T: Sendable>: TimedEntry, @unchecked Sendable {
  private static var fresh: UInt8 { 0 }
  private static var armed: UInt8 { 1 }
  private static var done: UInt8 { 2 }

  private let state = Atomic<UInt8>(0)
  private var continuation: UnsafeContinuation<T?, Never>?

  /// Keeps what is to be resumed. False, and resumed at once, when the wait was ended before it
  /// began.
  func arm(_ continuation: UnsafeContinuation<T?, Never>) -> Bool {
    unsafe self.continuation = unsafe continuation
    if move(from: Self.fresh, to: Self.armed) { return true }
    unsafe continuation.resume(returning: nil)
    return false
  }

  /// Ends the wait. Nothing happens when it has ended.
  func end(_ value: T?) {
    guard move(from: Self.armed, to: Self.done) else { return }
    unsafe continuation?.resume(returning: value)
  }

  /// Ends the wait also when it has not begun.
  func cancel() {
    if move(from: Self.fresh, to: Self.done) { return }
    end(nil)
  }

  override func expire() { end(nil) }

  private func move(from old: UInt8, to new: UInt8) -> Bool {
    state.compareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing).exchanged
  }
}
