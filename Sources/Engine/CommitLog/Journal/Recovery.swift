internal import Bytes
public import Model
internal import Platform

/// What the catalogue makes of its records while the journal is replayed: the log itself does not
/// know their meaning.
public protocol CatalogueReplay {
  /// Begins with what a snapshot holds, or with nothing. Returns all partitions that exist then:
  /// the snapshot's own list leaves out those that were never appended to.
  mutating func restore(_ image: CatalogueImage) -> [PartitionIdentity]
  /// Applies one batch of partition 0. Returns the partitions that it brought into being.
  mutating func replay(_ batch: RecordBatch) -> [PartitionIdentity]
  /// What is known to be damaged, by partition.
  var damage: [PartitionNumber: [Range<Offset>]] { get }
}

/// Brings a data directory back to what had been acknowledged: newest usable checkpoint, then every
/// live frame after it.
/// Replay decides nothing; all that was decided stands in the rows.
public struct Recovery {
  /// What was found.
  public struct Outcome: Sendable, Equatable {
    /// Where the journal goes on.
    public var cursor: JournalCursor
    /// How it ended.
    public var verdict: JournalScan.Verdict
    /// Frames replayed.
    public var frames: Int
    /// The greatest incarnation seen anywhere.
    public var incarnation: UInt32
    /// The two newest checkpoints, for the superblock of this start.
    public var checkpoints: [Superblock.Checkpoint]
    /// What of acknowledged data is lost: these offsets stay taken, and nothing stands at them.
    public var damage: [PartitionRange] = []
    /// What the journal has lost and segments still held.
    public var healed: [PartitionRange] = []
    /// Where a damaged last frame that an operator decided about is kept.
    public var kept: String?
  }

  let directory: DataDirectory
  private let files: JournalFiles
  private let superblocks: [Superblock]
  let segments: SegmentStore
  let table: PartitionTable
  private let sabotage: Sabotage
  let decision: RepairDecision?
  let geometry: JournalGeometry
  private let handles: [UInt64: any File]
  private var heads: [UInt64: JournalFileHead] = [:]
  private(set) var deleted: Set<PartitionNumber> = []
  private var touched: Set<PartitionNumber> = []
  var damage: [PartitionRange] = []
  var healed: [PartitionRange] = []
  /// Partitions of which a lost frame may have held something, as far as nothing has told since.
  var untold: (partitions: Set<PartitionNumber>, blocks: UInt64) = ([], 0)
  /// The newest append time seen.
  var newestTime: Timestamp = 0

  /// How many bytes are applied before they are written.
  private static let writeBytes = 8 << 20

  /// A recovery of `directory`, whose readable superblocks are `superblocks`, newest first, not
  /// empty.
  public init(
    _ directory: DataDirectory, superblocks: [Superblock], files: JournalFiles,
    segments: SegmentStore, table: PartitionTable, sabotage: Sabotage = [],
    decision: RepairDecision? = nil
  ) throws(LogError) {
    self.decision = decision
    self.directory = directory
    self.files = files
    self.superblocks = superblocks
    self.segments = segments
    self.table = table
    self.sabotage = sabotage
    geometry = superblocks[0].geometry
    (heads, handles) = try Self.openFiles(directory, superblocks[0])
    guard heads[superblocks[0].newestSequence] != nil || decision == .lookOnly else {
      let slot = geometry.slot(of: superblocks[0].newestSequence)
      throw .damagedJournal(
        path: directory.journalFile(slot: slot), block: 0,
        reason: "the newest journal file is missing, or is another one")
    }
  }

  /// Runs it. What is durable is in segments and visible to readers when it returns; nothing may be
  /// served before the superblock of this start is written.
  public mutating func run(_ catalogue: inout some CatalogueReplay) throws(LogError) -> Outcome {
    try segments.adoptDeleted()
    let start = try ReplayStart.choose(directory, superblocks, reachesBirth: heads[0] != nil)
    let missing = try missingFiles(from: start)
    let survey = try survey(from: start)
    deleted = survey.deleted
    if let newest = survey.newest { try prove(newest) }
    try makeDirectories()
    if let snapshot = start.snapshot {
      segments.restore(snapshot.partitions)
      for identity in catalogue.restore(snapshot.catalogue) { table.insert(identity) }
    }
    var scan = scan(from: start)
    var frames = 0
    while let frame = try scan.next() {
      try apply(frame, &catalogue)
      frames += 1
    }
    var kept: String?
    if let decided = scan.decided, decision != .lookOnly {
      kept = try keep(decided.start, blocks: decided.blocks)
    }
    if let lost = scan.lostEnd { try giveUp(lost.frames, blocks: lost.blocks, &catalogue) }
    if missing > 0, decision == .leaveGap {
      untold = (segments.known, untold.blocks + missing * geometry.blocksPerFile)
    }
    try leaveUntold()
    try finishSegments(scan)
    let cursor = self.cursor(of: scan)
    try reopen(cursor)
    return Outcome(
      cursor: cursor, verdict: scan.verdict ?? .end, frames: frames,
      incarnation: try incarnation(scan), checkpoints: start.checkpoints, damage: damage,
      healed: healed, kept: kept)
  }

