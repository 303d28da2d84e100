import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// Log starts on a simulated disk, stepped by hand.
@Suite struct ExpiryTests {
  private let disk = SimulatedFileSystem(seed: 11)
  private let time = ManualTime()

  private func start() throws -> Node {
    var options = NodeTests.options(disk.startProcess())
    options.time = time
    options.segmentBytes = 400
    options.limits.tailBytes = 0
    return try Node(options)
  }

  private func create(_ node: Node, _ settings: [String: String] = [:]) throws -> Topic {
    try NodeTests.create(node, "events", configuration: TopicConfiguration(settings))
  }

  /// Appends records of which two fill a segment.
  private func append(_ node: Node, _ topic: Topic, _ count: Int) throws {
    for index in 0..<count {
      let answer = try NodeTests.append(
        node, topic, ["\(index)-" + String(repeating: "x", count: 80)])
      _ = try #require(answer).get()
    }
  }

  private func range(_ node: Node, _ topic: Topic) throws -> [Offset] {
    let range = try #require(node.published(topic)).range
    return [range.start, range.end]
  }

  /// Time for every checkpoint that files wait for.
  private func settle(_ node: Node) {
    for _ in 0..<3 {
      time.advance(by: .seconds(11))
      NodeTests.settle(node)
    }
  }

  private var files: [String] {
    get throws { try disk.list("/data/topics/events-0").filter { $0.hasSuffix(".log") } }
  }

  private func delete(
    _ node: Node, _ topic: Topic, before offset: Offset, settles: Bool = true
  ) throws -> TestAnswer<AppendOutcome> {
    let answer = TestAnswer<AppendOutcome>()
    let number = try #require(node.published(topic)).identity.number
    try node.sequencer.advance(
      [LogStartAdvance(partition: number, offset: offset)], reply: answer.appendReply)
    if settles { NodeTests.settle(node) }
    return answer
  }

  @Test func `what is older than retention ms goes, and so do its files`() throws {
    let node = try start()
    let topic = try create(node, ["retention.ms": "60000", "retention.bytes": "-1"])
    try append(node, topic, 4)
    time.advance(by: .seconds(50))
    try append(node, topic, 2)
    #expect(try range(node, topic) == [0, 6])

    time.advance(by: .seconds(31))
    NodeTests.settle(node)
    for _ in 0..<4 {
      time.advance(by: .seconds(31))
      NodeTests.settle(node)
    }

    #expect(try range(node, topic) == [6, 6])
    settle(node)
    #expect(try files == ["00000000000000000006.log"])
  }

  @Test func `a client's timestamps say nothing about age`() throws {
    let node = try start()
    let topic = try create(node, ["retention.ms": "60000"])
    // All batches of these tests are stamped one millisecond after 1970.
    try append(node, topic, 6)

    time.advance(by: .seconds(59))
    NodeTests.settle(node)

    #expect(try range(node, topic) == [0, 6])
  }

  @Test func `what exceeds retention bytes goes, a quarter at a time`() throws {
    let node = try start()
    let topic = try create(node, ["retention.bytes": "700", "retention.ms": "-1"])
    try append(node, topic, 40)
    let before = try #require(node.published(topic)).size

    time.advance(by: .seconds(30))
    for _ in 0..<20 {
      time.advance(by: .seconds(1))
      NodeTests.settle(node)
    }
    settle(node)

    let after = try #require(node.published(topic)).size
    #expect(before.segments == 20 && (700..<1_100).contains(after.bytes), "\(before) \(after)")
    #expect(try files.count == after.segments)
    #expect(try NodeTests.values(node, topic).last?.hasPrefix("39-") == true)
  }

  @Test func `everything may go, and offsets go on after a restart`() throws {
    var node: Node? = try start()
    let topic = try create(node!, ["retention.ms": "1000"])
    try append(node!, topic, 3)
    for _ in 0..<4 {
      time.advance(by: .seconds(31))
      NodeTests.settle(node!)
    }
    #expect(try range(node!, topic) == [3, 3])
    settle(node!)

    for cut in [true, false] {
      node = nil
      if cut { disk.cutPower() } else { disk.kill() }
      node = try start()
      #expect(try range(node!, topic) == [3, 3])
    }

    #expect(try NodeTests.append(node!, topic, ["next"])?.get().baseOffsets == [3])
    #expect(try NodeTests.values(node!, topic) == ["next"])
  }

  @Test func `a setting takes effect at once and survives a restart`() throws {
    var node: Node? = try start()
    let topic = try create(node!, ["retention.ms": "-1"])
    try append(node!, topic, 2)
    time.advance(by: .seconds(3_000))
    NodeTests.settle(node!)
    #expect(try range(node!, topic) == [0, 2])

    let answer = TestAnswer<Result<Topic?, StoreError>>()
    let change = TopicChange(settings: ["retention.ms": "1s"])
    node!.catalogue.submit(.alter(topic.name, change), reply: answer.reply)
    NodeTests.settle(node!)

    #expect(try range(node!, topic) == [2, 2])
    node = nil
    disk.cutPower()
    node = try start()
    #expect(node!.topics.known(topic.id)?.topic.configuration.retentionMilliseconds == 1_000)
  }

