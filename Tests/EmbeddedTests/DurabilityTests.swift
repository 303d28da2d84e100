import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// What is told when, and what follows when the disk fails.
@Suite struct DurabilityTests {
  private let disk = SimulatedFileSystem(seed: 9)

  private func node() throws -> Node { try Node(NodeTests.options(disk.startProcess())) }

  private func submit(
    _ node: Node, _ topic: Topic, _ value: String, acks: AckLevel = .disk
  ) throws(StoreError) -> TestAnswer<AppendOutcome> {
    let answer = TestAnswer<AppendOutcome>()
    try node.sequencer.append(
      Entry(
        appends: [Entry.Append(topic: topic, partition: 0, batch: NodeTests.batch([value]))],
        acks: acks), reply: answer.appendReply)
    return answer
  }

  @Test func `memory is answered at once, but readers see only what is durable`() throws {
    let node = try node()
    let topic = try NodeTests.create(node, "events")

    let answer = try submit(node, topic, "a", acks: .memory)

    #expect(try answer.result?.get().baseOffsets == [0])
    #expect(try NodeTests.values(node, topic) == [])
    #expect(node.published(topic)?.range.end == 0)
    NodeTests.settle(node)
    #expect(try NodeTests.values(node, topic) == ["a"])
    #expect(answer.count == 1)
  }

  @Test func `a topic is not there until its creation is durable`() throws {
    let node = try node()
    let name = try #require(TopicName("events"))
    let answer = TestAnswer<Result<Topic?, StoreError>>()
    node.catalogue.submit(
      .create(
        NewTopic(name: name, partitionCount: 1, configuration: TopicConfiguration()),
        id: TopicID(high: 7, low: 7)), reply: answer.reply)

    #expect(node.topics.known(name) == nil && answer.result == nil)
    NodeTests.settle(node)

    #expect(node.topics.known(name) != nil && answer.count == 1)
  }

  @Test(arguments: [Int32(5), 28])
  func `a write that failed is unknown, what comes later is refused, nothing told is lost`(
    code: Int32
  ) throws {
    let node = try node()
    let topic = try NodeTests.create(node, "events")
    _ = try NodeTests.append(node, topic, ["told"])
    disk.add(Fault([.write], code: code) { $0.contains("/journal/") })
    let parked = try submit(node, topic, "parked")
    let memory = try submit(node, topic, "memory", acks: .memory)

    #expect(node.commit.step() == .failed)

    #expect(parked.error == .commitUnknown)
    #expect(memory.count == 1 && memory.error == nil)
    #expect(throws: StoreError.self) { try self.submit(node, topic, "later") }
    #expect(try NodeTests.values(node, topic) == ["told"])
    let question = TestAnswer<Result<Topic?, StoreError>>()
    node.catalogue.submit(.delete(topic.name), reply: question.reply)
    #expect(question.error != nil, "commands are refused as well")
    disk.cutPower()
    let again = try self.node()
    #expect(try NodeTests.values(again, topic).first == "told")
  }

  @Test func `a topic command on its way when the disk is full is unknown`() throws {
    let node = try node()
    let topic = try NodeTests.create(node, "events")
    disk.add(Fault([.write], code: 28) { $0.contains("/journal/") })
    let command = TestAnswer<Result<Topic?, StoreError>>()
    node.catalogue.submit(.delete(topic.name), reply: command.reply)

    _ = node.commit.step()
    let late = TestAnswer<Int>()
    node.catalogue.read({ $0.topics.count }, reply: late.reply)

    #expect(command.error == .commitUnknown)
    #expect(late.error == .commitUnknown, "what it shows will never be durable")
  }

  @Test func `a full disk stalls segments and nothing else, and passes`() throws {
    let node = try node()
    let topic = try NodeTests.create(node, "events")
    disk.free = 0

    for number in 0..<20 {
      let answer = try submit(node, topic, "value-\(number)")
      _ = node.commit.step()
      #expect(answer.error == nil && answer.count == 1)
      node.materialiser.step()
    }
    #expect(node.materialiser.isStalled)
    #expect(try NodeTests.values(node, topic).count == 20)
    #expect(try !node.housekeeper.checkpoint(), "no checkpoint without segments")

    disk.free = 1 << 30
    NodeTests.settle(node)

    #expect(!node.materialiser.isStalled)
    #expect(node.sequencer.state.withLock { $0.unwritten } == 0)
    #expect(try node.housekeeper.checkpoint())
    #expect(node.housekeeper.failure == nil)
  }

  @Test func `a failed sync of the volume stops produce and names no checkpoint`() throws {
    let node = try node()
    let topic = try NodeTests.create(node, "events")
    _ = try NodeTests.append(node, topic, ["told"])
    disk.add(Fault([.synchronizeVolume], code: 5))

    #expect(throws: LogError.self) { try node.housekeeper.checkpoint() }

    disk.cutPower()
    let again = try self.node()
    #expect(again.recovery.checkpoints == [])
    #expect(try NodeTests.values(again, topic) == ["told"])
  }
}
