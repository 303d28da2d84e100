import Glibc
import Platform
import Synchronization
import Testing

@Suite struct ThreadTests {
  @Test func `a worker runs its function under its name`() throws {
    let seen = Box(Lock<[[UInt8]?]>([]))

    let worker = try Worker("a-rather-long-name") {
      let name = try? PosixFileSystem().open("/proc/thread-self/comm", .read).read(32, at: 0)
      seen.value.withLock { $0.append(name) }
    }
    worker.join()

    #expect(seen.value.withLock { $0 } == [Array("a-rather-long-n\n".utf8)])
  }

  @Test func `a wake that comes first is kept, once`() {
    let parking = Parking()

    parking.wake()
    parking.wake()

    #expect(parking.park(atMost: .seconds(60)))
    #expect(!parking.park(atMost: .zero))
  }

  @Test func `a park without a wake ends at its limit, not before`() {
    let (parking, time) = (Parking(), SystemTime())

    let start = time.now
    let wasWoken = parking.park(atMost: .milliseconds(3))

    #expect(!wasWoken)
    #expect(time.now - start >= .milliseconds(3))
  }

  @Test func `a limit below zero has passed already`() {
    #expect(!Parking().park(atMost: .seconds(-5)))
  }

  @Test func `each wake lets one park return`() throws {
    let (ping, pong) = (Parking(), Parking())
    let rounds = Box(Atomic<Int>(0))

    let worker = try Worker("pong") {
      for _ in 0..<1_000 {
        ping.park()
        rounds.value.add(1, ordering: .relaxed)
        pong.wake()
      }
    }
    for round in 1...1_000 {
      ping.wake()
      pong.park()
      #expect(rounds.value.load(ordering: .relaxed) == round)
    }
    worker.join()
  }

  @Test func `the process knows its id, its host and its processors`() {
    #expect(ThisProcess.id == getpid())
    #expect(ThisProcess.processors >= 1)
    #expect(!ThisProcess.host.isEmpty)
  }
}

/// Lets closures share what cannot be copied.
private final class Box<Value: ~Copyable & Sendable>: Sendable {
  let value: Value
  init(_ value: consuming sending Value) { self.value = value }
}
