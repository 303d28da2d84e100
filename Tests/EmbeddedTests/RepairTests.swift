import CommitLog
import Model
import Platform
import Store
import TestSupport
import Testing

@testable import Embedded

/// What an operator decides about a journal that does not tell, and how it is looked at before.
@Suite struct RepairTests {
  private let left: DamagedJournal

  init() throws { left = try DamagedJournal(materialised: false) }

  private func repair(
    _ decision: RepairDecision?, isRehearsal: Bool = false
  ) throws -> Repair.Report {
    var options = NodeTests.options(left.disk.startProcess())
    options.repair = decision
    defer { left.disk.kill() }
    return try Repair.run(options, isRehearsal: isRehearsal)
  }

  private func refuses(_ sentence: String) -> Bool {
    do {
      _ = try left.start()
      return false
    } catch {
      left.disk.kill()
      return "\(error)".contains(sentence)
    }
  }

  private func records(_ offsets: Range<Int64>) -> Repair.Report.Records {
    Repair.Report.Records(topic: "events", partition: 0, offsets: offsets)
  }

  /// Damages the payload of the last frame's second block: its rows can be read, its batch cannot.
  private func damageLastFrame() throws {
    let node = try Node(NodeTests.options(left.disk.startProcess()))
    let topic = try #require(node.topics.all.first)
    let answer = TestAnswer<AppendOutcome>()
    let value = String(repeating: "y", count: 6_000)
    try node.sequencer.append(
      Entry(appends: [Entry.Append(topic: topic, partition: 0, batch: NodeTests.batch([value]))]),
      reply: answer.appendReply)
    while node.commit.step() == .wrote {}
    _ = try answer.result?.get()
    left.disk.kill()
    let frames = try Inspector(DataDirectory("/data", left.disk), CatalogueReplayer()).chain.get()
    let last = try #require(frames.frames.max())
    left.flip(Int64(last + 1) * 4096 + 900)
  }

  @Test func `a last frame that was never acknowledged is cut off and kept`() throws {
    try damageLastFrame()
    #expect(refuses("cannot be told; curlew log repair decides"))
    let before = left.content()

    let rehearsed = try repair(.neverAcknowledged, isRehearsal: true)
    #expect(left.content() == before)
    let report = try repair(.neverAcknowledged)

    #expect(rehearsed == report && report.damage.isEmpty)
    let kept = try #require(report.kept)
    #expect(left.disk.bytes(of: kept)?.count == 2 * 4096)
    let (node, topic) = try left.start()
    #expect(try left.read(node, topic) == left.values)
    _ = try NodeTests.append(node, topic, ["new"])
    left.disk.cutPower()
    let (again, _) = try left.start()
    #expect(try left.read(again, topic) == left.values + ["new"])
  }

  @Test func `a last frame that was acknowledged leaves a gap of its own offsets`() throws {
    try damageLastFrame()

    let report = try repair(.leaveGap)

    #expect(report.damage == [records(10..<11)] && report.allDamage == report.damage)
    let (node, topic) = try left.start()
    #expect(try left.read(node, topic) == left.values + [nil])
    _ = try NodeTests.append(node, topic, ["new"])
    #expect(try left.read(node, topic) == left.values + [nil, "new"])
  }

  @Test func `frames of which nobody tells what they held leave what they may have held`() throws {
    try left.damage(3)
    try left.damage(4)
    #expect(refuses("cannot be told"))

    let report = try repair(.leaveGap)

    // The frame behind them tells where the second ended, and its own row where it begins.
    #expect(report.damage == [records(3..<5)])
    let (node, topic) = try left.start()
    #expect(
      try left.read(node, topic)
        == left.values.enumerated().map { [3, 4].contains($0) ? nil : $1 })
  }

  @Test func `a journal that lost its end goes on behind all that it can have held`() throws {
    // A start has said that everything up to here was there.
    _ = try left.start()
    left.disk.kill()
    for index in 7..<10 { left.erase(index) }
    #expect(refuses("had been acknowledged; curlew log repair decides"))
    #expect(throws: LogError.self) { try repair(.neverAcknowledged) }

    let report = try repair(.leaveGap)

    let gap = try #require(report.damage.first?.offsets)
    #expect(gap.lowerBound <= 10 && gap.upperBound >= 10)
    let (node, topic) = try left.start()
    let read = try left.read(node, topic)
    #expect(read.prefix(7) == left.values.prefix(7).map { $0 }[...])
    _ = try NodeTests.append(node, topic, ["new"])
    left.disk.cutPower()
    let (again, _) = try left.start()
    #expect(try left.read(again, topic).last == "new")
  }

  @Test func `a missing journal file is no end, and can be given up`() throws {
    try left.disk.remove("/data/journal/00")
    #expect(refuses("/data/journal/00, block 0: file 0 of the journal is missing"))

    let report = try repair(.leaveGap)

    #expect(report.damage.first?.offsets.lowerBound == 0)
    #expect(try #require(report.damage.first).offsets.count >= left.values.count)
    let (node, topic) = try left.start()
    _ = try NodeTests.append(node, topic, ["new"])
    #expect(try left.read(node, topic).last == "new")
  }

  @Test func `without its newest file a journal is not repaired`() throws {
    try left.disk.remove("/data/journal/01")

    #expect(refuses("the newest journal file is missing"))
    #expect(throws: LogError.self) { try repair(.leaveGap) }
    let (node, topic) = try look()
    #expect(try left.read(node, topic) == left.values)
  }

  @Test func `a directory that is whole needs no repair`() throws {
    let before = left.content()

    let report = try repair(nil, isRehearsal: true)

    #expect(report.damage.isEmpty && report.healed.isEmpty && report.kept == nil)
    #expect(left.content() == before)
  }

  // Looking only.

  private func look() throws -> (Node, Topic) {
    var options = NodeTests.options(left.disk.startProcess())
    options.isReadOnly = true
    let node = try Node(options)
    return (node, try #require(node.topics.all.first { $0.name.text == "events" }))
  }

  @Test func `who only looks sees what is there, and changes nothing`() throws {
    let before = left.content()

    let (node, topic) = try look()

    #expect(try left.read(node, topic) == left.values)
    #expect(
      throws: StoreError.unavailable(
        "The server runs with --read-only: nothing can be written.")
    ) { try NodeTests.append(node, topic, ["new"]) }
    #expect(left.content() == before)
  }

  @Test func `who only looks is shown a directory that no start would take`() throws {
    try damageLastFrame()
    let before = left.content()

    let (node, topic) = try look()

    #expect(try left.read(node, topic) == left.values)
    #expect(left.content() == before)
  }

  @Test func `who only looks goes over a catalogue that lost records`() throws {
    let disk = SimulatedFileSystem(seed: 31)
    let node = try Node(NodeTests.options(disk.startProcess()))
    _ = try NodeTests.create(node, "first")
    let second = try NodeTests.create(node, "second")
    _ = try NodeTests.append(node, second, ["kept"])
    disk.kill()
    let frames = try Inspector(DataDirectory("/data", disk), CatalogueReplayer()).chain.get().frames
    disk.corrupt("/data/journal/00", at: Int64(try #require(frames.min())) * 4096 + 200, [0xFF, 0])
    #expect(throws: LogError.self) { try Node(NodeTests.options(disk.startProcess())) }
    disk.kill()

    var options = NodeTests.options(disk.startProcess())
    options.isReadOnly = true
    let looking = try Node(options)

    let topic = try #require(looking.topics.all.first { $0.name.text == "second" })
    #expect(try NodeTests.values(looking, topic) == ["kept"])
  }
}
