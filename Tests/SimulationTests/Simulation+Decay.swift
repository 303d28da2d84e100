import CommitLog
import Embedded
import Model
import TestSupport

/// What goes wrong with a disk besides crashes.
extension Simulation {
  /// What decays.
  enum Rot: CaseIterable {
    /// The content of a journal block, whose stamps stay right: whoever had it acknowledged must be
    /// told, unless segments have it.
    case journal
    /// A segment or its sidecar: no other record may suffer.
    case segment
    /// A superblock: the other must do.
    case superblock
    /// The newest snapshot: the one before it must do.
    case snapshot
  }

  /// A byte that has changed.
  struct Decay {
    var path: String
    var at: Int64
    var was: UInt8
    /// Whether the node may refuse to start because of it.
    var mayStop: Bool
  }

  /// Changes a byte on the disk, if this simulation does so and it is time.
  mutating func decay() -> Decay? {
    guard let rot = options.rot, !hasRotted, random.below(3) == 0 else { return nil }
    // A crash may have torn one superblock; losing the other as well is too much.
    if rot == .superblock, SuperblockPair.all(in: DataDirectory("/data", disk)).count < 2 {
      return nil
    }
    guard let (path, at) = place(of: rot), let bytes = disk.bytes(of: path), at < bytes.count else {
      return nil
    }
    for records in victims(of: rot, path, at) { checker.doom(records) }
    disk.corrupt(path, at: Int64(at), [bytes[at] ^ UInt8(1 << random.below(8))])
    report.rotten += 1
    hasRotted = rot == .superblock || rot == .snapshot
    let decay = Decay(path: path, at: Int64(at), was: bytes[at], mayStop: rot == .journal)
    decays.append(decay)
    return decay
  }

  private mutating func place(of rot: Rot) -> (String, Int)? {
    switch rot {
    case .superblock: return ("/data/superblock.\(random.below(2))", random.below(4096))
    case .snapshot:
      guard let name = try? disk.list("/data/snapshots").last else { return nil }
      let path = "/data/snapshots/\(name)"
      return disk.bytes(of: path).map { (path, random.below(max(1, $0.count))) }
    case .segment:
      var paths: [String] = []
      for name in (try? disk.list("/data/topics")) ?? [] {
        for file in (try? disk.list("/data/topics/\(name)")) ?? [] {
          paths.append("/data/topics/\(name)/\(file)")
        }
      }
      guard let path = paths.randomElement(using: &random) else { return nil }
      return disk.bytes(of: path).map { (path, random.below(max(1, $0.count))) }
    case .journal:
      var blocks: [(position: UInt64, path: String, at: Int)] = []
      for name in (try? disk.list("/data/journal")) ?? [] {
        let path = "/data/journal/\(name)"
        let bytes = disk.bytes(of: path) ?? []
        for at in stride(from: 4096, to: bytes.count - 4095, by: 4096) {
          let position = bytes[at + 8..<at + 16].reversed().reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
          }
          if position > 0 { blocks.append((position, path, at)) }
        }
      }
      blocks.sort { $0.position > $1.position }
      // What decays among the newest blocks is what no checkpoint covers yet.
      guard let block = blocks.prefix(40).randomElement(using: &random) else { return nil }
      return (block.path, block.at + 24 + random.below(4_000))
    }
  }

  /// The records that may be lost when the byte at `at` of `path` changes.
  private func victims(of rot: Rot, _ path: String, _ at: Int) -> [DamagedRecords] {
    guard
      let inspector = try? Inspector(DataDirectory("/data", disk), CatalogueReplayer()),
      let partitions = try? inspector.partitions()
    else { return [] }
    switch rot {
    case .superblock, .snapshot: return []
    case .segment:
      guard path.hasSuffix(".log"),
        let identity = partitions.first(where: { path.contains("/\($0.directory)/") })?.identity,
        let offsets = batch(at: at, of: undecayed(path))
      else { return [] }
      return [
        DamagedRecords(
          topic: identity.topicID.text, partition: Int(identity.index), offsets: offsets)
      ]
    case .journal:
      guard let file = inspector.journalFiles.first(where: { $0.path == path }),
        let sequence = file.value?.sequence, let geometry = inspector.newest?.geometry
      else { return [] }
      let position = geometry.start(of: sequence) + UInt64(at / 4096)
      var rows: [Row] = []
      inspector.frames(in: file) { item in
        guard case .frame(let frame) = item, frame.head.position <= position,
          position < frame.head.position + UInt64(frame.head.blocks)
        else { return }
        rows = frame.head.rows.filter { $0.kind == .append }
      }
      return rows.compactMap { row in
        guard let identity = partitions.compactMap(\.identity).first(where: {
          $0.number == row.partition
        }) else { return nil }
        return DamagedRecords(
          topic: identity.topicID.text, partition: Int(identity.index),
          offsets: row.baseOffset..<row.end)
      }
    }
  }

  /// A file as it was before anything in it changed: a batch that decayed ends where it ended.
  private func undecayed(_ path: String) -> [UInt8] {
    var bytes = disk.bytes(of: path) ?? []
    for decay in decays.reversed() where decay.path == path && decay.at < bytes.count {
      bytes[Int(decay.at)] = decay.was
    }
    return bytes
  }

  /// The offsets of the batch that holds the byte at `place`.
  private func batch(at place: Int, of bytes: [UInt8]) -> Range<Int64>? {
    var at = 0
    while at < bytes.count, let size = try? RecordBatch.check(bytes.span, at: at) {
      let batch = RecordBatch(unchecked: bytes, at..<at + size)
      if place < at + size { return batch.baseOffset..<batch.nextOffset }
      at += size
    }
    return nil
  }

  /// The disk is full from now on, or has room again.
  mutating func fillDisk() {
    if random.coin() {
      report.fullDisks += 1
      disk.free = UInt64(random.below(16) * 4096)
    } else {
      disk.free = 1 << 40
    }
  }
}
