internal import CommitLog
internal import Model

/// Which of a partition's oldest segments have to go: pure, so that every rule can be tested by
/// itself.
struct Retention: Equatable {
  /// Age at which records go; `nil` keeps them.
  var milliseconds: Int64?
  /// Size of the partition above which the oldest go; `nil` sets none.
  var bytes: Int64?

  /// What is to be done about a partition.
  struct Decision: Equatable {
    /// The new log start; `nil` where nothing has to go.
    var logStart: Offset?
    /// More is too large than one pass removes: the next one is due soon.
    var isBraked = false
  }

  /// As the topic's settings say.
  init(_ configuration: TopicConfiguration) {
    milliseconds = configuration.retentionMilliseconds
    bytes = configuration.retentionBytes
  }

  init(milliseconds: Int64? = nil, bytes: Int64? = nil) {
    self.milliseconds = milliseconds
    self.bytes = bytes
  }

  /// Nothing ever goes.
  var keepsAll: Bool { milliseconds == nil && bytes == nil }

  /// Decides about `segments`, all of a partition, oldest first. As in Kafka a segment goes whole:
  /// by size only where what is left is not less than the bound, by age when the youngest record in
  /// it is too old. One pass takes at most a quarter of the segments, and at least one, so that a
  /// wrong clock or setting can be noticed before all is gone.
  func decide(_ segments: [SegmentImage], now: Timestamp) -> Decision {
    let filled = segments.filter { $0.length > 0 }
    let most = max(1, (filled.count + 3) / 4)
    var excess = bytes.map { bound in filled.reduce(0) { $0 + $1.length } - bound } ?? -1
    var decision = Decision()
    for (index, segment) in filled.enumerated() {
      let next = index + 1 < filled.count ? filled[index + 1] : nil
      let isOver = excess >= segment.length
      guard isOver || isOld(segment, before: next, now: now) else { break }
      guard index < most else {
        decision.isBraked = isOver
        break
      }
      excess -= segment.length
      decision.logStart = segment.end
    }
    return decision
  }

  private func isOld(_ segment: SegmentImage, before next: SegmentImage?, now: Timestamp) -> Bool {
    guard let milliseconds else { return false }
    let (age, overflow) = now.subtractingReportingOverflow(Self.time(of: segment, next, now))
    return !overflow && age > milliseconds
  }

  /// When the youngest record of `segment` was appended: by the wall clock of then, never by what
  /// its producer says. A clock that was ahead for a while is found out by the first record of the
  /// next segment. One that was behind then is not believed below the segment's own beginning.
  private static func time(
    of segment: SegmentImage, _ next: SegmentImage?, _ now: Timestamp
  ) -> Timestamp {
    guard let next else { return segment.greatestAppendTime }
    let time = min(segment.greatestAppendTime, next.firstAppendTime)
    return segment.firstAppendTime <= now ? max(time, segment.firstAppendTime) : time
  }
}
