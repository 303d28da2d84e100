internal import Platform

/// A line on the terminal that tells how many events were sent, and how fast.
struct ProduceProgress {
  private let isShown: Bool
  private let write: @Sendable (String) -> Void
  private let time: any TimeSource
  private let begin: Instant
  private var next: Instant
  private static let interval = Duration.milliseconds(100)

  init(_ invocation: Invocation, _ time: any TimeSource) {
    isShown = invocation.streams.errorIsTerminal
    write = invocation.error
    self.time = time
    begin = time.now
    next = begin
  }

  /// Seconds since the begin.
  var seconds: Double { Double((time.now - begin).nanoseconds) / 1e9 }

  /// Shows the number, unless it did so a moment ago.
  mutating func show(_ events: Int) {
    guard isShown, time.now >= next else { return }
    next = time.now + Self.interval
    let rate = Int(Double(events) / max(seconds, 0.001))
    write("\r\u{1B}[K\(counted(events, "event")), \(rate) a second")
  }

  /// Takes the line away again.
  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }
}
