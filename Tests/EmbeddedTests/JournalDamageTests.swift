import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// What a start makes of a journal whose acknowledged frames are damaged.
@Suite struct JournalDamageTests {
  private func damage(_ node: Node) -> [Range<Offset>] { node.topics.damage.map(\.range) }

  @Test(arguments: [[4], [0], [2, 7], [8]])
  func `damage that segments make good is healed`(indices: [Int]) throws {
    let left = try DamagedJournal(materialised: true)
    for index in indices { try left.damage(index) }

    let (node, topic) = try left.start()

    #expect(try left.read(node, topic) == left.values)
    #expect(damage(node).isEmpty && node.recovery.damage.isEmpty)
    #expect(!node.recovery.healed.isEmpty)
  }

  @Test(arguments: [[4], [0], [2, 7], [8]])
  func `damage that nothing makes good is fenced, and the rest is served`(indices: [Int]) throws {
    let left = try DamagedJournal(materialised: false)
    for index in indices { try left.damage(index) }
    let expected = left.values.enumerated().map { indices.contains($0) ? nil : $1 }

    let (node, topic) = try left.start()
    #expect(try left.read(node, topic) == expected)
    #expect(damage(node) == indices.map { Offset($0)..<Offset($0) + 1 })

    // New records come behind, and a restart knows all of it, whatever it is replayed from.
    _ = try NodeTests.append(node, topic, ["new"])
    left.disk.kill()
    for name in try left.disk.list("/data/snapshots").suffix(1) {
      try left.disk.remove("/data/snapshots/\(name)")
    }
    let (again, _) = try left.start()
    #expect(try left.read(again, topic) == expected + ["new"])
    #expect(damage(again) == indices.map { Offset($0)..<Offset($0) + 1 })
  }

  @Test func `frames whose heads are gone one behind the other are refused`() throws {
    let left = try DamagedJournal(materialised: false)
    try left.damage(3)
    try left.damage(4)

    let error = #expect(throws: LogError.self) { try left.start() }

    #expect("\(try #require(error))".contains("cannot be told; curlew log repair decides"))
  }

  @Test func `a last frame that is gone is taken from the segment that holds it`() throws {
    let left = try DamagedJournal(materialised: true)
    left.erase(9)

    let (node, topic) = try left.start()

    #expect(try left.read(node, topic) == left.values)
    #expect(node.recovery.healed == [PartitionRange(PartitionNumber(1), 9..<10)])
  }

  @Test func `a last frame of which nothing is left anywhere reads as never written`() throws {
    let left = try DamagedJournal(materialised: false)
    left.erase(9)

    let (node, topic) = try left.start()

    #expect(try left.read(node, topic) == Array(left.values.dropLast()))
    #expect(damage(node).isEmpty)
  }

  @Test func `damage in the catalogue is refused, and nothing is changed`() throws {
    let disk = SimulatedFileSystem(seed: 22)
    let node = try Node(NodeTests.options(disk.startProcess()))
    _ = try NodeTests.create(node, "first")
    _ = try NodeTests.create(node, "second")
    disk.kill()
    let place = try Inspector(DataDirectory("/data", disk), CatalogueReplayer()).chain.get().frames
    let first = try #require(place.min())
    disk.corrupt("/data/journal/00", at: Int64(first) * 4096 + 200, [0xFF, 0, 0xFF])
    let before = disk.bytes(of: "/data/superblock.0")

    let error = #expect(throws: LogError.self) {
      try Node(NodeTests.options(disk.startProcess()))
    }

    #expect("\(try #require(error))".contains("records of the catalogue are lost"))
    #expect(disk.bytes(of: "/data/superblock.0") == before)
  }

  @Test func `a start that is interrupted finds the same damage again`() throws {
    for operations in stride(from: 1, to: 120, by: 3) {
      let left = try DamagedJournal(materialised: false)
      try left.damage(5)
      left.disk.crashAfterOperations = operations
      let crashed = try? left.start()
      left.disk.crashAfterOperations = nil
      _ = crashed
      left.disk.cutPower()

      let (node, topic) = try left.start()

      #expect(damage(node) == [5..<6], "\(operations)")
      #expect(
        try left.read(node, topic) == left.values.enumerated().map { $0 == 5 ? nil : $1 },
        "\(operations)")
    }
  }
}
