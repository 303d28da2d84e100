public import Platform

extension EventLoop {
  /// Suspends the handler that calls it until somebody resumes it, and answers with what they gave.
  ///
  /// `start` runs at once, on the loop's thread, and hands the resumer to whoever will have
  /// something: the commit thread, a wait for data. With a deadline, the answer is `nil` when the
  /// deadline passes, the client leaves or the server stops. Without one the wait ends only with a
  /// value, and with `nil` at the end of the server's grace: it is for work that has begun and
  /// cannot be called back. `start` is not called where the server stops already.
  public func suspend<T: Sendable>(
    until deadline: Instant?, _ start: (Resumer<T>) -> Void
  ) async -> T? {
    precondition(isCurrent, "a handler waits on the thread of its own loop")
    let wait = Wait<T>()
    guard let deadline else {
      timers.insert(wait)
      defer { timers.remove(wait) }
      return await rest(wait, start)
    }
    if isStopping { return nil }
    wait.deadline = deadline
    timers.insert(wait)
    defer { timers.remove(wait) }
    return await withTaskCancellationHandler {
      await rest(wait, start)
    } onCancel: {
      wait.cancel()
    }
  }

  /// As `suspend` for a wait that brings no value; true when it was woken. For hot paths: nothing
  /// in it is generic when it runs.
  public func pause(until deadline: Instant?, _ start: (Waker) -> Void) async -> Bool {
    let woken: Void? = await suspend(until: deadline) { start(Waker(wait: $0.wait)) }
    return woken != nil
  }

  private func rest<T: Sendable>(_ wait: Wait<T>, _ start: (Resumer<T>) -> Void) async -> T? {
    await unsafe withUnsafeContinuation { continuation in
      if unsafe wait.arm(continuation) { start(Resumer(wait: wait)) }
    }
  }

  /// Waits until `deadline`, or until the client leaves or the server stops.
  public func sleep(until deadline: Instant) async {
    let _: Bool? = await suspend(until: deadline) { _ in }
  }
}
