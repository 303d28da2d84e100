public import Platform

/// Fills and prepares journal files before they are needed, a little at a time: unthrottled filling
/// multiplies the latency of commits. Used by one thread at a time.
public final class JournalPreparation {
  /// What one step came to.
  public enum Step: Sendable, Equatable {
    /// Something was done, and more is to do.
    case progressed
    /// The next file is ready, or may not be made yet.
    case idle
    /// The disk has no room for the file to grow; nothing is lost, and another step may find some.
    case full
  }

  /// How much one step fills.
  static let fillBytes = 64 << 10
  /// How much of the first file is filled before the node serves.
  static let birthBytes: Int64 = 4 << 20

  private let files: JournalFiles
  private let superblocks: SuperblockPair
  private let node: NodeID
  private let sabotage: Sabotage
  private let zeroes = AlignedBuffer(count: JournalPreparation.fillBytes)
  /// The file that is being filled, through a descriptor that does not sync each write, and how far
  /// it is.
  private var filling: (sequence: UInt64, file: any File, at: Int64)?

  /// Prepares files for the node of `superblocks`.
  public init(_ files: JournalFiles, superblocks: SuperblockPair, sabotage: Sabotage = []) {
    self.files = files
    self.superblocks = superblocks
    self.sabotage = sabotage
    node = superblocks.current.node
  }

  /// Takes over the newest file that recovery found, which may have been filled in part.
  public func resume() throws(SystemError) {
    let newest = files.newest
    let file = try files.open(newest, synced: false)
    let size = try file.size()
    if size < files.geometry.fileBytes { filling = (newest, file, size) }
  }

  /// Does one small piece of work: fills the newest file further, or prepares the one after it.
  /// `older` is the position of the older checkpoint of both superblocks: a slot is used again only
  /// when its file lies wholly below it. `watermark` is what the superblock that names a new file
  /// says of the journal.
  public func step(current: UInt64, older: Position, watermark: Position) throws(SystemError)
    -> Step
  {
    if filling != nil { return try fill(watermark: watermark) ? .progressed : .full }
    let next = files.newest + 1
    // The journal may stand at the very end of its newest file, which is the start of the next.
    guard current >= files.newest, isFree(next, older) else { return .idle }
    guard
      let file = try unlessFull({ () throws(SystemError) in try files.open(next, synced: false) })
    else { return .full }
    let size = try file.size()
    guard size >= files.geometry.fileBytes else {
      filling = (next, file, size / Int64(Block.size) * Int64(Block.size))
      return .progressed
    }
    try publish(next, fillMark: files.geometry.start(of: next + 1), watermark: watermark)
    return .progressed
  }

  private func isFree(_ sequence: UInt64, _ older: Position) -> Bool {
    let geometry = files.geometry
    return sequence < geometry.files || geometry.start(of: sequence - geometry.files + 1) <= older
  }

  /// Fills a little more; false where the disk is full. Only growing may fail so: a sync that did
  /// not succeed is never tried again.
  private func fill(watermark: Position) throws(SystemError) -> Bool {
    guard var work = filling else { return true }
    let count = min(Int64(Self.fillBytes), files.geometry.fileBytes - work.at)
    let grown: Void? = try unlessFull { () throws(SystemError) in
      try work.file.writeAll(zeroes, 0..<Int(count), at: work.at)
    }
    guard grown != nil else { return false }
    work.at += count
    let isDone = work.at >= files.geometry.fileBytes
    if isDone, files.mode != .volatile { try work.file.synchronize() }
    filling = isDone ? nil : work
    let mark = files.geometry.start(of: work.sequence) + UInt64(work.at) / UInt64(Block.size)
    if work.sequence == files.newest {
      files.raise(fillMark: mark)
    } else if isDone {
      try publish(work.sequence, fillMark: mark, watermark: watermark)
    }
    return true
  }

  /// What `body` returns; `nil` where the disk has no room for it.
  private func unlessFull<R>(_ body: () throws(SystemError) -> R) throws(SystemError) -> R? {
    do throws(SystemError) { return try body() } catch {
      guard error.isOutOfSpace else { throw error }
      return nil
    }
  }

  /// Head, sync, directory, superblock: only then may the commit thread step over.
  private func publish(
    _ sequence: UInt64, fillMark: Position, watermark: Position
  ) throws(SystemError) {
    try writeHead(of: sequence)
    try superblocks.write { superblock in
      superblock.newestSequence = sequence
      superblock.watermark = max(superblock.watermark, watermark)
    }
    files.add(sequence, try files.open(sequence), fillMark: fillMark)
  }

  private func writeHead(of sequence: UInt64) throws(SystemError) {
    let geometry = files.geometry
    let head = JournalFileHead(
      node: node, slot: UInt32(geometry.slot(of: sequence)), sequence: sequence,
      firstPosition: geometry.start(of: sequence), incarnation: superblocks.current.incarnation,
      startID: superblocks.current.startID)
    let file = try files.open(sequence)
    try file.writeAll(head.encode(), 0..<Block.size, at: 0)
    if files.mode != .volatile { try file.synchronize() }
    if !sabotage.contains(.noDirectorySync) {
      try files.directory.fileSystem.synchronizeDirectory(files.directory.journal)
    }
  }

  /// Makes the first file of a new directory: head and the first 4 MiB.
  public func prepareFirst() throws(SystemError) {
    let file = try files.open(0, synced: false)
    let target = min(Self.birthBytes, files.geometry.fileBytes)
    // Nothing commits yet, so it is one write: a start on an empty directory waits for it.
    let at = target
    try file.writeAll(AlignedBuffer(count: Int(target)), 0..<Int(target), at: 0)
    if files.mode != .volatile { try file.synchronize() }
    try writeHead(of: 0)
    files.add(0, try files.open(0), fillMark: UInt64(at) / UInt64(Block.size))
    if at < files.geometry.fileBytes { filling = (0, file, at) }
  }
}
