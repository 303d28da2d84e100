import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// A node over a simulated disk, stepped by hand.
struct NodeTests {
  static func options(_ fileSystem: any FileSystem) -> StoreOptions {
    var options = StoreOptions(directory: "/data")
    options.geometry = JournalGeometry(blocksPerFile: 64, files: 4)
    options.fileSystem = fileSystem
    options.time = ManualTime()
    options.entropy = SeededEntropy(seed: 1)
    return options
  }

  static func settle(_ node: Node) {
    var steps = 0
    while steps < 10_000 {
      steps += 1
      let wrote = node.commit.step() == .wrote
      let materialised = node.materialiser.step()
      let kept = node.housekeeper.step()
      if !wrote, !materialised, !kept { return }
    }
  }

  static func create(
    _ node: Node, _ name: String, partitions: Int32 = 1,
    configuration: TopicConfiguration = TopicConfiguration()
  ) throws -> Topic {
    let result = Lock<Result<Result<Topic?, StoreError>, StoreError>?>(nil)
    node.catalogue.submit(
      .create(
        NewTopic(
          name: try #require(TopicName(name)), partitionCount: partitions,
          configuration: configuration),
        id: TopicID(high: 7, low: UInt64(name.utf8.count))),
      reply: Reply { value in result.withLock { $0 = value } })
    settle(node)
    let created = try result.withLock { $0 }?.get().get()
    return try #require(created ?? nil)
  }

  static func batch(_ values: [String]) -> RecordBatch {
    var builder = RecordBatchBuilder(reserving: 128)
    for value in values { builder.append(key: nil, value: Array(value.utf8).span, timestamp: 1) }
    return builder.finish()
  }

  static func append(_ node: Node, _ topic: Topic, _ values: [String]) throws -> Result<
    AppendOutcome, StoreError
  >? {
    let result = try commit(node, topic, values)
    settle(node)
    return result
  }

  /// As `append`, and nothing reaches a segment.
  @discardableResult
  static func commit(_ node: Node, _ topic: Topic, _ values: [String]) throws -> Result<
    AppendOutcome, StoreError
  >? {
    let answer = TestAnswer<AppendOutcome>()
    try node.sequencer.append(
      Entry(appends: [Entry.Append(topic: topic, partition: 0, batch: batch(values))]),
      reply: answer.appendReply)
    while node.commit.step() == .wrote {}
    return answer.result
  }

  static func values(_ node: Node, _ topic: Topic) throws -> [String] {
    let log = try #require(node.published(topic))
    var values: [String] = []
    var offset: Offset = log.range.start
    while offset < log.range.end {
      let outcome = try log.read(
        from: offset, maxBytes: 1000, in: node.directory.path(of: log.identity), cache: node.cache,
        mayBlock: true)
      guard case .batches(let batches) = outcome, let last = batches.last else { break }
      for batch in batches {
        var cursor = RecordCursor(batch)
        while let record = try cursor.next() {
          if record.offset >= offset, let value = record.value {
            values.append(String(decoding: batch.storage[value], as: UTF8.self))
          }
        }
      }
      offset = last.nextOffset
    }
    return values
  }

  @Test func `records survive a power cut once they are acknowledged`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    var node: Node? = try Node(Self.options(disk.startProcess()))
    let topic = try Self.create(node!, "events")
    var sent: [String] = []
    for index in 0..<300 {
      let outcome = try Self.append(node!, topic, ["value-\(index)", "second-\(index)"])
      #expect(try outcome?.get().baseOffsets == [Offset(index * 2)])
      sent += ["value-\(index)", "second-\(index)"]
    }
    #expect(try Self.values(node!, topic) == sent)

    node = nil
    disk.cutPower()
    let again = try Node(Self.options(disk.startProcess()))

    #expect(try Self.values(again, topic) == sent)
    #expect(again.superblock.incarnation == 3)
  }
}

extension Node {
  func published(_ topic: Topic) -> PartitionLog? { topics.known(topic.id)?.partitions[0] }
}
