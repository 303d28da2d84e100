internal import Bytes
internal import Model
internal import Platform

/// What the next start would replay: the live frames from the newest usable checkpoint on, how they
/// end, and what is known when all of them are applied.
public struct JournalChain: Sendable {
  /// The checkpoint that it builds on; `nil` where it reaches back to the node's birth.
  public let checkpoint: Superblock.Checkpoint?
  /// The first position that may be replayed.
  public let start: Position
  /// Where the live frames begin.
  public private(set) var frames: Set<Position> = []
  /// How many stretches were passed over, proven by a later frame: the rest of a file that was too
  /// short for the next one, and what a crash left.
  public private(set) var remains = 0
  /// Where the journal goes on.
  public private(set) var end: Position
  /// How it ends; `nil` where it is damaged.
  public private(set) var verdict: JournalScan.Verdict?
  /// Why it cannot be replayed, with file and block; `nil` where it can.
  public private(set) var damage: LogError?
  /// Live rows whose batch is not what they say.
  public private(set) var findings: [Finding] = []

  /// The partitions that exist at the end, by the catalogue.
  private(set) var identities: [PartitionNumber: PartitionIdentity] = [:]
  /// The partitions that it deletes.
  private(set) var deleted: Set<PartitionNumber> = []
  /// One past the last offset of every partition that has one.
  private(set) var ends: [PartitionNumber: Offset] = [:]
  /// What the catalogue knows to be damaged.
  private(set) var known: [PartitionNumber: [Range<Offset>]] = [:]
  /// The first offset that can be read, where a row moved it.
  private(set) var logStarts: [PartitionNumber: Offset] = [:]

  /// Where reading it begins.
  var origin: ReplayStart {
    ReplayStart(
      position: start, lastFrame: checkpoint?.lastFrame ?? 0, snapshot: nil, checkpoints: [])
  }

  /// Reads the chain of `journal` from `start` on. Where the node is running, what its next write
  /// has only begun can look like damage: a chain that grows meanwhile is read again.
  static func read(
    _ journal: JournalSource, from start: ReplayStart, _ catalogue: some CatalogueReplay
  ) -> JournalChain {
    var chain = JournalChain(journal, from: start, catalogue)
    for _ in 0..<8 where chain.damage != nil {
      let again = JournalChain(journal, from: start, catalogue)
      defer { chain = again }
      if again.damage == chain.damage { break }
    }
    return chain
  }

  private init(
    _ journal: JournalSource, from start: ReplayStart, _ catalogue: some CatalogueReplay
  ) {
    self.start = start.position
    checkpoint = start.checkpoints.first
    end = start.position
    var catalogue = catalogue
    for identity in catalogue.restore(start.snapshot?.catalogue ?? CatalogueImage()) {
      identities[identity.number] = identity
    }
    for image in start.snapshot?.partitions ?? [] {
      ends[image.identity.number] = image.end
      logStarts[image.identity.number] = image.logStart
    }
    var scan = journal.scan(from: start)
    do throws(LogError) {
      while let frame = try scan.next() { take(frame, journal, &catalogue) }
      verdict = scan.verdict
    } catch {
      damage = error
    }
    remains = scan.remains
    end = scan.cursor.position
    if damage != nil { follow(scan.cursor, scan.incarnation, journal, &catalogue) }
    known = catalogue.damage
  }