  /// How many files are not there, or are others, of those between the checkpoint and the newest:
  /// frames in them were acknowledged.
  private func missingFiles(from start: ReplayStart) throws(LogError) -> UInt64 {
    let first = geometry.sequence(of: start.position)
    let newest = superblocks[0].newestSequence
    guard first <= newest else { return 0 }
    let missing = (first...newest).filter { heads[$0] == nil }
    guard let one = missing.first else { return 0 }
    guard decision == .leaveGap || decision == .lookOnly else {
      throw .damagedJournal(
        path: directory.journalFile(slot: geometry.slot(of: one)), block: 0,
        reason: "file \(one) of the journal is missing, or is another one; \(LogError.repair)")
    }
    return UInt64(missing.count)
  }

  /// Where the journal goes on: in a file that is there.
  private func cursor(of scan: JournalScan) -> JournalCursor {
    var cursor = scan.cursor
    let sequence = geometry.sequence(of: cursor.position)
    if heads[sequence] == nil, let newer = heads.keys.filter({ $0 > sequence }).max() {
      cursor.position = geometry.start(of: newer)
    }
    return cursor
  }

  /// The greatest incarnation that may have been. A superblock that cannot be read may be that of
  /// one start more than is known.
  private func incarnation(_ scan: JournalScan) throws(LogError) -> UInt32 {
    let written = superblocks.map(\.incarnation) + heads.values.map(\.incarnation)
    let seen = max(scan.incarnation, written.max() ?? 0)
    guard seen < Int32.max - 2 else {
      throw .refused("\(directory.path) has been started too often: incarnation \(seen)")
    }
    return superblocks.count < 2 ? seen + 1 : seen
  }

  /// A directory that somebody removed is made again, so that the next checkpoint finds it.
  private func makeDirectories() throws(LogError) {
    try system { () throws(SystemError) in
      for path in [directory.snapshots, directory.topics] {
        try directory.fileSystem.makeDirectory(path)
      }
    }
  }

  private mutating func apply(
    _ frame: LiveFrame, _ catalogue: inout some CatalogueReplay
  ) throws(LogError) {
    newestTime = max(newestTime, frame.head.rows.map(\.appendTime).max() ?? 0)
    if let lost = frame.lost {
      try giveUp(lost, blocks: frame.head.position - lost.position, &catalogue)
    }
    for content in frame.contents { try apply(content, &catalogue) }
    if segments.pendingBytes > Self.writeBytes { try write() }
  }

  /// Applies what can be read of lost frames, and goes over the rest.
  private mutating func giveUp(
    _ lost: LostFrames, blocks: UInt64, _ catalogue: inout some CatalogueReplay
  ) throws(LogError) {
    for frame in lost.frames {
      for content in frame.contents ?? [] { try apply(content, &catalogue) }
      for end in frame.ends ?? [] { try reach(end.offset, of: end.partition) }
    }
    if !lost.isComplete, decision == .leaveGap {
      untold.partitions = segments.known
      untold.blocks += blocks
    }
  }

  /// Applies a row. Where its partition ends before it, what lies between was lost; where its batch
  /// is damaged, that is.
  private mutating func apply(
    _ content: RowContent, _ catalogue: inout some CatalogueReplay
  ) throws(LogError) {
    let row = content.row
    if deleted.contains(row.partition) {
      if row.kind == .delete { try retire(row.partition) }
      return
    }
    // Who only looks is shown what is there, whatever the catalogue lost.
    if decision == .lookOnly, table[row.partition] == nil { return }
    touched.insert(row.partition)
    untold.partitions.remove(row.partition)
    if row.kind == .append {
      try reach(row.baseOffset, of: row.partition)
      guard content.batch != nil else { return try reach(row.end, of: row.partition) }
      // What was healed may hold the batches of damaged frames behind the one that was asked for.
      guard segments.end(of: row.partition) == row.baseOffset else {
        if segments.end(of: row.partition) >= row.end { return }
        return try segments.apply(content)
      }
    }
    try segments.apply(content)
    if row.partition == .catalogue, let batch = content.batch {
      for identity in catalogue.replay(batch) { table.insert(identity) }
    }
  }

  private func retire(_ number: PartitionNumber) throws(LogError) {
    guard let log = table[number] else { return }
    table.remove(number)
    try segments.forget(log.identity)
  }

  func write() throws(LogError) {
    try segments.write()
    guard !segments.isStalled else {
      throw .refused("\(directory.path): the disk is full; free some space and start again")
    }
  }

  /// Writes all that was replayed, takes in what proves to have been acknowledged past it in the
  /// files, moves the rest aside, and shows it to readers.
  private mutating func finishSegments(_ scan: JournalScan) throws(LogError) {
    try write()
    // What a frame that seems torn was to append may stand in segments: then it was acknowledged.
    var examined = touched
    if scan.verdict == .torn { examined.formUnion(scan.tornPartitions ?? segments.known) }
    for number in examined.sorted() where !isInternal(number) { try adopt(number) }
    for number in examined { segments.closeInterval(of: number) }
    try write()
    for number in examined.sorted() { try segments.examineEnd(of: number) }
    segments.publishAll()
  }

