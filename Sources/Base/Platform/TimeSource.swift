internal import CPlatform
internal import Glibc

/// A moment on the monotonic clock, in nanoseconds since some start of this process's machine.
public struct Instant: Sendable, Hashable, Comparable {
  /// Nanoseconds.
  public var nanoseconds: Int64

  /// The moment `nanoseconds` after the clock's start.
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
  /// The moment `duration` later; saturates.
  @inlinable public static func + (a: Instant, duration: Duration) -> Instant {
    let (sum, over) = a.nanoseconds.addingReportingOverflow(duration.nanoseconds)
    return Instant(nanoseconds: over ? (duration < .zero ? .min : .max) : sum)
  }
  /// The time from `b` to `a`; saturates.
  @inlinable public static func - (a: Instant, b: Instant) -> Duration {
    let (difference, over) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
    return .nanoseconds(over ? (a < b ? .min : .max) : difference)
  }
}

extension Duration {
  /// The duration in nanoseconds, saturating at about 292 years.
  @inlinable public var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, over) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if over { return seconds < 0 ? .min : .max }
    let (sum, overflow) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : sum
  }

  /// The duration in whole milliseconds.
  @inlinable public var milliseconds: Int64 { nanoseconds / 1_000_000 }
}

/// Where the time comes from.
public protocol TimeSource: AnyObject, Sendable {
  /// The monotonic clock.
  var now: Instant { get }
  /// Milliseconds since 1970, UTC, as the wall clock has it; it may jump.
  var wallMilliseconds: Int64 { get }
}

/// The machine's clocks.
public final class SystemTime: TimeSource {
  /// The machine's clocks.
  public init() {}

  public var now: Instant { Instant(nanoseconds: read(CLOCK_MONOTONIC)) }

  public var wallMilliseconds: Int64 { read(CLOCK_REALTIME) / 1_000_000 }

  private func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
