import Testing

/// What the checker knows of topics.
@Suite struct CheckerTopicTests {
  let listed = [TopicListing(name: "t", id: "1", partitions: 1)]

  func created() -> Checker {
    let checker = Checker()
    checker.submitted(.createTopic("t", partitions: 1), ticket: 0)
    checker.answered(.created(id: "1"), ticket: 0)
    return checker
  }

  func deleted() -> Checker {
    let checker = created()
    checker.submitted(.deleteTopic("t"), ticket: 1)
    checker.answered(.deleted, ticket: 1)
    return checker
  }

  @Test func `an acknowledged topic is there in every list and read`() {
    let checker = created()

    checker.observed(listed, settled: false)
    #expect(checker.violations == [])
    checker.observed([], settled: false)
    checker.observed(.unknownTopic, of: "t", 0, from: 0)
    #expect(checker.violations == [.topicLost("t"), .topicLost("t")])
  }

  @Test func `a topic whose creation was not answered may be there or not, and so it stays`() {
    for exists in [false, true] {
      let checker = Checker()
      checker.submitted(.createTopic("t", partitions: 1), ticket: 0)
      checker.crashed()

      checker.observed(exists ? listed : [], settled: true)
      #expect(checker.violations == [])
      checker.observed(exists ? [] : listed, settled: true)

      #expect(checker.violations == [exists ? .topicLost("t") : .topicReturned("t")])
    }
  }

  @Test func `a topic that was seen before its answer must stay`() {
    let checker = Checker()
    checker.submitted(.createTopic("t", partitions: 1), ticket: 0)
    checker.observed(listed, settled: false)

    checker.crashed()
    checker.observed([], settled: true)

    #expect(checker.violations == [.topicLost("t")])
  }

  @Test func `a deleted topic stays deleted`() {
    let checker = deleted()

    checker.observed([], settled: false)
    checker.observed(.unknownTopic, of: "t", 0, from: 0)
    #expect(checker.violations == [])
    checker.observed(listed, settled: false)
    checker.observed(.records([], end: 0), of: "t", 0, from: 0)

    #expect(checker.violations == [.topicReturned("t"), .topicReturned("t")])
  }

  @Test func `a topic whose deletion was not answered may be there or not, and so it stays`() {
    for exists in [false, true] {
      let checker = created()
      checker.submitted(.deleteTopic("t"), ticket: 1)
      checker.crashed()

      checker.observed(exists ? listed : [], settled: true)
      #expect(checker.violations == [])
      checker.observed(exists ? [] : listed, settled: true)

      #expect(checker.violations == [exists ? .topicLost("t") : .topicReturned("t")])
    }
  }

  @Test func `whoever was told that a topic is gone is not told otherwise later`() {
    let checker = created()
    checker.submitted(.deleteTopic("t"), ticket: 1)
    checker.observed(.unknownTopic, of: "t", 0, from: 0)

    checker.crashed()
    checker.observed(listed, settled: true)

    #expect(checker.violations == [.topicReturned("t")])
  }

  @Test func `a refused creation makes no topic, a refused deletion removes none`() {
    let checker = created()
    checker.submitted(.deleteTopic("t"), ticket: 1)
    checker.answered(.refused("busy"), ticket: 1)
    checker.submitted(.createTopic("u", partitions: 1), ticket: 2)
    checker.answered(.refused("busy"), ticket: 2)

    checker.observed(listed, settled: false)
    #expect(checker.violations == [])
    checker.observed([TopicListing(name: "u", id: "2", partitions: 1)], settled: false)

    #expect(checker.violations == [.topicReturned("u"), .topicLost("t")])
  }

  @Test func `a topic that nobody asked for is noticed`() {
    let checker = created()

    checker.observed(listed + [TopicListing(name: "x", id: "9", partitions: 1)], settled: false)
    checker.observed(.records([], end: 0), of: "y", 0, from: 0)

    #expect(checker.violations == [.topicNeverCreated("x"), .topicNeverCreated("y")])
  }

  @Test func `neither the id nor the partitions of a topic change`() {
    let checker = created()

    checker.observed([TopicListing(name: "t", id: "2", partitions: 1)], settled: false)
    checker.observed([TopicListing(name: "t", id: "2", partitions: 2)], settled: false)

    #expect(checker.violations == [.topicChanged("t"), .topicChanged("t")])
  }

  @Test func `a new life of a name begins empty and under a new id`() {
    let checker = deleted()
    checker.submitted(.createTopic("t", partitions: 1), ticket: 2)
    checker.answered(.created(id: "2"), ticket: 2)

    checker.observed(.records([], end: 0), of: "t", 0, from: 0)
    #expect(checker.violations == [])

    let again = deleted()
    again.submitted(.createTopic("t", partitions: 1), ticket: 2)
    again.answered(.created(id: "1"), ticket: 2)
    #expect(again.violations == [.topicReturned("t")])
  }

  @Test func `records of a name's earlier life are misplaced in its next`() {
    let checker = created()
    let name = RecordName(append: 0, part: 0, index: 0)
    let record = Payload.record(name, length: 50)
    checker.submitted(
      .append([AppendPart(topic: "t", partition: 0, records: [record])], level: .disk), ticket: 1)
    checker.answered(.appended([0]), ticket: 1)
    checker.submitted(.deleteTopic("t"), ticket: 2)
    checker.answered(.deleted, ticket: 2)
    checker.submitted(.createTopic("t", partitions: 1), ticket: 3)
    checker.answered(.created(id: "2"), ticket: 3)

    checker.observed(.records([(Int64(0), record)], end: 1), of: "t", 0, from: 0)

    let place = Violation.Place(topic: "t", partition: 0, offset: 0)
    #expect(checker.violations == [.misplaced(name, place)])
  }

  @Test func `an entry over a deleted topic and a living one is whole without the deleted part`() {
    let checker = created()
    checker.submitted(.createTopic("u", partitions: 1), ticket: 1)
    checker.answered(.created(id: "2"), ticket: 1)
    let records = (0..<2).map {
      Payload.record(RecordName(append: 0, part: $0, index: 0), length: 20)
    }
    checker.submitted(
      .append(
        [
          AppendPart(topic: "t", partition: 0, records: [records[0]]),
          AppendPart(topic: "u", partition: 0, records: [records[1]]),
        ], level: .disk), ticket: 2)
    checker.submitted(.deleteTopic("u"), ticket: 3)

    checker.crashed()
    checker.verify(Shown(logs: [[records[0]]], listing: listed))

    #expect(checker.violations == [])
    #expect(checker.appends[0].state == .present)
  }
}
