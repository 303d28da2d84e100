import Platform
import TestSupport
import Testing

@testable import Embedded

/// The wall clock as expiry uses it.
@Suite struct SteadyWallTests {
  private let time = ManualTime()
  private let hour: Int64 = 3_600_000

  private func wall(newest: Int64? = nil) -> SteadyWall {
    SteadyWall(newest: newest, now: time.now, wall: time.wallMilliseconds)
  }

  private func read(_ wall: inout SteadyWall) -> Int64 {
    wall.read(now: time.now, wall: time.wallMilliseconds)
  }

  @Test func `a clock that just goes is taken as it is`() {
    var wall = wall()

    for _ in 0..<10 {
      time.advance(by: .seconds(7_200))
      #expect(read(&wall) == time.wallMilliseconds)
    }
  }

  @Test func `a step up to an hour counts at once`() {
    var wall = wall()

    time.stepWall(by: .seconds(3_600))

    #expect(read(&wall) == time.wallMilliseconds)
  }

  @Test func `a step of ten years counts as an hour until it has stood for one`() {
    var wall = wall()
    let before = time.wallMilliseconds
    time.stepWall(by: .seconds(315_360_000))

    #expect(read(&wall) == before + hour)
    time.advance(by: .seconds(3_599))
    #expect(read(&wall) == before + hour + 3_599_000)
    time.advance(by: .seconds(1))
    #expect(read(&wall) == time.wallMilliseconds)
  }

  @Test func `steps one after the other are no way around`() {
    var wall = wall()
    let before = time.wallMilliseconds

    for _ in 0..<20 {
      time.stepWall(by: .seconds(3_000))
      time.advance(by: .seconds(10))
      _ = read(&wall)
    }

    #expect(read(&wall) == before + hour + 200_000)
  }

  @Test func `a step back counts at once, and the way forward again is braked`() {
    var wall = wall()
    let before = time.wallMilliseconds
    time.stepWall(by: .seconds(-1_000_000))
    #expect(read(&wall) == before - 1_000_000_000)

    time.stepWall(by: .seconds(1_000_000))

    #expect(read(&wall) == before - 1_000_000_000 + hour)
    time.advance(by: .seconds(3_600))
    #expect(read(&wall) == time.wallMilliseconds)
  }

  @Test func `a step that is taken back within the hour leaves nothing`() {
    var wall = wall()
    time.stepWall(by: .seconds(315_360_000))
    _ = read(&wall)
    time.advance(by: .seconds(1_800))
    time.stepWall(by: .seconds(-315_360_000))

    #expect(read(&wall) == time.wallMilliseconds)
    time.advance(by: .seconds(1_801))
    #expect(read(&wall) == time.wallMilliseconds)
  }

  @Test func `a clock that is slewed is not a step`() {
    var wall = wall()
    let before = time.wallMilliseconds
    time.stepWall(by: .seconds(7_200))
    _ = read(&wall)
    for _ in 0..<360 {
      time.advance(by: .seconds(10))
      time.stepWall(by: .milliseconds(5))
      _ = read(&wall)
    }

    #expect(read(&wall) == time.wallMilliseconds)
    #expect(time.wallMilliseconds > before + 3 * hour)
  }

  @Test func `what passed since the newest record may be a step of a machine that was off`() {
    let newest = time.wallMilliseconds - 10 * hour
    var wall = wall(newest: newest)

    #expect(read(&wall) == newest + hour)
    time.advance(by: .seconds(3_600))
    #expect(read(&wall) == time.wallMilliseconds)
  }

  @Test func `a newest record from the future says nothing`() {
    var wall = wall(newest: time.wallMilliseconds + 100 * hour)

    #expect(read(&wall) == time.wallMilliseconds)
  }
}
