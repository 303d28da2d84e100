import CommitLog
import Model
import Platform
import Store
import Synchronization
import TestSupport
import Testing

@testable import Embedded

@Suite struct SequencerTests {
  private static let topic = Topic(
    name: TopicName("events")!, id: TopicID(high: 1, low: 200), partitionCount: 2,
    configuration: TopicConfiguration())
  private let time = ManualTime()

  private func sequencer(
    unwritten: Int = 2_000, waiting: Int = 3_000, entryLimit: Int = 5_000
  ) -> Sequencer {
    var state = Sequencer.State()
    state.names[Self.topic.name] = Self.topic.id
    state.topics[Self.topic.id] = [PartitionNumber(1), PartitionNumber(2)]
    var limits = Limits()
    limits.unwrittenBytes = unwritten
    limits.waitingBytes = waiting
    return Sequencer(
      incarnation: 7, entryLimit: entryLimit, limits: limits, time: time, isVolatile: false,
      state: state)
  }

  private func entry(
    _ size: Int = 1_000, partition: Int32 = 0, acks: AckLevel = .disk, topic: Topic = topic
  ) -> Entry {
    var builder = RecordBatchBuilder()
    builder.append(key: nil, value: [UInt8](repeating: 1, count: size).span, timestamp: 1)
    return Entry(
      appends: [Entry.Append(topic: topic, partition: partition, batch: builder.finish())],
      acks: acks)
  }

  private func append(
    _ sequencer: Sequencer, _ entry: Entry
  ) throws(StoreError) -> TestAnswer<AppendOutcome> {
    let answer = TestAnswer<AppendOutcome>()
    try sequencer.append(entry, reply: answer.appendReply)
    return answer
  }

  private func refusal(_ sequencer: Sequencer, _ entry: Entry) -> StoreError? {
    do throws(StoreError) {
      _ = try append(sequencer, entry)
      return nil
    } catch { return error }
  }

  @Test func `the bound on what waits may change`() throws {
    let sequencer = sequencer(unwritten: 1_000, waiting: 3_000)
    _ = try append(sequencer, entry())
    _ = try append(sequencer, entry())

    sequencer.waitingLimit.store(2_000, ordering: .relaxed)
    #expect(refusal(sequencer, entry()) == .busy(retryAfterSeconds: 1))

    sequencer.waitingLimit.store(3_000, ordering: .relaxed)
    #expect(refusal(sequencer, entry()) == nil)
  }

  @Test func `offsets follow one another, in each partition by itself`() throws {
    let sequencer = sequencer(unwritten: 1 << 20)
    for partition: Int32 in [0, 1, 0, 0] { _ = try append(sequencer, entry(partition: partition)) }

    let rows = sequencer.takeAll().entries.flatMap(\.rows).map(\.row)

    #expect(rows.map(\.partition.rawValue) == [1, 2, 1, 1])
    #expect(rows.map(\.baseOffset) == [0, 0, 1, 2])
    #expect(rows.allSatisfy { $0.kind == .append && $0.count == 1 })
  }

