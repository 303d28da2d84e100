internal import Bytes
internal import CommitLog
internal import Platform
internal import Store
internal import Synchronization
internal import Telemetry

/// Checkpoints, the next journal file, retention, and the files of what was deleted: what keeps
/// journal and disk from filling.
final class Housekeeper {
  /// A checkpoint is due this long after the first byte that none covers.
  static let patience = Duration.seconds(10)

  private let directory: DataDirectory
  private let files: JournalFiles
  private let journal: Journal
  private let preparation: JournalPreparation
  private let superblocks: SuperblockPair
  private let volume: any Volume
  private let materialiser: Materialiser
  private let expiry: Expiry
  private let diskGuard: DiskGuard
  private let sequencer: Sequencer
  private let metrics: StoreMetrics
  private let log: Log
  private let sabotage: Sabotage
  private var uncoveredSince: Instant?
  private var isJournalFull = false
  /// The last piece of work found no room on the disk.
  private var isDiskFull = false
  private(set) var failure: LogError?

  let parking: Parking
  private let journalParking: Parking

  init(_ parts: Parts) {
    directory = parts.directory
    files = parts.files
    journal = parts.journal
    preparation = parts.preparation
    superblocks = parts.superblocks
    volume = parts.volume
    materialiser = parts.materialiser
    expiry = parts.expiry
    diskGuard = parts.diskGuard
    sequencer = parts.sequencer
    metrics = parts.metrics
    log = parts.log
    sabotage = parts.sabotage
    parking = parts.parking
    journalParking = parts.journalParking
    // Before anything is accepted.
    diskGuard.tick()
  }

  /// What it works on.
  struct Parts {
    let directory: DataDirectory
    let files: JournalFiles
    let journal: Journal
    let preparation: JournalPreparation
    let superblocks: SuperblockPair
    let volume: any Volume
    let materialiser: Materialiser
    let expiry: Expiry
    let diskGuard: DiskGuard
    let sequencer: Sequencer
    let metrics: StoreMetrics
    let log: Log
    let sabotage: Sabotage
    let parking: Parking
    let journalParking: Parking
  }

  /// Does one piece of work. Returns whether there may be more at once.
  func step() -> Bool {
    sequencer.expireWaiting().deliver()
    guard failure == nil else { return false }
    diskGuard.tick()
    do throws(LogError) {
      if let failure = materialiser.failure { throw failure }
      if try prepare() { return true }
      if isCheckpointDue, try checkpoint() { return true }
    } catch {
      fail(error)
      return false
    }
    // Who finds the disk full sets it; with the reserve's place it can go on.
    if isDiskFull || materialiser.isStalled, diskGuard.release() { return true }
    return removeExpired() || expiry.tick() || diskGuard.makeReserve()
  }

  /// Less is free on the disk than is to be kept: produce is refused.
  var isDiskLow: Bool { sequencer.isDiskLow }

  /// Files that nothing names do no harm: one that cannot be removed now is left for the next
  /// start.
  private func removeExpired() -> Bool {
    do throws(SystemError) {
      return try materialiser.removeExpired(below: superblocks.oldestNeeded)
    } catch {
      log.warning("a file of an expired segment could not be removed", ["reason": .of(error)])
      return true
    }
  }

  private func prepare() throws(LogError) -> Bool {
    do throws(SystemError) {
      let position = journal.durablePosition
      let step = try preparation.step(
        current: files.geometry.sequence(of: position), older: recyclable, watermark: position)
      if step == .progressed { journalParking.wake() }
      isDiskFull = step == .full
      watchRoom(position)
      return step == .progressed
    } catch {
      throw .system(error)
    }
  }

  /// One file is kept for what frees space.
  private func watchRoom(_ position: Position) {
    let end = max(recyclable, 0) / files.geometry.blocksPerFile * files.geometry.blocksPerFile
    let left = end + files.geometry.capacity - min(position, end + files.geometry.capacity)
    let isFull = left < files.geometry.blocksPerFile * 2
    guard isFull != isJournalFull else { return }
    isJournalFull = isFull
    sequencer.set(journalFull: isFull).deliver()
  }

