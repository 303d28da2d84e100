internal import Model
internal import Platform

/// The wall clock as expiry may use it: a step forward of more than an hour counts as an hour until
/// it has stood for an hour, so that a clock that was set wrong removes nothing in a hurry. A step
/// back counts at once: it only keeps more.
struct SteadyWall {
  /// What counts at once, and how long more has to stand.
  static let step: Int64 = 3_600_000
  /// Steps up to here, in milliseconds, are a clock being slewed.
  private static let slack: Int64 = 60_000

  /// How far the wall clock is ahead of the monotonic one, as far as that is believed.
  private var believed: Int64
  /// How far it was ahead at the last look, and since when it has been so.
  private var seen: Int64
  private var since: Instant

  /// Begins where the log ends: what has passed since `newest`, its newest append time, may be a
  /// step too. An empty log has nothing to lose.
  init(newest: Timestamp?, now: Instant, wall: Timestamp) {
    seen = wall &- now.milliseconds
    since = now
    believed = min(seen, (newest ?? wall) &- now.milliseconds)
  }

  /// The time that counts.
  mutating func read(now: Instant, wall: Timestamp) -> Timestamp {
    let ahead = wall &- now.milliseconds
    if (ahead &- seen).magnitude > Self.slack.magnitude {
      seen = ahead
      since = now
    }
    if ahead < believed || (now - since).milliseconds >= Self.step { believed = ahead }
    return now.milliseconds &+ min(ahead, believed &+ Self.step)
  }
}

extension Instant {
  /// Whole milliseconds since the clock's start.
  fileprivate var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