  @Test func `a wall clock ten years ahead removes nothing within the hour`() throws {
    let node = try start()
    let topic = try create(node, ["retention.ms": "86400000"])
    try append(node, topic, 8)

    time.stepWall(by: .seconds(315_360_000))
    for _ in 0..<100 {
      time.advance(by: .seconds(31))
      NodeTests.settle(node)
    }
    #expect(try range(node, topic) == [0, 8])
    time.stepWall(by: .seconds(-315_360_000))
    for _ in 0..<100 {
      time.advance(by: .seconds(31))
      NodeTests.settle(node)
    }

    #expect(try range(node, topic) == [0, 8])
  }

  @Test func `a machine that comes back with a wrong clock removes nothing within the hour`() throws
  {
    var node: Node? = try start()
    let topic = try create(node!, ["retention.ms": "86400000"])
    try append(node!, topic, 8)
    node = nil
    disk.cutPower()

    time.stepWall(by: .seconds(315_360_000))
    node = try start()
    for _ in 0..<100 {
      time.advance(by: .seconds(31))
      NodeTests.settle(node!)
    }

    #expect(try range(node!, topic) == [0, 8])
  }

  @Test func `records below a durable log start are gone after a power cut`() throws {
    var node: Node? = try start()
    let topic = try create(node!)
    try append(node!, topic, 7)

    let answer = try delete(node!, topic, before: 5)

    #expect(try answer.result?.get().baseOffsets == [5])
    #expect(try range(node!, topic) == [5, 7])
    node = nil
    disk.cutPower()
    node = try start()
    #expect(try range(node!, topic) == [5, 7])
    #expect(try NodeTests.values(node!, topic).count == 2)
  }

  @Test func `a log start that is not durable is shown to nobody and may be lost`() throws {
    var node: Node? = try start()
    let topic = try create(node!)
    try append(node!, topic, 7)

    let answer = try delete(node!, topic, before: 5, settles: false)

    #expect(answer.count == 0)
    #expect(try range(node!, topic) == [0, 7])
    node = nil
    disk.cutPower()
    node = try start()
    #expect(try range(node!, topic) == [0, 7])
    #expect(try NodeTests.values(node!, topic).count == 7)
  }

  @Test func `files stay until the older checkpoint of both superblocks has passed`() throws {
    let node = try start()
    let topic = try create(node)
    try append(node, topic, 7)
    let before = try files

    _ = try delete(node, topic, before: 7)
    #expect(try files.count == before.count + 1)
    for expected in [before.count + 1, before.count + 1] {
      try node.housekeeper.checkpoint()
      #expect(try files.count == expected)
      _ = try node.materialiser.removeExpired(below: 0)
    }
    try node.housekeeper.checkpoint()
    NodeTests.settle(node)

    #expect(try files == ["00000000000000000007.log"])
    #expect(node.cache.count <= 6, "no descriptor keeps the space of removed files")
  }

  @Test func `a start from the older checkpoint knows the log start`() throws {
    var node: Node? = try start()
    let topic = try create(node!)
    try append(node!, topic, 7)
    try node!.housekeeper.checkpoint()
    _ = try delete(node!, topic, before: 7)
    try node!.housekeeper.checkpoint()
    let newest = try #require(try disk.list("/data/snapshots").last)
    node = nil
    disk.cutPower()
    disk.corrupt("/data/snapshots/\(newest)", at: 60, [0xFF, 0xFF])

    node = try start()

    #expect(try range(node!, topic) == [7, 7])
    settle(node!)
    try append(node!, topic, 1)
    settle(node!)
    #expect(try files == ["00000000000000000007.log"])
  }

  @Test func `files that a process did not come to remove are removed by the next`() throws {
    var node: Node? = try start()
    let topic = try create(node!)
    try append(node!, topic, 7)
    _ = try delete(node!, topic, before: 6)
    try node!.housekeeper.checkpoint()
    try #require(try files.count == 4)

    node = nil
    disk.kill()
    node = try start()
    for _ in 0..<4 {
      try append(node!, topic, 1)
      settle(node!)
    }

    #expect(try files.first == "00000000000000000006.log")
    #expect(try range(node!, topic) == [6, 11])
  }

  @Test func `the files of a topic of the same name are left alone`() throws {
    let node = try start()
    let topic = try create(node)
    try append(node, topic, 7)
    _ = try delete(node, topic, before: 7)
    node.catalogue.submit(.delete(topic.name), reply: Reply { _ in })
    NodeTests.settle(node)

    let again = try NodeTests.create(node, "events", configuration: TopicConfiguration())
    try append(node, again, 3)
    settle(node)

    #expect(try NodeTests.values(node, again).count == 3)
    #expect(try files.count == 2)
  }

  @Test func `a log start goes to the end at most and never back`() throws {
    let node = try start()
    let topic = try create(node)
    try append(node, topic, 4)

    _ = try delete(node, topic, before: 100)
    #expect(try range(node, topic) == [4, 4])
    _ = try delete(node, topic, before: 1)

    #expect(try range(node, topic) == [4, 4])
  }

  @Test func `a reader below the log start is told the range`() throws {
    let node = try start()
    let topic = try create(node)
    try append(node, topic, 7)
    let log = try #require(node.published(topic))
    _ = try delete(node, topic, before: 4)

    let outcome = try log.read(
      from: 3, maxBytes: 1, in: node.directory.path(of: log.identity), cache: node.cache,
      mayBlock: true)

    guard case .outOfRange(start: 4, end: 7) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test func `a full journal still takes what frees space`() throws {
    let node = try start()
    let topic = try create(node)
    try append(node, topic, 7)
    node.sequencer.set(journalFull: true).deliver()

    let answer = try delete(node, topic, before: 5)

    #expect(answer.count == 1)
    #expect(try range(node, topic) == [5, 7])
  }
}
