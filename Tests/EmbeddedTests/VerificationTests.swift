import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// What the inspection of a data directory says, over directories that a node has left.
@Suite struct VerificationTests {
  /// A node's directory with a checkpoint and frames behind it.
  private struct Left {
    let disk: SimulatedFileSystem
    let records: [String]
    let directory: DataDirectory

    /// `behind`: records that came after the checkpoint.
    init(behind: Int = 6) throws {
      disk = SimulatedFileSystem(seed: 9)
      directory = DataDirectory("/data", disk)
      let node = try Node(NodeTests.options(disk.startProcess()))
      let topic = try NodeTests.create(node, "events")
      var records: [String] = []
      for index in 0..<12 + behind {
        let text = "\(index) " + String(repeating: "abcdefgh", count: 30)
        _ = try NodeTests.append(node, topic, [text, "\(index) second"])
        records += [text, "\(index) second"]
        if index == 5 { try node.housekeeper.checkpoint() }
        if index == 11 { try node.housekeeper.checkpoint() }
      }
      self.records = records
      disk.kill()
    }

    func verify() throws -> Verification { try Verification.run(directory, CatalogueReplayer()) }

    func inspect() throws -> Inspector { try Inspector(directory, CatalogueReplayer()) }

    /// Turns a bit over, calls `body`, and turns it back.
    func flip(_ path: String, _ position: Int64, _ body: () throws -> Void) throws {
      let byte = try #require(try disk.open(path, .read).read(1, at: position).first)
      disk.corrupt(path, at: position, [byte ^ 1 << UInt8(position % 8)])
      try body()
      disk.corrupt(path, at: position, [byte])
    }

    func size(_ path: String) throws -> Int64 { try #require(try disk.status(path)).size }
  }

  private static let segment = "/data/topics/events-0/00000000000000000000"

  @Test func `a directory that a killed node left is whole, and nothing in it changes`() throws {
    let left = try Left()
    let operations = left.disk.operationCount

    let result = try left.verify()

    #expect(result.findings.isEmpty && result.notes.isEmpty)
    #expect(result.verdict == .end && result.frames == 6)
    #expect(result.records == Int64(left.records.count) + 2)
    #expect(left.disk.operationCount == operations)
  }

  @Test func `every bit of a segment below the checkpoint that turns over is found`() throws {
    let left = try Left(behind: 0)
    for path in ["\(Self.segment).log", "\(Self.segment).curlew"] {
      for position in stride(from: 0, to: try left.size(path), by: 13) {
        try left.flip(path, position) { () throws in
          let findings = try left.verify().findings
          #expect(findings.first?.path.hasPrefix(Self.segment) == true, "\(path) \(position)")
        }
      }
    }
    #expect(try left.verify().findings.isEmpty)
  }

  @Test func `a sealed segment is held against its seal and its digest`() throws {
    let disk = SimulatedFileSystem(seed: 12)
    let directory = DataDirectory("/data", disk)
    let node = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(
      node, "events", configuration: TopicConfiguration(recorded: ["segment.bytes": "1048576"]))
    for index in 0..<20 {
      let text = String(repeating: "\(index % 10)", count: 60_000)
      _ = try NodeTests.append(node, topic, [text])
    }
    try node.housekeeper.checkpoint()
    disk.kill()
    let first = try #require(
      try Inspector(directory, CatalogueReplayer()).partitions().last?.segments.first)
    try #require(first.isSealed && first.end == 17)
    let whole = try Verification.run(directory, CatalogueReplayer())
    #expect(whole.findings.isEmpty && whole.notes.isEmpty && whole.records == 22)

    let sidecar = "\(Self.segment).curlew"
    let size = try #require(try disk.status(sidecar)).size
    for (path, position) in [
      (first.path, 500), (first.path, first.bytes - 1), (sidecar, 70), (sidecar, size - 1),
      (sidecar, size - 30),
    ] {
      let copy = disk.copy()
      let byte = try #require(try copy.open(path, .read).read(1, at: position).first)
      copy.corrupt(path, at: position, [byte ^ 1])
      let result = try Verification.run(DataDirectory("/data", copy), CatalogueReplayer())
      #expect(Set(result.findings.map(\.path)) == [path], "\(path) \(position)")
    }
    for path in [first.path, sidecar] {
      let copy = disk.copy()
      try copy.put([0], to: path, at: try #require(try copy.status(path)).size)
      let result = try Verification.run(DataDirectory("/data", copy), CatalogueReplayer())
      #expect(result.findings.map(\.path) == [path])
    }
  }