  /// Looks again where the damage is: a frame there that follows the last one shows that a node is
  /// writing, and what looked like damage was the frame that came while the end was judged.
  private mutating func follow(
    _ cursor: JournalCursor, _ incarnation: UInt32, _ journal: JournalSource,
    _ catalogue: inout some CatalogueReplay
  ) {
    let scan = journal.scan(
      from: ReplayStart(position: 1, lastFrame: 0, snapshot: nil, checkpoints: []))
    let geometry = journal.geometry
    var (previous, least) = (cursor.previous, incarnation)
    while true {
      let next = geometry.start(of: geometry.sequence(of: end) + 1) + 1
      let here = end % geometry.blocksPerFile == 0 ? end + 1 : end
      let frame = [here, next].lazy.compactMap { (try? scan.frame(at: $0)) ?? nil }.first {
        $0.head.previous == previous && $0.incarnation >= least
      }
      guard let frame else { return }
      take(frame, journal, &catalogue)
      (previous, least) = (frame.head.position, frame.incarnation)
      end = frame.head.position + UInt64(frame.head.blocks)
      (damage, verdict) = (nil, .end)
    }
  }

  private mutating func take(
    _ frame: LiveFrame, _ journal: JournalSource, _ catalogue: inout some CatalogueReplay
  ) {
    frames.insert(frame.head.position)
    if let lost = frame.lost { take(lost, journal) }
    for (index, content) in frame.contents.enumerated() {
      let row = content.row
      switch row.kind {
      case .append:
        guard let batch = content.batch else { continue }
        if let reason = Self.mismatch(row, batch) ?? gap(row) {
          let place = frame.head.position
          findings.append(
            Finding(
              path: journal.path(of: place), position: journal.geometry.offset(of: place),
              sentence: "row \(index) of the frame at position \(place): \(reason)"))
          continue
        }
        ends[row.partition] = row.end
        guard row.partition == .catalogue else { continue }
        for identity in catalogue.replay(batch) { identities[identity.number] = identity }
      case .delete:
        deleted.insert(row.partition)
        identities[row.partition] = nil
        ends[row.partition] = nil
        logStarts[row.partition] = nil
      case .logStart: logStarts[row.partition] = row.baseOffset
      case .roll, .replace, .seal: break
      }
    }
  }

  /// Frames that the next start heals or leaves out: what comes next goes on behind them.
  private mutating func take(_ lost: LostFrames, _ journal: JournalSource) {
    let block = lost.position % journal.geometry.blocksPerFile
    findings.append(
      Finding(
        path: journal.path(of: lost.position),
        position: journal.geometry.offset(of: lost.position),
        sentence: "block \(block): a later frame follows one that is damaged or gone"))
    for frame in lost.frames {
      for content in frame.contents ?? [] where content.row.kind == .append {
        ends[content.row.partition] = content.row.end
      }
      for end in frame.ends ?? [] { ends[end.partition] = end.offset }
    }
  }

  /// Why `batch` is not the one of `row`; `nil` where it is.
  private static func mismatch(_ row: Row, _ batch: RecordBatch) -> String? {
    do throws(RecordBatchFault) {
      let size = try RecordBatch.check(
        batch.storage.span.extracting(0..<batch.range.upperBound), at: batch.range.lowerBound)
      guard size == batch.size, batch.baseOffset == row.baseOffset, batch.nextOffset == row.end,
        batch.crc == row.batchCRC
      else { return "its batch has other offsets, another length or another checksum" }
      return nil
    } catch {
      return "its batch is damaged: \(error)"
    }
  }

  private func gap(_ row: Row) -> String? {
    let end = ends[row.partition] ?? 0
    guard row.baseOffset != end else { return nil }
    return "it appends to partition \(row.partition) at offset \(row.baseOffset), where \(end) is "
      + "next"
  }
}

/// A journal's files, open for reading.
struct JournalSource: Sendable {
  let directory: DataDirectory
  let geometry: JournalGeometry
  let watermark: Position
  /// By sequence, those whose head can be read.
  let files: [UInt64: any File]

  func path(of position: Position) -> String {
    directory.journalFile(slot: geometry.slot(of: geometry.sequence(of: position)))
  }

  func scan(from start: ReplayStart) -> JournalScan {
    JournalScan(
      directory, geometry: geometry, files: files, from: start.position,
      lastFrame: start.lastFrame, watermark: watermark, sabotage: [])
  }
}
