internal import CommitLog
internal import Model
internal import Platform
internal import StateLog
internal import Store
internal import Telemetry

/// The embedded store without its threads: opened, recovered, and ready to be stepped by them, or
/// by a simulator.
final class Node {
  let directory: DataDirectory
  let options: StoreOptions
  let lock: DirectoryLock
  let durability: DurabilityProbe.Finding
  let superblock: Superblock
  let recovery: Recovery.Outcome
  let table: PartitionTable
  let cache: FileCache
  let topics: PublishedTopics
  let catalogue: StateLog<Catalogue>
  let sequencer: Sequencer
  let frames: FrameQueue
  let commit: CommitThread
  let materialiser: Materialiser
  let housekeeper: Housekeeper
  let journal: Journal
  let damage: DamageInbox
  let scrubber: Scrubber

  /// Locks the directory, makes or recovers the log in it, and writes the superblock of this start.
  /// Nothing has been changed where it throws, but for what an interrupted initialisation leaves.
  init(_ given: StoreOptions) throws(LogError) {
    var options = given
    if options.isReadOnly {
      options.fileSystem = OverlayFileSystem(options.fileSystem)
      options.requireExisting = true
      options.repair = .lookOnly
    }
    self.options = options
    let directory = DataDirectory(options.directory, options.fileSystem)
    self.directory = directory
    lock = try DirectoryLock.take(directory, requireExisting: options.requireExisting)
    durability = try DurabilityProbe.run(directory, unsafeVolatile: options.unsafeVolatile)
    let volume = try Self.openVolume(directory)
    if lock.found == .new {
      try Birth.initialise(
        directory, geometry: options.geometry, mode: durability.mode, entropy: options.entropy,
        sabotage: options.sabotage)
    }
    DiskGuard.makeRoom(in: directory)
    let opened = try Opened(directory, options, durability.mode)
    superblock = opened.superblocks.current
    recovery = opened.outcome
    table = opened.table
    cache = opened.cache

    frames = FrameQueue()
    let replayer = opened.replayer
    topics = PublishedTopics(replayer.catalogue, table: table)
    sequencer = Sequencer(
      incarnation: superblock.incarnation, entryLimit: superblock.geometry.entryLimit,
      limits: options.limits, time: options.time, isVolatile: durability.mode == .volatile,
      segmentBytes: options.segmentBytes, roomParking: frames.parking,
      state: Sequencer.State(replayer.catalogue, opened.segments))
    catalogue = StateLog(
      replayer.catalogue, newest: replayer.newest,
      partition: CatalogueLog(sequencer, table, time: options.time), time: options.time)
    journal = Journal(opened.files, incarnation: superblock.incarnation, cursor: recovery.cursor)
    opened.segments.settle(at: recovery.cursor.position)
    let newest = opened.segments.greatestAppendTime
    let (housekeeping, journalParking) = (Parking(), Parking())
    let metrics = StoreMetrics(options.metrics)
    damage = DamageInbox(waking: housekeeping)
    scrubber = Scrubber(
      table: table, directory: directory, cache: FileCache(options.fileSystem, capacity: 2),
      inbox: damage, bytesPerSecond: options.scrubBytesPerSecond, time: options.time,
      log: options.log.named("store"))
    materialiser = Materialiser(
      segments: opened.segments, catalogue: replayer, cursor: recovery.cursor, frames: frames,
      sequencer: sequencer, table: table, tailBytes: options.limits.tailBytes)
    commit = CommitThread(
      sequencer: sequencer, journal: journal,
      publisher: Publisher(
        table: table, topics: topics, frames: frames, journalParking: journalParking,
        housekeeping: housekeeping),
      metrics: metrics, sabotage: options.sabotage)
    housekeeper = Housekeeper(
      Housekeeper.Parts(
        directory: directory, files: opened.files, journal: journal,
        preparation: opened.preparation, superblocks: opened.superblocks, volume: volume,
        materialiser: materialiser,
        expiry: Expiry(
          topics: topics, materialiser: materialiser, sequencer: sequencer,
          interval: options.retentionInterval, newest: newest),
        diskGuard: Self.diskGuard(directory, sequencer, options, superblock.geometry),
        sequencer: sequencer, metrics: metrics,
        log: options.log.named("store"), sabotage: options.sabotage, parking: housekeeping,
        journalParking: journalParking))
    try settleDamage()
    if options.isReadOnly { sequencer.stop(.readOnly).deliver() }
  }