  @Test func `every bit of a superblock or snapshot that turns over is found`() throws {
    let left = try Left()
    let snapshots = try left.disk.list("/data/snapshots").map { "/data/snapshots/\($0)" }
    #expect(snapshots.count == 2)
    for path in snapshots + ["/data/superblock.0", "/data/superblock.1"] {
      for position in stride(from: 0, to: try left.size(path), by: 41) {
        try left.flip(path, position) { () throws in
          #expect(
            try left.verify().findings.map(\.path).contains(path), "\(path) \(position)")
        }
      }
    }
  }

  @Test func `damage in the live chain names file and block`() throws {
    let left = try Left()
    let inspector = try left.inspect()
    let live = try inspector.chain.get().frames.sorted()
    let block = try #require(live.dropFirst().first)

    try left.flip("/data/journal/00", Int64(block) * 4096 + 1_000) { () throws in
      let result = try left.verify()
      let finding = try #require(result.findings.first)
      #expect(result.verdict == .end && finding.path == "/data/journal/00")
      #expect(finding.position == Int64(block) * 4096)
      #expect(finding.sentence.hasPrefix("block \(block): a later frame follows one that"))
    }
  }

  @Test func `what the next start writes again is no damage`() throws {
    let left = try Left()
    let checkpointed = try Left(behind: 0).size("\(Self.segment).log")
    #expect(try left.size("\(Self.segment).log") > checkpointed)

    try left.flip("\(Self.segment).log", checkpointed + 30) { () throws in
      let result = try left.verify()
      #expect(result.findings.isEmpty)
      #expect(result.notes.map(\.path) == ["\(Self.segment).log"])
      #expect(result.notes.first?.position == checkpointed)

      // A start does: then all of it is there.
      let copy = left.disk.copy()
      _ = try Node(NodeTests.options(copy.startProcess()))
      copy.kill()
      let after = try Verification.run(DataDirectory("/data", copy), CatalogueReplayer())
      #expect(after.findings.isEmpty && after.notes.isEmpty)
      #expect(after.records == Int64(left.records.count) + 2)
    }
    try left.flip("\(Self.segment).log", checkpointed - 30) { () throws in
      #expect(try left.verify().findings.map(\.path) == ["\(Self.segment).log"])
    }
  }

  @Test func `files that are missing or too short are found`() throws {
    for path in [
      "\(Self.segment).log", "\(Self.segment).curlew", "/data/journal/00", "/data/superblock.0",
      "/data/snapshots/\(try Left().disk.list("/data/snapshots")[1])",
    ] {
      let left = try Left()
      try left.disk.open(path, .update).truncate(to: 40)
      #expect(try left.verify().findings.map(\.path).contains(path), "\(path) is short")

      try left.disk.remove(path)
      #expect(try left.verify().findings.map(\.path).contains(path), "\(path) is missing")
    }
  }

  @Test func `a segment of another partition is found`() throws {
    let left = try Left()
    let other = try #require(
      left.disk.bytes(of: "/data/topics/__curlew_catalogue-0/00000000000000000000.curlew"))
    left.disk.corrupt("\(Self.segment).curlew", at: 0, Array(other[..<64]))

    let finding = try #require(try left.verify().findings.first)

