import Model
import Testing

@testable import CommitLog
@testable import Embedded

/// Which segments have to go, without files and threads.
@Suite struct RetentionTests {
  private func segment(
    _ base: Offset, bytes: Int64 = 100, from first: Timestamp = 0, to last: Timestamp = 0
  ) -> SegmentImage {
    SegmentImage(
      base: base, generation: 0, length: bytes, digest: 0, sidecarLength: 64,
      end: bytes == 0 ? base : base + 10, firstAppendTime: bytes == 0 ? .max : first,
      greatestAppendTime: bytes == 0 ? .min : last, greatestTimestamp: .max)
  }

  private func start(
    _ segments: [SegmentImage], _ retention: Retention, now: Timestamp = 0
  ) -> Offset? {
    retention.decide(segments, now: now).logStart
  }

  @Test func `without bounds, and without records, nothing goes`() {
    let many = (0..<8).map { segment(Offset($0 * 10)) }

    #expect(Retention().keepsAll)
    #expect(start(many, Retention(), now: .max) == nil)
    #expect(start([segment(5, bytes: 0)], Retention(milliseconds: 0, bytes: 0), now: .max) == nil)
    #expect(start([], Retention(milliseconds: 0, bytes: 0), now: .max) == nil)
  }

  @Test func `by size only what leaves at least the bound goes`() {
    let four = (0..<4).map { segment(Offset($0 * 10)) }

    #expect(start(four, Retention(bytes: 301)) == nil)
    #expect(start(four, Retention(bytes: 300)) == 10)
    #expect(start(four, Retention(bytes: 400)) == nil)
    #expect(start([segment(0)], Retention(bytes: 0)) == 10, "also the last one")
  }

  @Test func `one pass takes a quarter and says whether the size wants more`() {
    let eight = (0..<8).map { segment(Offset($0 * 10)) }
    let five = Array(eight.prefix(5))

    #expect(
      Retention(bytes: 0).decide(eight, now: 0) == .init(logStart: 20, isBraked: true))
    #expect(Retention(bytes: 600).decide(eight, now: 0) == .init(logStart: 20, isBraked: false))
    #expect(Retention(bytes: 0).decide(five, now: 0) == .init(logStart: 20, isBraked: true))
    #expect(
      Retention(milliseconds: 1).decide(eight, now: 100) == .init(logStart: 20, isBraked: false),
      "a clock is no reason to hurry")
  }

  @Test func `by age a segment goes when its youngest record is too old`() {
    let segments = [segment(0, from: 0, to: 1_000), segment(10, from: 1_000, to: 2_000)]

    #expect(start(segments, Retention(milliseconds: 500), now: 1_500) == nil)
    #expect(start(segments, Retention(milliseconds: 500), now: 1_501) == 10)
  }

  @Test func `the last segment goes too when it is old`() {
    let old = [segment(0, from: 0, to: 10)]

    #expect(start(old, Retention(milliseconds: 500), now: 511) == 10)
    #expect(start(old + [segment(10, bytes: 0)], Retention(milliseconds: 500), now: 511) == 10)
  }

  @Test func `a clock that was ahead does not keep a segment for ever`() {
    let segments = [
      segment(0, from: 100, to: 9_000_000), segment(10, from: 200, to: 300),
    ]

    #expect(start(segments, Retention(milliseconds: 500), now: 700) == nil)
    #expect(start(segments, Retention(milliseconds: 500), now: 701) == 10)
  }

  @Test func `a segment written wholly by a clock that was ahead goes by the next one's first`() {
    let segments = [
      segment(0, from: 8_000_000, to: 9_000_000), segment(10, from: 200, to: 300),
    ]

    #expect(start(segments, Retention(milliseconds: 500), now: 700) == nil)
    #expect(start(segments, Retention(milliseconds: 500), now: 701) == 10)
  }

  @Test func `a clock that was behind ages no segment before its own beginning`() {
    let segments = [
      segment(0, from: 10_000, to: 11_000), segment(10, from: 5, to: 9),
    ]

    #expect(start(segments, Retention(milliseconds: 500), now: 10_400) == nil)
    #expect(start(segments, Retention(milliseconds: 500), now: 10_501) == 10)
  }

  @Test func `records of a clock that was behind are kept while older ones are`() {
    let segments = [
      segment(0, from: 10_000, to: 11_000), segment(10, from: 5, to: 9),
      segment(20, from: 11_500, to: 12_000), segment(30, from: 12_100, to: 12_100),
    ]

    #expect(start(segments, Retention(milliseconds: 5_000), now: 12_200) == nil)
  }

  @Test func `times at the ends of what can be told do not trap`() {
    for time in [Timestamp.min, -1, .max] {
      let segments = [segment(0, from: time, to: time), segment(10, from: 0, to: 0)]
      for now in [Timestamp.min, 0, .max] {
        let decision = Retention(milliseconds: 0, bytes: .max).decide(segments, now: now)
        #expect(decision.logStart ?? 10 == 10)
      }
    }
  }
}
