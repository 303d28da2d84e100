import Platform
import TestSupport
import Testing

@Suite struct TimeTests {
  @Test func `moments and durations add and subtract`() {
    let start = Instant(nanoseconds: 1_000)

    #expect((start + .microseconds(2)).nanoseconds == 3_000)
    #expect(start + .microseconds(2) - start == .microseconds(2))
    #expect(start - (start + .seconds(3)) == .seconds(-3))
    #expect(start < start + .nanoseconds(1))
  }

  @Test func `arithmetic saturates at both ends`() {
    let (first, last) = (Instant(nanoseconds: .min), Instant(nanoseconds: .max))

    #expect(last + .nanoseconds(1) == last)
    #expect(first + .nanoseconds(-1) == first)
    #expect(Instant(nanoseconds: 0) + .seconds(Int64.max) == last)
    #expect(Instant(nanoseconds: 0) + .seconds(Int64.min) == first)
    #expect((last - first).nanoseconds == .max)
    #expect((first - last).nanoseconds == .min)
  }

  @Test func `a duration in nanoseconds saturates at both ends`() {
    let almost = Int64.max / 1_000_000_000

    #expect(Duration.seconds(almost).nanoseconds == almost * 1_000_000_000)
    #expect((Duration.seconds(almost) + .milliseconds(999)).nanoseconds == .max)
    #expect((Duration.seconds(-almost) - .milliseconds(999)).nanoseconds == .min)
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
    #expect(Duration.seconds(Int64.min).nanoseconds == .min)
    #expect(Duration.milliseconds(1_999).nanoseconds == 1_999_000_000)
  }

  @Test func `milliseconds are whole`() {
    #expect(Duration.microseconds(1_999).milliseconds == 1)
    #expect(Duration.seconds(2).milliseconds == 2_000)
  }

  @Test func `the machine's clocks go forward and show this century`() {
    let time = SystemTime()

    let (first, second) = (time.now, time.now)

    #expect(first <= second)
    #expect(time.wallMilliseconds > 1_600_000_000_000)
  }

  @Test func `manual clocks stand still until moved`() {
    let time = ManualTime(wallMilliseconds: 5_000, now: Instant(nanoseconds: 7))

    time.advance(by: .milliseconds(3))
    time.stepWall(by: .seconds(-2))

    #expect(time.now == Instant(nanoseconds: 3_000_007))
    #expect(time.wallMilliseconds == 3_003)
  }
}
