import CommitLog
import Model
import Platform
import Store
import TestSupport
import Testing

@testable import Embedded

/// The store with its threads, on the machine's own disk.
@Suite struct EmbeddedStoreTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func options(_ path: String? = nil) -> StoreOptions {
    var options = StoreOptions(directory: path ?? "\(directory.path)/log")
    options.geometry = JournalGeometry(blocksPerFile: 64, files: 4)
    // Reads come from segments.
    options.limits.tailBytes = 0
    return options
  }

  private func create(_ store: EmbeddedStore, partitions: Int32 = 2) throws -> Topic {
    let answer = TestAnswer<Topic>()
    store.create(
      NewTopic(
        name: try #require(TopicName("events")), partitionCount: partitions,
        configuration: TopicConfiguration()), reply: answer.reply)
    return try answer.wait()
  }

  @discardableResult
  private func append(
    _ store: EmbeddedStore, _ topic: Topic, _ values: [String], partition: Int32 = 0
  ) throws -> AppendOutcome {
    let answer = TestAnswer<AppendOutcome>()
    try store.append(
      Entry(appends: [
        Entry.Append(topic: topic, partition: partition, batch: NodeTests.batch(values))
      ]), reply: answer.appendReply)
    return try answer.wait()
  }

  @Test func `the commit thread answers while it lives`() throws {
    let store = try EmbeddedStore(options())
    #expect(store.isCommitting())
    let end = SystemTime().now + .seconds(30)
    var isCommitting = false
    while !isCommitting, SystemTime().now < end { isCommitting = store.isCommitting() }
    #expect(isCommitting, "it was woken and came round")

    store.close()

    _ = store.isCommitting()
    #expect(!store.isCommitting())
  }

  private func fetch(
    _ store: EmbeddedStore, _ topic: Topic, from offset: Offset, partition: Int32 = 0
  ) throws -> Fetched {
    let answer = TestAnswer<Fetched>()
    switch store.fetch(
      Fetch(topic: topic, partition: partition, offset: offset, maxBytes: 10_000),
      reply: answer.reply)
    {
    case .now(let fetched): return fetched
    case .refused(let error): throw error
    case .later: return try answer.wait()
    }
  }

  private func values(_ store: EmbeddedStore, _ topic: Topic) throws -> [String] {
    var values: [String] = []
    var offset: Offset = 0
    while true {
      let fetched = try fetch(store, topic, from: offset)
      guard let last = fetched.batches.last else { return values }
      for batch in fetched.batches {
        var cursor = RecordCursor(batch)
        while let record = try cursor.next() {
          guard record.offset >= offset, let value = record.value else { continue }
          values.append(String(decoding: batch.storage[value], as: UTF8.self))
        }
      }
      offset = last.nextOffset
    }
  }

  @Test func `records are there after a close and another start`() throws {
    let sent = (0..<200).map { "value-\($0)-" + String(repeating: "x", count: 2_000) }
    let first = try EmbeddedStore(options())
    let topic = try create(first)
    for value in sent { try append(first, topic, [value]) }
    #expect(try values(first, topic) == sent)
    first.close()
    #expect(throws: StoreError.self) { try self.append(first, topic, ["late"]) }

    let second = try EmbeddedStore(options())
    defer { second.close() }

    #expect(second.nodeID == first.nodeID && second.incarnation == first.incarnation + 1)
    #expect(second.node.recovery.frames == 0, "a clean stop leaves nothing to replay")
    let again = try #require(second.topic(topic.name))
    #expect(again == topic)
    #expect(try values(second, again) == sent)
    #expect(try append(second, again, ["next"]).baseOffsets == [200])
    #expect(try second.range(of: again, partition: 0).end == 201)
    #expect(second.size(of: again, partition: 0).bytes > 400_000)
  }

  @Test func `many producers at once each get their own offsets`() throws {
    let store = try EmbeddedStore(options())
    defer { store.close() }
    let topic = try create(store, partitions: 1)

    let answers = try (0..<500).map { number in
      let answer = TestAnswer<AppendOutcome>()
      try store.append(
        Entry(appends: [
          Entry.Append(topic: topic, partition: 0, batch: NodeTests.batch(["\(number)"]))
        ]), reply: answer.appendReply)
      return answer
    }

    let offsets = try answers.map { try $0.wait().baseOffsets[0] }
    #expect(offsets == Array(0..<500))
    #expect(try values(store, topic) == (0..<500).map { "\($0)" })
  }

  @Test func `a wait is fired by another thread's append`() throws {
    let store = try EmbeddedStore(options())
    defer { store.close() }
    let topic = try create(store)
    let fired = TestAnswer<Void>()
    let reply = fired.reply
    let wait = store.wait(
      for: [
        WaitTarget(topic: topic, partition: 0, offset: 0),
        WaitTarget(topic: topic, partition: 1, offset: 0),
      ], names: [], on: nil
    ) { reply(.success(())) }

    try append(store, topic, ["a"], partition: 1)

    try fired.wait()
    #expect(fired.count == 1)
    wait.cancel()
  }

  @Test func `a second store on one directory is refused and told who has it`() throws {
    let store = try EmbeddedStore(options())

    let error = #expect(throws: LogError.self) { try EmbeddedStore(options()) }

    guard case .locked(let owner, _)? = error else {
      Issue.record("refused otherwise: \(String(describing: error))")
      return
    }
    #expect(owner == UInt32(bitPattern: ThisProcess.id))
    store.close()
  }

  @Test func `what the bounds of a topic forbid is refused`() throws {
    let store = try EmbeddedStore(options())
    defer { store.close() }
    let topic = try create(store)

    #expect(throws: StoreError.unknownPartition(topic.name, partition: 9, count: 2)) {
      try self.append(store, topic, ["a"], partition: 9)
    }
    #expect(throws: StoreError.offsetOutOfRange(requested: 5, start: 0, end: 0)) {
      try self.fetch(store, topic, from: 5)
    }
    #expect(throws: StoreError.self) {
      try store.append(Entry(appends: []), reply: AppendReply { _ in })
    }
  }

  @Test func `memory is refused as a place for the log unless asked for`() throws {
    let path = "/dev/shm/curlew-test-\(SystemEntropy().next())"
    defer { try? PosixFileSystem().removeTree(path) }
    guard case .volatile = try PosixFileSystem().kind("/dev/shm") else { return }

    let error = #expect(throws: LogError.self) { try EmbeddedStore(self.options(path)) }
    #expect(error.map { "\($0)" }?.contains("--unsafe-volatile") == true)

    var options = self.options(path)
    options.unsafeVolatile = true
    let store = try EmbeddedStore(options)
    defer { store.close() }
    let topic = try create(store)
    #expect(try append(store, topic, ["a"]).durability == .memory)
    #expect(store.health.canAcknowledge && !store.health.problems.isEmpty)
  }

  @Test func `a directory that holds something else is never made a log`() throws {
    try PosixFileSystem().makeDirectory("\(directory.path)/log")
    try PosixFileSystem().put([1], to: "\(directory.path)/log/notes.txt")

    let error = #expect(throws: LogError.self) { try EmbeddedStore(options()) }

    #expect(error.map { "\($0)" }?.contains("notes.txt") == true)
  }

  @Test func `require-existing never makes a log`() throws {
    var options = self.options()
    options.requireExisting = true

    #expect(throws: LogError.self) { try EmbeddedStore(options) }

    #expect(try PosixFileSystem().status(options.directory) == nil)
  }
}
