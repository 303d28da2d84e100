import CommitLog
import Model
import Platform
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
}