  @Test func `what names no partition is refused, and nothing is done`() {
    let sequencer = sequencer()
    let other = Topic(
      name: TopicName("other")!, id: TopicID(high: 1, low: 201), partitionCount: 1,
      configuration: TopicConfiguration())

    #expect(refusal(sequencer, entry(topic: other)) == .unknownTopic(other.name))
    #expect(
      refusal(sequencer, entry(partition: 2))
        == .unknownPartition(Self.topic.name, partition: 2, count: 2))
    guard case .entryTooLarge(_, limit: 5_000)? = refusal(sequencer, entry(6_000)) else {
      Issue.record("an entry over the limit")
      return
    }
    #expect(sequencer.isIdle)
  }

  @Test func `an entry of two topics is refused whole when one is gone`() {
    let sequencer = sequencer()
    var both = entry()
    both.appends.append(
      Entry.Append(
        topic: Topic(
          name: TopicName("gone")!, id: TopicID(high: 1, low: 202), partitionCount: 1,
          configuration: TopicConfiguration()), partition: 0, batch: both.appends[0].batch))

    #expect(refusal(sequencer, both) == .unknownTopic(TopicName("gone")!))
    #expect(sequencer.isIdle)
  }

  @Test func `an entry without room waits, and goes on when there is some`() throws {
    let sequencer = sequencer()
    _ = try append(sequencer, entry())
    let waiting = try append(sequencer, entry())
    #expect(sequencer.hasWaiting && waiting.result == nil)

    let group = sequencer.takeAll().entries
    sequencer.release(group[0].cost).deliver()

    #expect(!sequencer.hasWaiting)
    #expect(sequencer.takeAll().entries.flatMap(\.rows).map(\.row.baseOffset) == [1])
    #expect(waiting.result == nil, "it is answered when it is durable")
  }

  @Test func `who waited for room in memory still needs some on the disk`() throws {
    let sequencer = sequencer()
    _ = try append(sequencer, entry(1_500))
    let waiting = try append(sequencer, entry(1_500))
    sequencer.set(diskRoom: 3_000)

    let group = sequencer.takeAll().entries
    sequencer.release(group[0].cost).deliver()

    #expect(waiting.error == .outOfSpace)
    #expect(!sequencer.hasWaiting && sequencer.isIdle)
    #expect(refusal(sequencer, entry(1_500)) == .outOfSpace)
    sequencer.set(diskRoom: .max)
    #expect(refusal(sequencer, entry(1_500)) == nil)
  }

  @Test func `a log start is moved whatever waits, and only forward`() throws {
    let sequencer = sequencer()
    _ = try append(sequencer, entry(1_500))
    _ = try append(sequencer, entry(1_500))
    sequencer.set(diskRoom: 0)
    _ = sequencer.takeAll()
    let first = PartitionNumber(1)

    try sequencer.advance([LogStartAdvance(partition: first, offset: 9)])
    try sequencer.advance([LogStartAdvance(partition: first, offset: 1)])
    try sequencer.advance([LogStartAdvance(partition: PartitionNumber(77), offset: 1)])

    let rows = sequencer.takeAll().entries.flatMap(\.rows).map(\.row)
    #expect(rows.map(\.kind) == [.roll, .logStart])
    #expect(rows.map(\.baseOffset) == [1, 1])
    #expect(sequencer.hasWaiting)
  }

  @Test func `who asks for a log start of what is gone is told`() {
    let sequencer = sequencer()
    let answer = TestAnswer<AppendOutcome>()

    #expect(throws: StoreError.self) {
      try sequencer.advance(
        [LogStartAdvance(partition: PartitionNumber(77), offset: 1)], reply: answer.appendReply)
    }

    #expect(answer.count == 0 && sequencer.isIdle)
  }

  @Test func `nobody overtakes who waits`() throws {
    let sequencer = sequencer()
    _ = try append(sequencer, entry(1_500))
    _ = try append(sequencer, entry(1_500))

    _ = try append(sequencer, entry(10))

    #expect(sequencer.takeAll().entries.count == 1)
    #expect(sequencer.state.withLock { $0.waiting.count } == 2)
  }

  @Test func `an entry larger than all room goes alone`() throws {
    let sequencer = sequencer(unwritten: 500)

    _ = try append(sequencer, entry(3_000))

    #expect(sequencer.takeAll().entries.count == 1)
  }

  @Test func `who has waited a second is told to come again`() throws {
    let sequencer = sequencer()
    _ = try append(sequencer, entry(1_500))
    let first = try append(sequencer, entry(1_500))
    time.advance(by: .milliseconds(600))
    let second = try append(sequencer, entry(10))

    time.advance(by: .milliseconds(399))
    sequencer.expireWaiting().deliver()
    #expect(first.result == nil)
    time.advance(by: .milliseconds(1))
    sequencer.expireWaiting().deliver()

    #expect(first.error == .busy(retryAfterSeconds: 1))
    #expect(second.result == nil)
  }

  @Test func `what would wait beyond the bound is refused at once`() throws {
    let sequencer = sequencer(waiting: 2_000)
    _ = try append(sequencer, entry(1_900))
    _ = try append(sequencer, entry(1_000))

    #expect(refusal(sequencer, entry(1_000)) == .busy(retryAfterSeconds: 1))
  }

  @Test func `a full journal keeps its last file for what is internal`() throws {
    let sequencer = sequencer()
    sequencer.set(journalFull: true).deliver()
    let waiting = try append(sequencer, entry())
    var builder = RecordBatchBuilder()
    builder.append(key: nil, value: [UInt8(1)].span, timestamp: 1)

    let offset = try sequencer.appendCatalogue(
      builder.finish(), records: [.deleted(Self.topic.name)], with: [])

    #expect(offset == 0)
    let rows = sequencer.takeAll().entries.flatMap(\.rows).map(\.row)
    #expect(rows.map(\.kind) == [.append, .delete, .delete])
    sequencer.set(journalFull: false).deliver()
    #expect(waiting.error == .unknownTopic(Self.topic.name))
  }

  @Test func `memory is answered when sequenced, disk is not`() throws {
    let sequencer = sequencer(unwritten: 1 << 20)

    let memory = try append(sequencer, entry(acks: .memory))
    let disk = try append(sequencer, entry())

    let outcome = try #require(try memory.result?.get())
    #expect(outcome.baseOffsets == [0] && outcome.leaderEpoch == 7)
    #expect(outcome.durability == .memory)
    #expect(disk.result == nil)
  }

  @Test func `a stop refuses what waits and what comes, and keeps what is queued`() throws {
    let sequencer = sequencer()
    _ = try append(sequencer, entry())
    let waiting = try append(sequencer, entry())

    sequencer.stop(.closing).deliver()

    #expect(waiting.error == .unavailable("The server is stopping."))
    #expect(refusal(sequencer, entry()) == .unavailable("The server is stopping."))
    #expect(sequencer.takeAll().entries.count == 1)
  }

  @Test func `a failure outlasts a later request to close`() {
    let sequencer = sequencer()
    sequencer.stop(.outOfSpace).deliver()

    sequencer.stop(.closing).deliver()

    #expect(refusal(sequencer, entry()) == .outOfSpace)
  }

  @Test func `a group is no larger than asked for, or one entry`() throws {
    let sequencer = sequencer(unwritten: 1 << 20)
    for size in [3_000, 1_000, 1_000, 1_000] { _ = try append(sequencer, entry(size)) }

    let groups = (0..<4).map { _ in sequencer.takeGroup(atMost: 2_600).entries.count }

    #expect(groups == [1, 2, 1, 0])
  }
}