  /// Takes damage that readers have met to the catalogue. Returns whether there was any.
  func collectDamage() -> Bool {
    let found = damage.takeAll()
    noteDamage(found)
    return !found.isEmpty
  }

  /// The reserve is what the materialiser may still have to write, but for one journal file.
  private static func diskGuard(
    _ directory: DataDirectory, _ sequencer: Sequencer, _ options: StoreOptions,
    _ geometry: JournalGeometry
  ) -> DiskGuard {
    DiskGuard(
      directory, sequencer: sequencer, mark: options.diskReserve,
      reserveBytes: min(geometry.fileBytes, Int64(clamping: options.limits.unwrittenBytes)))
  }

  private static func openVolume(_ directory: DataDirectory) throws(LogError) -> any Volume {
    do { return try directory.fileSystem.openVolume(directory.path) } catch { throw .system(error) }
  }

  /// What a start brings up before anything can be served.
  private struct Opened {
    let table = PartitionTable()
    let cache: FileCache
    let files: JournalFiles
    let segments: SegmentStore
    let superblocks: SuperblockPair
    let preparation: JournalPreparation
    let outcome: Recovery.Outcome
    let replayer: CatalogueReplayer

    init(
      _ directory: DataDirectory, _ options: StoreOptions, _ mode: WriteMode
    ) throws(LogError) {
      let found = SuperblockPair.all(in: directory)
      guard let newest = found.first else {
        throw .refused("neither superblock of \(directory.path) can be read; restore one of them")
      }
      cache = FileCache(directory.fileSystem)
      files = JournalFiles(directory, geometry: newest.geometry, mode: mode)
      segments = SegmentStore(
        directory: directory, table: table, cache: cache, incarnation: newest.incarnation + 1)
      table.insert(Catalogue.identity)
      var recovery = try Recovery(
        directory, superblocks: found, files: files, segments: segments, table: table,
        sabotage: options.sabotage, decision: options.repair)
      var replayer = CatalogueReplayer()
      outcome = try recovery.run(&replayer)
      self.replayer = replayer
      superblocks = try SuperblockPair(directory, current: newest, mode: mode)
      preparation = JournalPreparation(
        files, superblocks: superblocks, sabotage: options.sabotage)
      try begin(options, isAlone: found.count < 2)
    }

    /// The superblock of this start: a new incarnation, and a watermark above everything that is
    /// served. Where only one of the two could be read it is written twice, so that a second loss
    /// does not lead back to before this start.
    private func begin(_ options: StoreOptions, isAlone: Bool) throws(LogError) {
      do throws(SystemError) {
        try superblocks.write { superblock in
          superblock.incarnation = outcome.incarnation + 1
          superblock.startID = options.entropy.next()
          superblock.process = UInt32(bitPattern: ThisProcess.id)
          superblock.host = ThisProcess.host
          superblock.state = .open
          superblock.watermark = max(superblock.watermark, outcome.cursor.position)
          superblock.checkpoints = outcome.checkpoints
          // What was given up is not asked for again.
          if options.repair != nil {
            superblock.watermark = outcome.cursor.position
            superblock.newestSequence = files.newest
          }
        }
        if isAlone || options.repair != nil { try superblocks.write { _ in } }
        try preparation.resume()
      } catch {
        throw .system(error)
      }
    }
  }
}

extension Sequencer.State {
  /// Goes on where recovery ended.
  init(_ catalogue: Catalogue, _ segments: SegmentStore) {
    let all =
      [(Catalogue.topicName, [PartitionNumber.catalogue])]
      + catalogue.topics.map { ($0.key, $0.value.partitions) }
    for (_, numbers) in all {
      for number in numbers {
        let active = segments.active(of: number)
        slots[number] = Sequencer.Slot(
          number: number, end: segments.end(of: number), logStart: segments.logStart(of: number),
          segmentBytes: active.bytes, segmentStart: active.firstAppendTime)
      }
    }
    for (name, entry) in catalogue.topics {
      names[name] = entry.id
      topics[entry.id] = entry.partitions
    }
  }
}
