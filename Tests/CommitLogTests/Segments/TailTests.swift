import Model
import Testing

@testable import CommitLog

@Suite struct TailTests {
  private func tail(_ count: Int) -> Tail {
    var tail = Tail()
    for index in 0..<count {
      let batch = Sample.batch(100, at: Offset(index * 2), records: 2)
      tail.append(PartitionLog.TailBatch(batch: batch, end: batch.nextOffset))
    }
    return tail
  }

  @Test func `batches come from the one that holds the offset on`() {
    let tail = tail(10)
    let size = Sample.batch(100, records: 2).size

    #expect(tail.start == 0)
    for offset in 0..<Offset(20) {
      let found = tail.batches(from: offset, maxBytes: 3 * size)
      #expect(found.first?.baseOffset == offset / 2 * 2)
      #expect(found.count == min(3, 10 - Int(offset) / 2))
    }
    #expect(tail.batches(from: 20, maxBytes: size).isEmpty)
  }

  @Test func `at least one batch comes, however few bytes are asked for`() {
    #expect(tail(3).batches(from: 2, maxBytes: 0).map(\.baseOffset) == [2])
  }

  @Test(arguments: [1, 2, 63, 64, 65, 128, 200])
  func `the oldest go first, over every move of the rest`(count: Int) {
    var tail = tail(count)

    for index in 0..<count {
      #expect(tail.start == Offset(index * 2))
      #expect(tail.first?.batch.baseOffset == Offset(index * 2))
      #expect(
        tail.batches(from: Offset(index * 2 + 1), maxBytes: .max).count == count - index)
      tail.removeFirst()
    }

    #expect(tail.isEmpty && tail.start == nil && tail.first == nil)
    #expect(tail.batches(from: 0, maxBytes: .max).isEmpty)
  }

  @Test func `appending goes on behind what was removed`() {
    var tail = tail(100)
    for _ in 0..<100 { tail.removeFirst() }
    let batch = Sample.batch(10, at: 500)
    tail.append(PartitionLog.TailBatch(batch: batch, end: 501))

    #expect(tail.start == 500)
    #expect(tail.batches(from: 500, maxBytes: 1).map(\.baseOffset) == [500])
  }
}
