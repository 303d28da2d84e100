internal import CommitLog
internal import Platform
internal import Store

/// Keeps the last free bytes of the disk for what frees some.
///
/// Below the mark produce is refused, while deletes, log starts, checkpoints and retention go on.
/// Where others fill the disk beyond it, a file of zeros is given up: what recovery or housekeeping
/// needs then fits into its place. It is made again when there is room for it above the mark.
final class DiskGuard {
  /// How often the file system is asked.
  static let interval = Duration.seconds(1)
  /// How much of the reserve one step writes.
  private static let stepBytes = 64 << 10

  private let directory: DataDirectory
  private let sequencer: Sequencer
  /// The free bytes below which produce is refused; 0 sets no mark.
  private let mark: UInt64
  /// Bytes of the reserve.
  private let reserveBytes: Int64
  private var due: Instant?
  /// Free above the mark at the last look.
  private var above: Int64 = 0
  private var reserve: (file: any File, written: Int64)?

  init(_ directory: DataDirectory, sequencer: Sequencer, mark: UInt64, reserveBytes: Int64) {
    self.directory = directory
    self.sequencer = sequencer
    self.mark = mark
    self.reserveBytes = reserveBytes
  }

  /// Looks how much is free, if it is time. A file system that does not answer is not a full one.
  func tick() {
    let now = sequencer.time.now
    if let due, now < due { return }
    due = now + Self.interval
    measure()
  }

  private func measure() {
    guard let free = try? directory.fileSystem.freeBytes(directory.path) else { return }
    above = Int64(clamping: free) - Int64(clamping: mark)
    sequencer.set(diskRoom: mark > 0 ? above : .max)
  }

  /// Writes a piece of the reserve where there is room for all of it above the mark. Returns
  /// whether there is more to do.
  func makeReserve() -> Bool {
    let missing = reserveBytes - (reserve?.written ?? 0)
    guard missing > 0, above > missing else { return false }
    do throws(SystemError) {
      var (file, written) = if let reserve { reserve } else { try open() }
      defer { reserve = (file, written) }
      let count = min(reserveBytes - written, Int64(Self.stepBytes))
      try file.writeAll([UInt8](repeating: 0, count: Int(count)), at: written)
      written += count
      above -= count
      return written < reserveBytes
    } catch {
      above = 0
      return false
    }
  }

  private func open() throws(SystemError) -> (file: any File, written: Int64) {
    let file = try directory.fileSystem.open(directory.reserve, .write)
    return (file, min(try file.size(), reserveBytes))
  }

  /// Gives the reserve up, for something that found the disk full. Returns whether there was any.
  func release() -> Bool {
    reserve = nil
    let freed = Self.release(in: directory)
    if freed { measure() }
    return freed
  }

  /// Before recovery: gives the reserve up where the disk has less free than it would have made.
  static func makeRoom(in directory: DataDirectory) {
    guard let free = try? directory.fileSystem.freeBytes(directory.path),
      let status = try? directory.fileSystem.status(directory.reserve),
      Int64(clamping: free) < status.size
    else { return }
    _ = release(in: directory)
  }

  private static func release(in directory: DataDirectory) -> Bool {
    guard let status = try? directory.fileSystem.status(directory.reserve), status.size > 0,
      (try? directory.fileSystem.remove(directory.reserve)) != nil
    else { return false }
    return true
  }
}

extension Sequencer {
  /// Less than the mark is free, and that was admitted which is not in segments yet.
  var isDiskLow: Bool { state.withLock { $0.diskRoom <= 0 } }

  /// So many bytes are free above the mark. What is sequenced and not in segments yet will take its
  /// part of them.
  func set(diskRoom room: Int64) {
    state.withLock { $0.diskRoom = room == .max ? .max : room - Int64($0.unwritten) }
  }
}