  private func scan(from start: ReplayStart) -> JournalScan {
    JournalScan(
      directory, geometry: geometry, files: handles, from: start.position,
      lastFrame: start.lastFrame, watermark: superblocks[0].watermark, sabotage: sabotage,
      decision: decision)
  }

  /// What is known of the journal before anything is changed.
  private struct Survey {
    /// The partitions whose end lies in the journal: nothing of them is replayed.
    var deleted: Set<PartitionNumber> = []
    var newest: LiveFrame?
  }

  /// Reads the journal through to its end, so that a verdict that stops the start comes first.
  private func survey(from start: ReplayStart) throws(LogError) -> Survey {
    var scan = scan(from: start)
    var survey = Survey()
    var catalogueEnd =
      start.snapshot?.partitions.first { $0.identity.number == .catalogue }?.end ?? 0
    while let frame = try scan.next() {
      let lost = frame.lost?.frames.flatMap { $0.contents ?? [] } ?? []
      for row in lost.map(\.row) + frame.head.rows where row.kind == .delete {
        survey.deleted.insert(row.partition)
      }
      try judge(frame, &catalogueEnd)
      survey.newest = frame
    }
    return survey
  }

  /// Only the last frame can be unproven: after a failed sync it may stand in the page cache and
  /// not on the disk. It is written again, in place and the same bytes, before a segment holds any
  /// of it: what stands in a segment counts as proof that the journal had it.
  private func prove(_ frame: LiveFrame) throws(LogError) {
    guard superblocks[0].watermark <= frame.head.position else { return }
    let size = Int(frame.head.blocks) * Block.size
    let buffer = AlignedBuffer(count: size)
    FrameWriter.write(frame.head, frame.contents, into: buffer, incarnation: frame.incarnation)
    try system { () throws(SystemError) in
      let file = try files.open(geometry.sequence(of: frame.head.position))
      try file.writeAll(buffer, 0..<size, at: geometry.offset(of: frame.head.position))
      if files.mode != .volatile { try file.synchronize() }
    }
  }

  /// Copies a frame to `quarantine/` and takes it out of the journal. Returns the path there.
  private func keep(_ start: Position, blocks: UInt64) throws(LogError) -> String {
    let path = "\(directory.quarantine)/journal-\(start)"
    let size = Int(blocks) * Block.size
    try system { () throws(SystemError) in
      try directory.fileSystem.makeDirectory(directory.quarantine)
      let file = try files.open(geometry.sequence(of: start))
      let bytes = AlignedBuffer(count: size)
      _ = try file.read(into: bytes, 0..<size, at: geometry.offset(of: start))
      let copy = try directory.fileSystem.open(path, .write)
      try copy.writeAll(bytes.copy(0..<size), at: 0)
      try copy.synchronize()
      try directory.fileSystem.synchronizeDirectory(directory.quarantine)
      bytes.zero(0..<size)
      try file.writeAll(bytes, 0..<size, at: geometry.offset(of: start))
      if files.mode != .volatile { try file.synchronize() }
    }
    return path
  }

  /// Hands the files that may be written on to the writer: from the cursor's up to the newest that
  /// a superblock names. One after it may be there, but whether its name and head are durable is
  /// not known: it is prepared again. Where the cursor stands at the start of such a file, the one
  /// before it is the newest.
  private func reopen(_ cursor: JournalCursor) throws(LogError) {
    let newest = max(superblocks[0].newestSequence, geometry.sequence(of: cursor.previous))
    let first = min(newest, geometry.sequence(of: cursor.position))
    try system { () throws(SystemError) in
      for sequence in heads.keys.sorted() where (first...newest).contains(sequence) {
        let file = try files.open(sequence)
        let filled = UInt64(try file.size()) / UInt64(Block.size)
        files.add(
          sequence, file,
          fillMark: geometry.start(of: sequence) + min(filled, geometry.blocksPerFile))
      }
    }
  }

  /// The journal files that are there, by sequence, as far as their heads can be read.
  private static func openFiles(
    _ directory: DataDirectory, _ superblock: Superblock
  ) throws(LogError) -> (heads: [UInt64: JournalFileHead], files: [UInt64: any File]) {
    var heads: [UInt64: JournalFileHead] = [:]
    var files: [UInt64: any File] = [:]
    for slot in 0..<superblock.geometry.files {
      do {
        let file = try directory.fileSystem.open(directory.journalFile(slot: slot), .read)
        let head = try JournalFileHead.decode(try file.read(Block.size, at: 0))
        guard head.node == superblock.node, UInt64(head.slot) == slot else { continue }
        heads[head.sequence] = head
        files[head.sequence] = file
      } catch let error as SystemError {
        if !error.isAbsent { throw .system(error) }
      } catch FormatFault.unsupported(let what) {
        throw .damagedFile(path: directory.journalFile(slot: slot), .unsupported(what))
      } catch {
        // A head that cannot be read: if the file matters, its absence is noticed below.
      }
    }
    return (heads, files)
  }
}
