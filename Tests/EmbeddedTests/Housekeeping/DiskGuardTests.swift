import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// What a node does on a disk that has little left, stepped by hand.
@Suite struct DiskGuardTests {
  private let disk = SimulatedFileSystem(seed: 21)
  private let time = ManualTime()
  private static let mark: UInt64 = 1 << 20

  private func start(mark: UInt64 = DiskGuardTests.mark) throws -> Node {
    var options = NodeTests.options(disk.startProcess())
    options.time = time
    options.segmentBytes = 20_000
    options.limits.tailBytes = 0
    options.diskReserve = mark
    return try Node(options)
  }

  private func create(_ node: Node) throws -> Topic {
    try NodeTests.create(
      node, "events", configuration: try TopicConfiguration(["retention.ms": "-1"]))
  }

  private func settle(_ node: Node, _ duration: Duration = .seconds(1)) {
    time.advance(by: duration)
    NodeTests.settle(node)
  }

  @discardableResult
  private func append(_ node: Node, _ topic: Topic, _ size: Int = 100) -> StoreError? {
    do {
      _ = try NodeTests.append(node, topic, [String(repeating: "x", count: size)])?.get()
      return nil
    } catch { return error as? StoreError }
  }

  private var hasReserve: Bool {
    get throws { try disk.status("/data/reserve").map { $0.size > 0 } ?? false }
  }

  @Test func `below the mark produce is refused, and goes on when there is room again`() throws {
    let node = try start()
    let topic = try create(node)
    #expect(append(node, topic) == nil)

    disk.free = Self.mark - 1
    settle(node)
    #expect(append(node, topic) == .outOfSpace)
    #expect(node.housekeeper.isDiskLow)
    disk.free = Self.mark + 1_000_000
    settle(node)

    #expect(!node.housekeeper.isDiskLow)
    #expect(append(node, topic) == nil)
    #expect(try NodeTests.values(node, topic).count == 2)
  }

  @Test func `what is admitted between two looks counts against what was free`() throws {
    let node = try start()
    let topic = try create(node)
    disk.free = Self.mark + 10_000
    settle(node)

    let outcomes = (0..<12).map { _ in append(node, topic, 1_000) }

    #expect(outcomes.prefix(7).allSatisfy { $0 == nil })
    #expect(outcomes.suffix(4).allSatisfy { $0 == .outOfSpace })
  }

  @Test func `bytes that are not in segments yet count too`() throws {
    let node = try start()
    let topic = try create(node)
    for _ in 0..<5 {
      try node.sequencer.append(
        Entry(appends: [
          Entry.Append(
            topic: topic, partition: 0,
            batch: NodeTests.batch([String(repeating: "x", count: 1_000)]))
        ]), reply: AppendReply { _ in })
    }
    disk.free = Self.mark + 6_500
    time.advance(by: .seconds(1))
    _ = node.housekeeper.step()

    #expect(append(node, topic, 1_000) == .outOfSpace)
  }

  @Test func `below the mark topics and records can be deleted, and that makes room`() throws {
    let node = try start()
    let topic = try create(node)
    for _ in 0..<40 { try #require(append(node, topic, 4_000) == nil) }
    settle(node, .seconds(11))
    disk.free = Self.mark - 1
    settle(node)
    try #require(append(node, topic) == .outOfSpace)

    let answer = TestAnswer<AppendOutcome>()
    let number = try #require(node.published(topic)).identity.number
    try node.sequencer.advance(
      [LogStartAdvance(partition: number, offset: 40)], reply: answer.appendReply)
    for _ in 0..<4 { settle(node) }

    #expect(answer.count == 1)
    #expect(!node.housekeeper.isDiskLow, "a checkpoint does not wait for its ten seconds then")
    #expect(append(node, topic) == nil)
  }

  @Test func `below the mark retention goes on`() throws {
    let node = try start()
    let topic = try create(node)
    for _ in 0..<40 { try #require(append(node, topic, 4_000) == nil) }
    settle(node, .seconds(11))
    disk.free = Self.mark - 1
    settle(node)
    try #require(append(node, topic) == .outOfSpace)

    node.catalogue.submit(
      .alter(topic.name, TopicChange(settings: ["retention.bytes": "40000"])), reply: Reply { _ in }
    )
    for _ in 0..<12 { settle(node) }

    #expect(append(node, topic) == nil)
    #expect(try NodeTests.values(node, topic).count < 20)
  }

  @Test func `a mark of nothing refuses nothing`() throws {
    let node = try start(mark: 0)
    let topic = try create(node)
    disk.free = 1 << 20
    settle(node)

    #expect(append(node, topic) == nil && !node.housekeeper.isDiskLow)
  }

  @Test func `a file of zeros is kept in reserve where there is room above the mark`() throws {
    var node: Node? = try start()
    settle(node!)
    #expect(try disk.status("/data/reserve")?.size == 64 * 4096)
    node = nil
    disk.kill()
    try disk.remove("/data/reserve")
    disk.free = Self.mark + 100_000

    let again = try start()
    settle(again)

    #expect(try !hasReserve)
  }

  @Test func `a disk that others filled still takes a checkpoint, through the reserve`() throws {
    let node = try start()
    let topic = try create(node)
    settle(node)
    try #require(try hasReserve)
    for _ in 0..<3 { try #require(append(node, topic, 4_000) == nil) }
    disk.free = 0

    settle(node, .seconds(11))

    #expect(try !hasReserve)
    #expect(!node.superblocksAreEmpty, "a checkpoint was written")
    #expect(node.housekeeper.failure == nil && node.sequencer.stopReason == nil)
    disk.free = 1 << 30
    settle(node)
    #expect(try hasReserve)
  }

  @Test func `a full disk does not stop a start`() throws {
    var node: Node? = try start()
    let topic = try create(node!)
    settle(node!)
    for _ in 0..<20 { try #require(append(node!, topic, 4_000) == nil) }
    node = nil
    // What was written and not synced is lost, and has to be written again.
    disk.cutPower()
    disk.free = 0

    node = try start()

    #expect(try NodeTests.values(node!, topic).count == 20)
    #expect(append(node!, topic) == .outOfSpace)
  }
}

extension Node {
  fileprivate var superblocksAreEmpty: Bool {
    (try? directory.fileSystem.list(directory.snapshots).isEmpty) ?? true
  }
}
