import Platform
import Testing

@Suite struct LockTests {
  private final class Box: Sendable {
    let state = Lock((count: 0, seen: [Int]()))
  }

  private struct Refused: Error, Equatable { let count: Int }

  /// Counts how many of it live.
  private final class Token: Sendable {
    let lives: Lock<Int>.Shared
    init(_ lives: Lock<Int>.Shared) {
      self.lives = lives
      lives.held.withLock { $0 += 1 }
    }
    deinit { lives.held.withLock { $0 -= 1 } }
  }

  @Test func `threads take turns, and nothing is lost`() throws {
    let box = Box()

    let threads = try (0..<4).map { number in
      try Worker("lock-\(number)") {
        for _ in 0..<20_000 { box.state.withLock { $0.count += 1 } }
        box.state.withLock { $0.seen.append(number) }
      }
    }
    for thread in threads { thread.join() }

    #expect(box.state.withLock { $0.count } == 80_000)
    #expect(box.state.withLock { $0.seen.sorted() } == [0, 1, 2, 3])
  }

  @Test func `what throws has left the lock, and what it changed`() {
    let box = Box()

    #expect(throws: Refused(count: 1)) {
      try box.state.withLock { state throws(Refused) in
        state.count += 1
        throw Refused(count: state.count)
      }
    }

    #expect(box.state.withLock { $0.count } == 1)
  }

  @Test func `the value goes with the lock`() {
    let lives = Lock<Int>.Shared(0)
    do {
      let holder = Lock<Token?>.Shared(Token(lives))
      #expect(lives.held.withLock { $0 } == 1)
      holder.held.withLock { $0 = Token(lives) }
      #expect(lives.held.withLock { $0 } == 1)
    }
    #expect(lives.held.withLock { $0 } == 0)
  }
}

extension Lock where Value: Sendable {
  /// One that several may hold.
  final class Shared: Sendable {
    let held: Lock<Value>
    init(_ value: Value) { held = Lock(value) }
  }
}
