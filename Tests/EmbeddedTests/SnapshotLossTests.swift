import CommitLog
import Model
import Platform
import Store
import TestSupport
import Testing

@testable import Embedded

/// What follows when somebody deletes `snapshots/`.
@Suite struct SnapshotLossTests {
  private let disk = SimulatedFileSystem(seed: 3)

  /// A node that has appended `count` values and taken checkpoints, dead now, its snapshots gone.
  private func lose(after count: Int) throws -> (topic: String, values: [String]) {
    let node = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(node, "events")
    var values: [String] = []
    for number in 0..<count {
      values.append("value-\(number)-" + String(repeating: "x", count: 3_000))
      _ = try NodeTests.append(node, topic, [values[number]])
      if number % 10 == 0 { try node.housekeeper.checkpoint() }
    }
    #expect(try disk.list("/data/snapshots").count >= 2)
    disk.kill()
    try disk.removeTree("/data/snapshots")
    return (topic.name.text, values)
  }

  /// Every file below `/data` with its bytes.
  private func content(below path: String = "/data") throws -> [String: [UInt8]] {
    var content: [String: [UInt8]] = [:]
    for name in try disk.list(path) {
      let child = "\(path)/\(name)"
      if try disk.status(child)?.isDirectory == true {
        content.merge(try self.content(below: child)) { $1 }
      } else {
        content[child] = disk.bytes(of: child)
      }
    }
    return content
  }

  @Test func `a journal that reaches back to the beginning rebuilds everything`() throws {
    let lost = try lose(after: 30)

    let node = try Node(NodeTests.options(disk.startProcess()))

    let topic = try #require(node.topics.all.first { $0.name.text == lost.topic })
    #expect(try NodeTests.values(node, topic) == lost.values)
    #expect(node.recovery.checkpoints == [])
    try node.housekeeper.checkpoint()
    #expect(try disk.list("/data/snapshots").count == 1)
  }

  @Test func `a journal that does not is refused by a sentence, and nothing is changed`() throws {
    _ = try lose(after: 400)
    let before = try content()

    let error = #expect(throws: LogError.self) {
      try Node(NodeTests.options(disk.startProcess()))
    }

    guard case .refused(let sentence)? = error else {
      Issue.record("refused otherwise: \(String(describing: error))")
      return
    }
    #expect(sentence.contains("/data/snapshots holds no whole snapshot"))
    #expect(sentence.contains("restore the snapshots"))
    #expect(try content() == before)
  }
}
