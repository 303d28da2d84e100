import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// What a node makes of the directory that another left.
@Suite struct RestartTests {
  @Test func `a partition whose first record comes after a checkpoint is replayed`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    var node: Node? = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(try #require(node), "events")
    try node?.housekeeper.checkpoint()
    _ = try NodeTests.append(try #require(node), topic, ["first"])

    node = nil
    disk.cutPower()
    let again = try Node(NodeTests.options(disk.startProcess()))

    #expect(try NodeTests.values(again, topic) == ["first"])
  }

  @Test func `the first record survives a power cut, and with it the directory's own name`() throws
  {
    let disk = SimulatedFileSystem(seed: 4)
    var node: Node? = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(try #require(node), "events")
    _ = try NodeTests.append(try #require(node), topic, ["first"])
    try #require(node?.superblock.checkpoints.isEmpty == true)

    node = nil
    let kept = disk.snapshotOfDurableState()
    let again = try Node(NodeTests.options(kept.startProcess()))

    #expect(try NodeTests.values(again, topic) == ["first"])
  }

  @Test func `a deleted partition never takes the directory of a topic called deleted`() throws {
    let disk = SimulatedFileSystem(seed: 2)
    let node = try Node(NodeTests.options(disk.startProcess()))
    let first = try NodeTests.create(node, "first")
    let topic = try NodeTests.create(node, "deleted", partitions: 2)
    _ = try NodeTests.append(node, first, ["gone"])
    try append("kept", to: topic, partition: 1, node)

    try delete("first", node)
    try node.housekeeper.checkpoint()

    #expect(node.materialiser.failure == nil)
    #expect(try disk.list("/data/topics") == ["__curlew_catalogue-0", "deleted-1"])
  }

  @Test
  func
    `a directory that an earlier process deleted and did not remove goes at the next checkpoint`()
    throws
  {
    let disk = SimulatedFileSystem(seed: 3)
    var node: Node? = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(try #require(node), "events")
    _ = try NodeTests.append(try #require(node), topic, ["gone"])
    try delete("events", try #require(node))
    try #require(try disk.list("/data/topics") == ["__curlew_catalogue-0", "deleted~1"])

    node = nil
    disk.kill()
    let again = try Node(NodeTests.options(disk.startProcess()))
    try again.housekeeper.checkpoint()

    #expect(try disk.list("/data/topics") == ["__curlew_catalogue-0"])
  }

  private func append(_ value: String, to topic: Topic, partition: Int32, _ node: Node) throws {
    try node.sequencer.append(
      Entry(
        appends: [
          Entry.Append(topic: topic, partition: partition, batch: NodeTests.batch([value]))
        ]),
      reply: AppendReply { _ in })
    NodeTests.settle(node)
  }

  private func delete(_ name: String, _ node: Node) throws {
    node.catalogue.submit(.delete(try #require(TopicName(name))), reply: Reply { _ in })
    NodeTests.settle(node)
  }
}
