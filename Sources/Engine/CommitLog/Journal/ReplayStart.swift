internal import Bytes
internal import Platform

/// From where a journal is replayed.
struct ReplayStart: Sendable {
  /// The first position that may hold a frame to be replayed.
  var position: Position
  /// Where the last frame below it begins; 0 where there is none.
  var lastFrame: Position
  /// What it is replayed on top of; `nil` at the node's birth.
  var snapshot: Snapshot?
  /// The checkpoints that still hold, newest first, at most two.
  var checkpoints: [Superblock.Checkpoint]

  /// The newest checkpoint of `superblocks` whose snapshot is whole. The journal is kept from the
  /// older one on, so losing the newer snapshot costs time only; without either, only a journal
  /// that still reaches back to the node's birth will do.
  static func choose(
    _ directory: DataDirectory, _ superblocks: [Superblock], reachesBirth: Bool
  ) throws(LogError) -> ReplayStart {
    let known = checkpoints(of: superblocks)
    for (index, checkpoint) in known.enumerated() {
      guard let snapshot = try usable(checkpoint, in: directory, superblocks[0].node) else {
        continue
      }
      return ReplayStart(
        position: checkpoint.position, lastFrame: checkpoint.lastFrame, snapshot: snapshot,
        checkpoints: Array(known[index...].prefix(2)))
    }
    guard reachesBirth else {
      throw .refused(
        "\(directory.snapshots) holds no whole snapshot of the "
          + "\(known.count) checkpoints that the superblocks name, and the journal does not reach "
          + "back to the beginning; restore the snapshots")
    }
    return ReplayStart(position: 1, lastFrame: 0, snapshot: nil, checkpoints: [])
  }

  /// The checkpoints that `superblocks` name, newest first.
  static func checkpoints(of superblocks: [Superblock]) -> [Superblock.Checkpoint] {
    var known: [Superblock.Checkpoint] = []
    for checkpoint in superblocks.flatMap(\.checkpoints) where !known.contains(checkpoint) {
      known.append(checkpoint)
    }
    return known.sorted { ($0.position, $0.snapshot) > ($1.position, $1.snapshot) }
  }

  /// The snapshot of `checkpoint`; `nil` where it is gone or damaged, which an older one can make
  /// good. Throws where that would be wrong: it cannot be read now, or a newer version wrote it.
  private static func usable(
    _ checkpoint: Superblock.Checkpoint, in directory: DataDirectory, _ node: NodeID
  ) throws(LogError) -> Snapshot? {
    do throws(LogError) { return try load(checkpoint, in: directory, node) } catch {
      switch error {
      case .damagedFile(_, .unsupported): throw error
      case .system(let cause) where !cause.isAbsent: throw error
      default: return nil
      }
    }
  }

  /// The snapshot of `checkpoint`, in every way what the superblock says of it.
  static func load(
    _ checkpoint: Superblock.Checkpoint, in directory: DataDirectory, _ node: NodeID
  ) throws(LogError) -> Snapshot {
    let path = directory.snapshot(checkpoint.snapshot)
    let bytes = try system { () throws(SystemError) in
      let file = try directory.fileSystem.open(path, .read)
      return try file.read(
        Int(clamping: min(checkpoint.length, UInt64(max(0, try file.size())))), at: 0)
    }
    do throws(FormatFault) {
      guard bytes.count == Int(clamping: checkpoint.length) else { throw FormatFault.short }
      guard XXH3.digest(bytes.span) == checkpoint.digest else { throw FormatFault.checksum }
      let snapshot = try Snapshot.decode(bytes)
      guard snapshot.node == node, snapshot.position == checkpoint.position else {
        throw FormatFault.inconsistent("another node's, or of another position")
      }
      return snapshot
    } catch {
      throw .damagedFile(path: path, error)
    }
  }
}