    #expect(finding.path == "\(Self.segment).curlew" && finding.position == 0)
    #expect(finding.sentence.hasPrefix("it is of partition 0,"))
  }

  @Test func `a journal that lost what segments still hold is found`() throws {
    let left = try Left()
    let live = try left.inspect().chain.get().frames.sorted()
    let last = try #require(live.last)
    try left.disk.put(
      [UInt8](repeating: 0, count: 4096), to: "/data/journal/00", at: Int64(last) * 4096)

    let finding = try #require(try left.verify().findings.first)

    #expect(finding.path == "\(Self.segment).log")
    #expect(finding.sentence.contains("the journal has lost acknowledged records from offset 34"))
  }

  @Test func `directories that are nobody's are noted`() throws {
    let left = try Left()
    try left.disk.makeDirectory("/data/topics/stray-0")
    try left.disk.put([1], to: "/data/topics/stray-0/00000000000000000000.log")

    let result = try left.verify()

    #expect(result.findings.isEmpty)
    #expect(result.notes.map(\.path) == ["/data/topics/stray-0"])
  }

  @Test func `a deleted topic leaves nothing to find`() throws {
    let disk = SimulatedFileSystem(seed: 10)
    let node = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(node, "events")
    _ = try NodeTests.append(node, topic, ["one"])
    try node.housekeeper.checkpoint()
    node.catalogue.submit(.delete(topic.name), reply: Reply { _ in })
    NodeTests.settle(node)
    disk.kill()

    let result = try Verification.run(DataDirectory("/data", disk), CatalogueReplayer())

    #expect(result.findings.isEmpty && result.notes.isEmpty && result.records == 3)
  }

  @Test func `a place that holds no log is refused`() throws {
    let disk = SimulatedFileSystem(seed: 11)
    try disk.makeDirectory("/empty")
    try disk.put([1], to: "/file")

    for (path, sentence) in [
      ("/absent", "there is no directory /absent"), ("/file", "/file is no directory"),
      ("/empty", "/empty holds no log: it has no superblock"),
    ] {
      #expect(throws: LogError.refused(sentence)) {
        try Verification.run(DataDirectory(path, disk), CatalogueReplayer())
      }
    }
  }

  // What is shown.

  @Test func `records are shown in order, also those that only the journal has`() throws {
    let left = try Left()
    for path in ["\(Self.segment).log", "\(Self.segment).curlew"] {
      // As if the materialiser had not come to write since the checkpoint.
      let size = try Left(behind: 0).size(path)
      try left.disk.open(path, .update).truncate(to: size)
    }
    let result = try left.verify()
    #expect(result.findings.isEmpty && result.records == Int64(left.records.count) + 2)
    let inspector = try left.inspect()
    let partition = try #require(
      try inspector.partitions().first { $0.directory == "events-0" })
    #expect(partition.end == Offset(left.records.count))

    var values: [String] = []
    try inspector.records(of: partition) { item in
      guard case .batch(let batch) = item else { return }
      var cursor = RecordCursor(batch)
      while let record = try cursor.next() {
        #expect(record.offset == Offset(values.count))
        let value = try #require(record.value)
        values.append(String(decoding: batch.storage[value], as: UTF8.self))
      }
    }

    #expect(values == left.records)
  }

  @Test func `partitions and segments are shown with their offsets`() throws {
    let left = try Left()
    let partitions = try left.inspect().partitions()

    #expect(partitions.map(\.directory) == ["__curlew_catalogue-0", "events-0"])
    let segment = try #require(partitions[1].segments.first)
    #expect(partitions[1].segments.count == 1 && partitions[1].identity?.number.rawValue == 1)
    #expect(segment.base == 0 && segment.end == Offset(left.records.count))
    #expect(segment.records == Int64(left.records.count))
    #expect(segment.firstTimestamp == 1 && segment.greatestTimestamp == 1)
    #expect(segment.finding == nil && !segment.isSealed)
  }

  @Test func `every whole frame is shown with what it is to the next start`() throws {
    let left = try Left()
    let inspector = try left.inspect()
    let file = try #require(inspector.journalFiles.first)

    var frames: [InspectedFrame] = []
    inspector.frames(in: file) { item in
      if case .frame(let frame) = item { frames.append(frame) }
    }

    let chain = try inspector.chain.get()
    #expect(frames.map(\.head.position) == (1..<20).map { UInt64($0) })
    #expect(Set(frames.filter { $0.standing == .live }.map(\.head.position)) == chain.frames)
    #expect(frames.filter { $0.standing == .covered }.allSatisfy { $0.head.position < chain.start })
    #expect(!frames.contains { $0.standing == .remains })
  }
}
