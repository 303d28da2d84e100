import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// Damage in segments, from the moment that somebody reads it.
@Suite struct SegmentDamageTests {
  private let disk = SimulatedFileSystem(seed: 41)
  private static let first = "/data/topics/events-0/00000000000000000000"

  /// A node with a sealed segment and an active one of `events`, none of them in memory.
  private func start() throws -> (Node, Topic, [String]) {
    var options = NodeTests.options(disk.startProcess())
    options.segmentBytes = 20_000
    options.limits.tailBytes = 0
    let node = try Node(options)
    if let topic = node.topics.all.first { return (node, topic, []) }
    let topic = try NodeTests.create(node, "events")
    let values = (0..<30).map { "\($0) " + String(repeating: "v", count: 900) }
    for value in values { _ = try NodeTests.append(node, topic, [value]) }
    try node.housekeeper.checkpoint()
    NodeTests.settle(node)
    return (node, topic, values)
  }

  private func flip(_ path: String, _ place: Int) throws {
    let byte = try #require(disk.bytes(of: path)?[place])
    disk.corrupt(path, at: Int64(place), [byte ^ 32])
  }

  private func read(_ node: Node, _ topic: Topic, _ offset: Offset) throws -> ReadOutcome {
    let log = try #require(node.published(topic))
    defer { node.damage.look(at: log) }
    return try log.read(
      from: offset, maxBytes: 1, in: node.directory.path(of: log.identity), cache: node.cache,
      mayBlock: true)
  }

  private func damage(_ node: Node) -> [Range<Offset>] { node.topics.damage.map(\.range) }

  @Test func `damage that a read meets is fenced, recorded, and known after a restart`() throws {
    let (node, topic, values) = try start()
    try flip("\(Self.first).log", 5 * 1_000)

    for offset in values.indices {
      switch try read(node, topic, Offset(offset)) {
      case .damaged(let range): #expect(range == Offset(offset)..<Offset(offset) + 1)
      case .batches(let batches): #expect(batches.first?.baseOffset == Offset(offset))
      case .outOfRange, .wouldBlock, .deleted: Issue.record("\(offset)")
      }
    }
    #expect(damage(node).count == 1)
    let found = damage(node)
    #expect(node.collectDamage())
    NodeTests.settle(node)
    #expect(!node.collectDamage())

    disk.cutPower()
    let (again, _, _) = try start()
    #expect(damage(again) == found)
    guard case .damaged(found[0]) = try read(again, topic, found[0].lowerBound) else {
      Issue.record("what is known to be damaged is read")
      return
    }
  }

  @Test func `a damaged active segment is not appended to`() throws {
    let (node, topic, values) = try start()
    let before = try disk.list("/data/topics/events-0")
    let active = try #require(before.filter { $0.hasSuffix(".log") }.last)
    try flip("/data/topics/events-0/\(active)", 100)
    let base = try #require(Offset(active.dropLast(4)))
    guard case .damaged(let range) = try read(node, topic, base) else {
      Issue.record("a damaged batch is read")
      return
    }
    #expect(range.lowerBound == base)

    #expect(node.collectDamage())
    NodeTests.settle(node)
    _ = try NodeTests.append(node, topic, ["new"])
    try node.housekeeper.checkpoint()

    let names = try disk.list("/data/topics/events-0")
    #expect(names.count == before.count + 2)
    #expect(names.contains(DataDirectoryName.log(Offset(values.count))))
    let result = try Verification.run(DataDirectory("/data", disk), CatalogueReplayer())
    #expect(result.findings.allSatisfy { $0.path.contains(String(active.dropLast(4))) })
  }

  @Test func `the scrubber finds what nobody has read`() throws {
    let (node, _, values) = try start()
    try flip("\(Self.first).log", 5 * 1_000)
    #expect(damage(node).isEmpty)

    node.scrubber.begin()
    var bytes = 0
    while let checked = node.scrubber.step() { bytes += checked }

    #expect(bytes > values.count / 2 * 900)
    #expect(damage(node).count == 1 && damage(node)[0].count == 1)
    #expect(node.collectDamage())
  }

  @Test func `a segment that is gone is damaged as a whole`() throws {
    let (node, _, _) = try start()
    let end = try #require(
      try disk.list("/data/topics/events-0").filter { $0.hasSuffix(".log") }.dropFirst().first)
    try disk.remove("\(Self.first).log")

    node.scrubber.begin()
    while node.scrubber.step() != nil {}

    #expect(damage(node) == [0..<(try #require(Offset(end.dropLast(4))))])
  }

  @Test func `what is whole again is known so at the next start`() throws {
    let (node, _, values) = try start()
    try flip("\(Self.first).log", 5 * 1_000)
    node.scrubber.begin()
    while node.scrubber.step() != nil {}
    #expect(node.collectDamage())
    NodeTests.settle(node)
    disk.kill()
    #expect(damage(try start().0).count == 1)
    disk.kill()
    // As if it came from a backup.
    try flip("\(Self.first).log", 5 * 1_000)

    let (again, topic, _) = try start()

    #expect(damage(again).isEmpty && again.catalogue.peek { $0.damage.isEmpty })
    #expect(try NodeTests.values(again, topic) == values)
  }

  @Test func `damage goes with its topic`() throws {
    let (node, topic, _) = try start()
    try flip("\(Self.first).log", 5 * 1_000)
    node.scrubber.begin()
    while node.scrubber.step() != nil {}
    #expect(node.collectDamage())
    NodeTests.settle(node)

    node.catalogue.submit(.delete(topic.name), reply: Reply { _ in })
    NodeTests.settle(node)
    _ = try NodeTests.create(node, "events")

    #expect(damage(node).isEmpty)
    #expect(node.catalogue.peek { $0.damage.isEmpty })
  }
}

/// Names of files as partitions have them.
enum DataDirectoryName {
  static func log(_ base: Offset) -> String {
    let digits = String(base)
    return String(repeating: "0", count: 20 - digits.count) + digits + ".log"
  }
}
