import Testing

/// Each broken promise is noticed, and nothing else is taken for one.
@Suite struct CheckerTests {
  /// A checker that knows a topic `t` of two partitions.
  func checker() -> Checker {
    let checker = Checker()
    checker.submitted(.createTopic("t", partitions: 2), ticket: 0)
    checker.answered(.created(id: "1"), ticket: 0)
    return checker
  }

  func part(_ append: Int, _ part: Int = 0, partition: Int = 0, count: Int = 1) -> AppendPart {
    AppendPart(
      topic: "t", partition: partition,
      records: (0..<count).map { record(append, part, $0) })
  }

  func record(_ append: Int, _ part: Int = 0, _ index: Int = 0) -> NodeRecord {
    Payload.record(RecordName(append: append, part: part, index: index), length: 50)
  }

  func at(_ offset: Int64, partition: Int = 0) -> Violation.Place {
    Violation.Place(topic: "t", partition: partition, offset: offset)
  }

  /// Appends one record that is acknowledged at `offset`.
  func acknowledge(_ checker: Checker, _ append: Int, at offset: Int64) {
    checker.submitted(.append([part(append)], level: .disk), ticket: 100 + append)
    checker.answered(.appended([offset]), ticket: 100 + append)
  }

  func read(_ checker: Checker, _ records: [(Int64, NodeRecord)], end: Int64, from: Int64 = 0) {
    checker.observed(.records(records, end: end), of: "t", 0, from: from)
  }

  /// A crash and a start that shows these records of partition 0, and of partition 1.
  func restart(
    _ checker: Checker, _ first: [NodeRecord], _ second: [NodeRecord] = [],
    topics: [TopicListing] = [TopicListing(name: "t", id: "1", partitions: 2)]
  ) {
    checker.crashed()
    checker.verify(Shown(logs: [first, second], listing: topics))
  }

  @Test func `records that come back as acknowledged break nothing`() {
    let checker = checker()
    acknowledge(checker, 0, at: 0)
    acknowledge(checker, 1, at: 1)

    read(checker, [(0, record(0)), (1, record(1))], end: 2)
    read(checker, [], end: 2, from: 2)
    restart(checker, [record(0), record(1)])

    #expect(checker.violations == [])
  }

  @Test func `an acknowledged record that is gone after a start is lost`() {
    let checker = checker()
    acknowledge(checker, 0, at: 0)
    acknowledge(checker, 1, at: 1)

    restart(checker, [record(0)])

    #expect(checker.violations == [.endWentBack(at(1), from: 2), .lost(at(1))])
  }

  @Test func `a record that was only read must stay too`() {
    let checker = checker()
    checker.submitted(.append([part(0)], level: .disk), ticket: 1)
    read(checker, [(0, record(0))], end: 1)

    restart(checker, [])

    #expect(checker.violations.contains(.lost(at(0))))
  }

  @Test func `an unanswered append may be there or not`() {
    for survives in [false, true] {
      let checker = checker()
      checker.submitted(
        .append([part(0, 0, count: 3), part(0, 1, partition: 1)], level: .disk), ticket: 1)

      let records = (0..<3).map { record(0, 0, $0) }
      restart(checker, survives ? records : [], survives ? [record(0, 1)] : [])

      #expect(checker.violations == [])
      #expect(checker.appends[0].state == (survives ? .present : .absent))
    }
  }

  @Test func `an unanswered batch that is there in part is torn`() {
    let checker = checker()
    checker.submitted(.append([part(0, count: 3)], level: .disk), ticket: 1)

    restart(checker, [record(0, 0, 0), record(0, 0, 1)])

    #expect(checker.violations == [.torn(append: 0, part: 0, present: 2, of: 3)])
  }

  @Test func `an entry that is there in one of its partitions is split`() {
    let checker = checker()
    checker.submitted(.append([part(0), part(0, 1, partition: 1)], level: .disk), ticket: 1)

    restart(checker, [], [record(0, 1)])

    #expect(checker.violations == [.split(append: 0, present: [1], absent: [0])])
  }

  @Test func `an append that was absent at a start must not come back at another`() {
    let checker = checker()
    checker.submitted(.append([part(0)], level: .disk), ticket: 1)
    restart(checker, [])

    restart(checker, [record(0)])

    let name = RecordName(append: 0, part: 0, index: 0)
    #expect(checker.violations == [.resurrected(name, at(0))])
  }

  @Test func `an append of unknown outcome that was there at a start must stay`() {
    let checker = checker()
    checker.submitted(.append([part(0)], level: .disk), ticket: 1)
    checker.answered(.unknown("the journal failed"), ticket: 1)
    restart(checker, [record(0)])
    #expect(checker.violations == [])

    restart(checker, [])

    #expect(checker.violations.contains(.lost(at(0))))
  }

  @Test func `a refused record must never be seen`() {
    let checker = checker()
    checker.submitted(.append([part(0)], level: .disk), ticket: 1)
    checker.answered(.refused("busy"), ticket: 1)

    read(checker, [(0, record(0))], end: 1)

    let name = RecordName(append: 0, part: 0, index: 0)
    #expect(checker.violations == [.refusedButWritten(name, at(0))])
  }

