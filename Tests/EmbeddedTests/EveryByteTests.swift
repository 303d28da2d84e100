import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport
import Testing

@testable import Embedded

/// Every byte that a small node has on its disk turned over, one at a time: it is detected or
/// harmless, and no other record is lost.
///
/// What cannot be told is in `README.md` and is shown here to be just that: rot in the last frame of
/// a node that was killed, where it looks as if the frame had never been finished.
@Suite struct EveryByteTests {
  private let disk = SimulatedFileSystem(seed: 51)
  private let values = (0..<6).map { "value-\($0)-" + String(repeating: "z", count: 200) }

  init() throws {
    let node = try Node(NodeTests.options(disk.startProcess()))
    let topic = try NodeTests.create(node, "events")
    for (index, value) in values.enumerated() {
      try NodeTests.commit(node, topic, [value])
      // What came before the second checkpoint is in segments, the rest in the journal alone.
      if index == 1 || index == 2 {
        node.materialiser.step()
        try node.housekeeper.checkpoint()
      }
    }
    #expect(node.commit.seal() == .wrote)
    disk.kill()
  }

  /// What came of a start and a read of everything.
  private enum Outcome: Equatable {
    case refused
    /// The values; `nil` where one is damaged, and said to be.
    case read([String?])
  }

  private func outcome(_ files: SimulatedFileSystem) throws -> Outcome {
    let node: Node
    do { node = try Node(NodeTests.options(files.startProcess())) } catch { return .refused }
    guard let topic = node.topics.all.first(where: { $0.name.text == "events" }) else {
      return .read([])
    }
    let read = try DamagedJournal.read(node, topic)
    let reported = node.topics.damage.flatMap { Array($0.range) }
    #expect(reported == read.indices.filter { read[$0] == nil }.map { Offset($0) })
    // What was not answered would be a record of nobody's.
    #expect(read.allSatisfy { $0.map(values.contains) ?? true })
    return .read(read)
  }

  /// Flips bytes of `path` and judges each outcome by `isRight`.
  private func flip(
    _ path: String, _ range: Range<Int>? = nil, step: Int = 1,
    _ isRight: (Int, Outcome) -> Bool
  ) throws {
    let bytes = try #require(disk.bytes(of: path))
    for place in stride(from: range?.lowerBound ?? 0, to: range?.upperBound ?? bytes.count, by: step)
    {
      let copy = disk.copy()
      copy.corrupt(path, at: Int64(place), [bytes[place] ^ UInt8(1 << (place % 8))])
      let outcome = try outcome(copy)
      #expect(isRight(place, outcome), "\(path), byte \(place): \(outcome)")
    }
  }

  private var whole: Outcome { .read(values.map { $0 }) }

  /// All values, or all but one.
  private func costsOneAtMost(_ outcome: Outcome) -> Bool {
    guard case .read(let read) = outcome, read.count == values.count else { return false }
    return zip(read, values).count { $0 != $1 } <= 1
  }

  @Test func `superblocks and snapshots are there twice`() throws {
    for path in ["/data/superblock.0", "/data/superblock.1"] {
      try flip(path, step: 3) { _, outcome in outcome == whole }
    }
    for name in try disk.list("/data/snapshots") {
      try flip("/data/snapshots/\(name)") { _, outcome in outcome == whole }
    }
  }

  @Test func `a byte of a segment costs its own batch at most`() throws {
    for topic in try disk.list("/data/topics") {
      for name in try disk.list("/data/topics/\(topic)") {
        let path = "/data/topics/\(topic)/\(name)"
        try flip(path) { _, outcome in
          path.hasSuffix(".curlew") || topic.hasPrefix("__")
            ? outcome == whole : costsOneAtMost(outcome)
        }
      }
    }
  }

  @Test func `a byte of an acknowledged frame costs its own records at most`() throws {
    let inspector = try Inspector(DataDirectory("/data", disk), CatalogueReplayer())
    let frames = try inspector.chain.get().frames.sorted()
    let last = try #require(frames.last)
    // From the first block, the file's head, to the frame in front of the seal.
    try flip("/data/journal/00", 0..<Int(last) * 4096, step: 7) { place, outcome in
      place < 4096 ? outcome == whole || outcome == .refused : costsOneAtMost(outcome)
    }
    // The seal says nothing. Rot in it reads as its never having been written, or is refused.
    try flip("/data/journal/00", Int(last) * 4096..<Int(last + 1) * 4096, step: 7) { _, outcome in
      outcome == whole || outcome == .refused
    }
  }

  @Test func `rot in a last frame that nothing seals is the window that is named`() throws {
    let inspector = try Inspector(DataDirectory("/data", disk), CatalogueReplayer())
    let frames = try inspector.chain.get().frames.sorted()
    let last = try #require(frames.dropLast().last)
    disk.corrupt(
      "/data/journal/00", at: Int64(last + 1) * 4096, [UInt8](repeating: 0, count: 4096))
    var unnoticed = 0

    try flip("/data/journal/00", Int(last) * 4096..<Int(last + 1) * 4096) { place, outcome in
      let isStamp = (4..<16).contains(place % 4096) || place % 4096 >= 4088
      switch outcome {
      case .refused: return !isStamp
      case .read(let read):
        unnoticed += 1
        return isStamp && read == values.dropLast().map { $0 }
      }
    }
    #expect(unnoticed == 20)
  }
}
