import Platform

/// Clocks that stand still until the test moves them.
public final class ManualTime: TimeSource {
  private struct Clocks {
    var now: Instant
    var wallNanoseconds: Int64
  }

  private let clocks: Lock<Clocks>

  /// Clocks that show `wallMilliseconds` since 1970, and `now` on the monotonic one.
  public init(wallMilliseconds: Int64 = 1_700_000_000_000, now: Instant = Instant(nanoseconds: 1)) {
    clocks = Lock(Clocks(now: now, wallNanoseconds: wallMilliseconds * 1_000_000))
  }

  public var now: Instant { clocks.withLock { $0.now } }
  public var wallMilliseconds: Int64 { clocks.withLock { $0.wallNanoseconds / 1_000_000 } }

  /// Time passes, on both clocks.
  public func advance(by duration: Duration) {
    precondition(duration >= .zero, "the monotonic clock never goes back")
    clocks.withLock {
      $0.now = $0.now + duration
      $0.wallNanoseconds += duration.nanoseconds
    }
  }

  /// Somebody sets the wall clock, forward or back; the monotonic one does not notice.
  public func stepWall(by duration: Duration) {
    clocks.withLock { $0.wallNanoseconds += duration.nanoseconds }
  }
}