  @Test func `one changed bit is damage`() {
    let checker = checker()
    acknowledge(checker, 0, at: 0)
    for byte in 0..<50 {
      var changed = record(0)
      changed.value[byte] ^= 0x10
      read(checker, [(0, changed)], end: 1)
    }
    var otherKey = record(0)
    otherKey.key = nil
    read(checker, [(0, otherKey)], end: 1)

    #expect(checker.violations.count == 51)
    // A changed number may name another record; it is no longer this one in any case.
    #expect(checker.violations.filter { $0 == .damaged(at(0)) }.count == 51)
  }

  @Test func `a skipped offset is a gap, a repeated one too`() {
    let checker = checker()
    for number in 0..<3 { acknowledge(checker, number, at: Int64(number)) }

    read(checker, [(0, record(0)), (2, record(2))], end: 3)
    read(checker, [(0, record(0)), (0, record(0))], end: 3)
    read(checker, [(2, record(2))], end: 3, from: 1)

    #expect(
      checker.violations == [.gap(at(1), found: 2), .gap(at(1), found: 0), .gap(at(1), found: 2)])
  }

  @Test func `nothing where the end says that there is something is a loss`() {
    let checker = checker()

    read(checker, [], end: 1)

    #expect(checker.violations == [.lost(at(0))])
  }

  @Test func `an offset with another record than before was used again`() {
    let checker = checker()
    acknowledge(checker, 0, at: 0)
    checker.submitted(.append([part(1)], level: .disk), ticket: 1)
    read(checker, [(0, record(0))], end: 1)

    read(checker, [(0, record(1))], end: 1)

    let names = (0..<2).map { RecordName(append: $0, part: 0, index: 0) }
    #expect(checker.violations.contains(.reused(at(0), was: names[0], now: names[1])))
  }

  @Test func `a record at a second offset has moved`() {
    let checker = checker()
    acknowledge(checker, 0, at: 0)

    read(checker, [(0, record(0)), (1, record(0))], end: 2)

    let name = RecordName(append: 0, part: 0, index: 0)
    #expect(checker.violations == [.moved(name, at(1), otherBase: 0)])
  }

  @Test func `a record in another partition is misplaced`() {
    let checker = checker()
    acknowledge(checker, 0, at: 0)

    checker.observed(.records([(Int64(0), record(0))], end: 1), of: "t", 1, from: 0)

    let name = RecordName(append: 0, part: 0, index: 0)
    #expect(checker.violations == [.misplaced(name, at(0, partition: 1))])
  }

  @Test func `a record before what its client could see is reordered`() {
    let checker = checker()
    checker.submitted(.append([part(0)], level: .disk), ticket: 1)
    checker.submitted(.append([part(1)], level: .disk), ticket: 2)
    checker.answered(.appended([1]), ticket: 2)
    checker.submitted(.append([part(2)], level: .disk), ticket: 3)

    checker.answered(.appended([0]), ticket: 3)

    let name = RecordName(append: 2, part: 0, index: 0)
    #expect(checker.violations == [.reordered(name, at(0), floor: 2)])
  }

  @Test func `the end never goes back, and no record lies past it`() {
    let checker = checker()
    acknowledge(checker, 0, at: 0)
    acknowledge(checker, 1, at: 1)

    read(checker, [(0, record(0))], end: 1)
    read(checker, [(0, record(0)), (1, record(1))], end: 1)

    #expect(checker.violations.first == .endWentBack(at(1), from: 2))
    #expect(checker.violations.contains(.beyondEnd(at(1), end: 1)))
    checker.observed(.outOfRange(start: 0, end: 1), of: "t", 0, from: 1)
    #expect(checker.violations.last == .lost(at(1)))
  }

  @Test func `a read past the end may be out of range`() {
    let checker = checker()
    acknowledge(checker, 0, at: 0)

    checker.observed(.outOfRange(start: 0, end: 1), of: "t", 0, from: 5)

    #expect(checker.violations == [])
  }

  @Test func `bytes that cannot be had are a violation only of a healthy disk`() {
    let checker = checker()

    checker.observed(.unavailable("EIO"), of: "t", 0, from: 0, faulty: true)
    #expect(checker.violations == [])
    checker.observed(.unavailable("EIO"), of: "t", 0, from: 0)
    #expect(checker.violations == [.unavailable(at(0), "EIO")])
  }

  @Test func `answers have the form of their requests, and come once`() {
    let checker = checker()
    checker.submitted(.append([part(0)], level: .disk), ticket: 1)
    checker.submitted(.append([part(1)], level: .disk), ticket: 2)

    checker.answered(.deleted, ticket: 1)
    checker.answered(.appended([1, 2]), ticket: 2)
    checker.answered(.appended([1]), ticket: 2)

    #expect(checker.violations.map(\.kind) == ["nonsense", "nonsense", "nonsense"])
  }

  @Test func `what was answered from memory may go, but its place is fixed`() {
    func memory() -> Checker {
      let checker = checker()
      checker.submitted(.append([part(0)], level: .memory), ticket: 1)
      checker.answered(.appended([0]), ticket: 1, level: .memory)
      return checker
    }

    let lost = memory()
    restart(lost, [])
    #expect(lost.violations == [])

    let moved = memory()
    moved.submitted(.append([part(1)], level: .disk), ticket: 2)
    restart(moved, [record(1), record(0)])
    let name = RecordName(append: 0, part: 0, index: 0)
    #expect(moved.violations.contains(.moved(name, at(1), otherBase: 0)))
  }
}
