import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// How often something happened.
private final class Count: Sendable {
  private let held = Lock(0)
  var value: Int { held.withLock { $0 } }
  func add() { held.withLock { $0 += 1 } }
}

/// Waits on a node that is stepped by hand.
@Suite struct WaitTests {
  private let node: Node
  private let fired = Count()

  init() throws {
    node = try Node(NodeTests.options(SimulatedFileSystem(seed: 5).startProcess()))
  }

  private func wait(_ id: UInt64 = 1) -> StoreWait {
    StoreWait(id: id, topics: node.topics, queue: nil) { [fired] in fired.add() }
  }

  private func logs(_ topic: Topic) throws -> [PartitionLog] {
    try #require(node.topics.known(topic.id)).partitions
  }

  @Test func `a wait fires once, when its record is durable and not before`() throws {
    let topic = try NodeTests.create(node, "events")
    let log = try logs(topic)[0]
    let wait = wait()
    #expect(wait.add(log, offset: 1))

    _ = try NodeTests.append(node, topic, ["a"])
    #expect(fired.value == 0)
    try node.sequencer.append(
      Entry(appends: [
        Entry.Append(topic: topic, partition: 0, batch: NodeTests.batch(["b"]))
      ]), reply: AppendReply { _ in })
    #expect(fired.value == 0, "sequenced is not durable")
    NodeTests.settle(node)
    _ = try NodeTests.append(node, topic, ["c"])

    #expect(fired.value == 1)
    #expect(log.waiterCount == 0)
  }

  @Test func `a wait for what is there fires at once`() throws {
    let topic = try NodeTests.create(node, "events")
    _ = try NodeTests.append(node, topic, ["a"])
    let log = try logs(topic)[0]

    #expect(!wait().add(log, offset: 0))

    #expect(fired.value == 1)
    #expect(log.waiterCount == 0)
  }

  @Test func `the first of several partitions ends the wait for all`() throws {
    let topic = try NodeTests.create(node, "events", partitions: 3)
    let logs = try logs(topic)
    let wait = wait()
    for log in logs { #expect(wait.add(log, offset: 0)) }

    _ = try NodeTests.append(node, topic, ["a"])

    #expect(fired.value == 1)
    #expect(logs.map(\.waiterCount) == [0, 0, 0])
  }

  @Test func `a partition registered after the wait has fired is let go of`() throws {
    let topic = try NodeTests.create(node, "events", partitions: 2)
    let logs = try logs(topic)
    let wait = wait()
    _ = wait.add(logs[0], offset: 0)
    _ = try NodeTests.append(node, topic, ["a"])

    _ = wait.add(logs[1], offset: 0)

    #expect(fired.value == 1)
    #expect(logs[1].waiterCount == 0)
  }

  @Test func `a cancelled wait frees what it holds and never fires`() throws {
    let topic = try NodeTests.create(node, "events", partitions: 2)
    let logs = try logs(topic)
    let wait = wait()
    for log in logs { _ = wait.add(log, offset: 0) }
    _ = wait.add([try #require(TopicName("later"))])

    wait.cancel()

    #expect(logs.map(\.waiterCount) == [0, 0])
    _ = try NodeTests.append(node, topic, ["a"])
    _ = try NodeTests.create(node, "later")
    #expect(fired.value == 0)
  }

  @Test func `a topic that comes into being ends a wait for its name`() throws {
    let wait = wait()
    #expect(wait.add([try #require(TopicName("first")), try #require(TopicName("second"))]))

    _ = try NodeTests.create(node, "other")
    #expect(fired.value == 0)
    _ = try NodeTests.create(node, "second")

    #expect(fired.value == 1)
    #expect(!self.wait(2).add([try #require(TopicName("second"))]))
    #expect(fired.value == 2)
  }

  @Test func `a delete ends the waits for its partitions`() throws {
    let topic = try NodeTests.create(node, "events", partitions: 2)
    let logs = try logs(topic)
    #expect(wait().add(logs[1], offset: 0))

    node.catalogue.submit(.delete(topic.name), reply: Reply { _ in })
    NodeTests.settle(node)

    #expect(fired.value == 1)
    #expect(!wait(2).add(logs[1], offset: 0), "and a later one has nothing to wait for")
  }

  @Test func `a failure of the journal ends all waits`() throws {
    let disk = SimulatedFileSystem(seed: 6)
    let node = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(node, "events")
    let wait = StoreWait(id: 1, topics: node.topics, queue: nil) { [fired] in fired.add() }
    #expect(wait.add(try #require(node.published(topic)), offset: 0))
    disk.add(Fault([.write], code: 5, isSticky: true) { $0.contains("/journal/") })

    let answer = try NodeTests.append(node, topic, ["a"])

    #expect(answer == .failure(.commitUnknown))
    #expect(fired.value == 1)
  }
}
