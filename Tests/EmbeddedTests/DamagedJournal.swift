import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// A dead node's directory: ten values of "events" behind a checkpoint, a frame each. The
/// materialiser has written them or not.
struct DamagedJournal {
  let disk = SimulatedFileSystem(seed: 21)
  let values = (0..<10).map { "value-\($0)-" + String(repeating: "x", count: 300) }
  let frames: [Position]

  init(materialised: Bool) throws {
    let node = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(node, "events")
    try node.housekeeper.checkpoint()
    for value in values { try Self.append(value, to: topic, node, materialised) }
    disk.kill()
    let inspector = try Inspector(DataDirectory("/data", disk), CatalogueReplayer())
    frames = try inspector.chain.get().frames.sorted()
  }

  private static func append(
    _ value: String, to topic: Topic, _ node: Node, _ isMaterialised: Bool
  ) throws {
    _ = try NodeTests.commit(node, topic, [value])?.get()
    if isMaterialised { node.materialiser.step() }
  }

  /// Damages the frame that holds `values[index]`.
  func damage(_ index: Int) throws {
    let place = Int64(frames[index]) * 4096 + 500
    let byte = try #require(disk.bytes(of: "/data/journal/00")?[Int(place)])
    disk.corrupt("/data/journal/00", at: place, [byte ^ 8])
  }

  /// Lets the frame of `values[index]` be as if it had never been written.
  func erase(_ index: Int) {
    disk.corrupt(
      "/data/journal/00", at: Int64(frames[index]) * 4096, [UInt8](repeating: 0, count: 4096))
  }

  func start() throws -> (Node, Topic) {
    let node = try Node(NodeTests.options(disk.startProcess()))
    return (node, try #require(node.topics.all.first { $0.name.text == "events" }))
  }

  /// The values that can be read, with what is passed over as `nil`.
  func read(_ node: Node, _ topic: Topic) throws -> [String?] { try Self.read(node, topic) }

  static func read(_ node: Node, _ topic: Topic) throws -> [String?] {
    let log = try #require(node.published(topic))
    var values: [String?] = []
    while values.count < Int(log.range.end) {
      let outcome = try log.read(
        from: Offset(values.count), maxBytes: 1, in: node.directory.path(of: log.identity),
        cache: node.cache, mayBlock: true)
      switch outcome {
      case .damaged(let range):
        #expect(range.lowerBound == Offset(values.count))
        values += [String?](repeating: nil, count: range.count)
      case .batches(let batches):
        for batch in batches {
          var cursor = RecordCursor(batch)
          while let record = try cursor.next() {
            guard record.offset == Offset(values.count), let value = record.value else { continue }
            values.append(String(decoding: batch.storage[value], as: UTF8.self))
          }
        }
      case .outOfRange, .wouldBlock, .deleted: throw StoreError.unavailable("\(outcome)")
      }
    }
    return values
  }

  /// Turns a bit of the journal's first file over.
  func flip(_ place: Int64) {
    guard let byte = disk.bytes(of: "/data/journal/00")?[Int(place)] else { return }
    disk.corrupt("/data/journal/00", at: place, [byte ^ 8])
  }

  /// Every file below `path` with its bytes.
  func content(below path: String = "/data") -> [String: [UInt8]] {
    var content: [String: [UInt8]] = [:]
    for name in (try? disk.list(path)) ?? [] {
      let child = "\(path)/\(name)"
      if let bytes = disk.bytes(of: child) {
        content[child] = bytes
      } else {
        content.merge(self.content(below: child)) { $1 }
      }
    }
    return content
  }
}