  /// Journal files wholly below may be used again: the older checkpoint of both superblocks.
  private var recyclable: Position {
    if sabotage.contains(.recycleEarly) {
      return superblocks.current.checkpoints.first?.position ?? 0
    }
    return superblocks.oldestNeeded
  }

  private var isCheckpointDue: Bool {
    let newest = superblocks.current.checkpoints.first?.position ?? 0
    let durable = journal.durablePosition
    let geometry = files.geometry
    guard durable > newest + 1 else {
      uncoveredSince = nil
      // Once more at the same place, so that the older checkpoint comes up to it too.
      let isWanted = isJournalFull || isAwaited
      return isWanted && superblocks.oldestNeeded < newest
    }
    let since = uncoveredSince ?? sequencer.time.now
    uncoveredSince = since
    // A disk that has little left does not wait for its space.
    if sequencer.isDiskLow, isAwaited { return true }
    return isJournalFull || geometry.sequence(of: durable) >= geometry.sequence(of: newest) + 2
      || sequencer.time.now - since >= Self.patience
  }

  /// Files wait for the older checkpoint to come up, so that they can be removed.
  private var isAwaited: Bool {
    materialiser.awaitedCheckpoint.map { superblocks.oldestNeeded < $0 } ?? false
  }

  /// Segments, sidecars and snapshot; one sync of all; superblock. Returns whether one was written.
  @discardableResult
  func checkpoint(clean: Bool = false) throws(LogError) -> Bool {
    let started = sequencer.time.now
    let snapshot: Snapshot
    let entry: Superblock.Checkpoint
    do throws(LogError) {
      materialiser.step()
      snapshot = try materialiser.snapshot(node: superblocks.current.node)
      entry = try snapshot.write(to: directory, number: superblocks.current.number + 1)
    } catch .system(let error) where error.isOutOfSpace {
      isDiskFull = true
      return false
    }
    if sabotage.contains(.superblockFirst) { try commit(entry, clean: clean) }
    do throws(SystemError) { try volume.synchronize() } catch { throw .system(error) }
    if !sabotage.contains(.superblockFirst) { try commit(entry, clean: clean) }
    try materialiser.removeDeleted()
    removeSnapshots()
    uncoveredSince = nil
    metrics.checkpoints.add(1)
    metrics.checkpointSeconds.observe(nanoseconds: (sequencer.time.now - started).nanoseconds)
    return true
  }

  private func commit(_ entry: Superblock.Checkpoint, clean: Bool) throws(LogError) {
    let watermark = journal.durablePosition
    do throws(SystemError) {
      try superblocks.write { superblock in
        let older = superblock.checkpoints.first
        superblock.checkpoints = [entry] + (older.map { [$0] } ?? [])
        superblock.watermark = max(superblock.watermark, watermark)
        superblock.state = clean ? .clean : .open
      }
    } catch {
      throw .system(error)
    }
  }

  /// Snapshots that no superblock names any more. One that stays behind does no harm.
  private func removeSnapshots() {
    let needed = Set(superblocks.snapshots.map { directory.snapshot($0) })
    for name in (try? directory.fileSystem.list(directory.snapshots)) ?? [] {
      let path = "\(directory.snapshots)/\(name)"
      if !needed.contains(path) { try? directory.fileSystem.remove(path) }
    }
  }

  private func fail(_ error: LogError) {
    failure = error
    log.error("housekeeping failed; no produce is accepted any more", ["reason": .of(error)])
    sequencer.stop(.failed("\(error)")).deliver()
  }

  private let isStopping = Atomic(false)

  /// The thread's life. `also` does other work that comes up; it says whether it did any.
  func run(also: () -> Bool) {
    while !isStopping.load(ordering: .acquiring) {
      if also() || step() {
        // Filling gives way to groups that are being written, as long as they have room.
        if !sequencer.isIdle, hasRoomAhead { parking.park(atMost: .milliseconds(1)) }
        continue
      }
      parking.park(atMost: .seconds(1))
    }
  }

  /// At least a quarter of a file is ready in front of the commit thread.
  private var hasRoomAhead: Bool {
    files.fillMark >= journal.durablePosition + files.geometry.blocksPerFile / 4
  }

  /// Lets `run` end.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    parking.wake()
  }
}
