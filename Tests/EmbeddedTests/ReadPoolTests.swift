import Platform
import Testing

@testable import Embedded

@Suite struct ReadPoolTests {
  @Test func `what does not fit is refused, what fits is done before the end`() throws {
    let pool = ReadPool(threads: 1, limit: 2)
    let jobs = Jobs()

    #expect(pool.submit { jobs.add(1) })
    #expect(pool.submit { jobs.add(2) })
    #expect(!pool.submit { jobs.add(3) })
    pool.stop()
    #expect(!pool.submit { jobs.add(4) })
    pool.run(0)

    #expect(jobs.all == [1, 2])
  }

  @Test func `its threads take jobs as they come`() throws {
    let pool = ReadPool(threads: 2, limit: 100)
    let jobs = Jobs()
    let workers = try (0..<2).map { index in try Worker("read") { pool.run(index) } }

    for number in 0..<100 { #expect(pool.submit { jobs.add(number) }) }
    pool.stop()
    for worker in workers { worker.join() }

    #expect(jobs.all.sorted() == Array(0..<100))
  }

  private final class Jobs: Sendable {
    private let held = Lock<[Int]>([])
    var all: [Int] { held.withLock { $0 } }
    func add(_ number: Int) { held.withLock { $0.append(number) } }
  }
}
