import Testing

/// Starts of partitions: records go below one that somebody asked for, and stay gone.
@Suite struct CheckerStartTests {
  /// A checker of a partition `t-0` with records at 0, 1 and 2.
  private func checker(allowsExpiry: Bool = false) -> Checker {
    let checker = Checker(allowsExpiry: allowsExpiry)
    checker.submitted(.createTopic("t", partitions: 1), ticket: 0)
    checker.answered(.created(id: "1"), ticket: 0)
    for append in 0..<3 {
      let part = AppendPart(topic: "t", partition: 0, records: [record(append)])
      checker.submitted(.append([part], level: .disk), ticket: 100 + append)
      checker.answered(.appended([Int64(append)]), ticket: 100 + append)
    }
    return checker
  }

  private func record(_ append: Int) -> NodeRecord {
    Payload.record(RecordName(append: append, part: 0, index: 0), length: 50)
  }

  private func at(_ offset: Int64) -> Violation.Place {
    Violation.Place(topic: "t", partition: 0, offset: offset)
  }

  private func advance(_ checker: Checker, to offset: Int64, _ answer: NodeAnswer?) {
    checker.submitted(.deleteRecords("t", partition: 0, before: offset), ticket: 1)
    if let answer { checker.answered(answer, ticket: 1) }
  }

  private func read(_ checker: Checker, _ from: Int64, _ answer: ReadAnswer) {
    checker.observed(answer, of: "t", 0, from: from)
  }

  /// All records from one on.
  private func shown(from first: Int) -> ReadAnswer {
    let records: [(Int64, NodeRecord)] = (first..<3).map { (Int64($0), record($0)) }
    return .records(records, end: 3)
  }

  @Test func `records below a start that was asked for may be gone`() {
    let checker = checker()

    advance(checker, to: 2, .advanced(start: 2))
    read(checker, 0, .outOfRange(start: 2, end: 3))
    read(checker, 2, shown(from: 2))

    #expect(checker.violations == [])
  }

  @Test func `nobody has asked for these to go`() {
    let checker = checker()

    read(checker, 0, .outOfRange(start: 1, end: 3))

    #expect(checker.violations == [.lost(at(0))])
  }

  @Test func `more than was asked for is lost`() {
    let checker = checker()

    advance(checker, to: 1, .advanced(start: 2))

    #expect(checker.violations == [.lost(at(1))])
  }

  @Test func `a node that expires may let go by itself, and says so`() {
    let checker = checker(allowsExpiry: true)

    read(checker, 0, .outOfRange(start: 2, end: 3))
    #expect(checker.violations == [])
    read(checker, 1, .outOfRange(start: 1, end: 3))

    #expect(checker.violations == [.startWentBack(at(1), from: 2), .lost(at(1))])
  }

  @Test func `a start that was shown survives crashes`() {
    let checker = checker()
    advance(checker, to: 2, .advanced(start: 2))
    checker.crashed()

    read(checker, 0, shown(from: 0))

    #expect(checker.violations == [.belowStart(at(0), start: 2)])
  }

  @Test func `an unanswered deletion may have happened or not`() {
    for start: Int64 in [0, 2] {
      let checker = checker()
      advance(checker, to: 2, nil)
      checker.crashed()

      if start > 0 { read(checker, 0, .outOfRange(start: start, end: 3)) }
      read(checker, start, shown(from: Int(start)))

      #expect(checker.violations == [])
    }
  }

  @Test func `a start below the one asked for is no answer`() {
    let checker = checker()

    advance(checker, to: 2, .advanced(start: 1))

    #expect(checker.violations.map(\.kind) == ["nonsense"])
  }

  @Test func `a start never hides what lies at it`() {
    let checker = checker()
    advance(checker, to: 1, .advanced(start: 1))

    read(checker, 1, .outOfRange(start: 1, end: 3))

    #expect(checker.violations == [.lost(at(1))])
  }
}
