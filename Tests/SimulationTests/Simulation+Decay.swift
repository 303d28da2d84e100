import CommitLog
import TestSupport

/// What goes wrong with a disk besides crashes.
extension Simulation {
  /// What decays.
  enum Rot: CaseIterable {
    /// The content of a journal block, whose stamps stay right: whoever had it acknowledged must be
    /// told.
    case journal
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
    disk.corrupt(path, at: Int64(at), [bytes[at] ^ UInt8(1 << random.below(8))])
    report.rotten += 1
    hasRotted = rot != .journal
    return Decay(path: path, at: Int64(at), was: bytes[at], mayStop: rot == .journal)
  }

  private mutating func place(of rot: Rot) -> (String, Int)? {
    switch rot {
    case .superblock: return ("/data/superblock.\(random.below(2))", random.below(4096))
    case .snapshot:
      guard let name = try? disk.list("/data/snapshots").last else { return nil }
      let path = "/data/snapshots/\(name)"
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
