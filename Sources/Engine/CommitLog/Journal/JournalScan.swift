internal import Bytes
internal import Model
internal import Platform

/// A frame that recovery replays.
public struct LiveFrame: Sendable {
  /// Its head and rows.
  public var head: FrameHead
  /// Who wrote it.
  public var incarnation: UInt32
  /// All of its payload.
  var payload: [UInt8]
  /// Where the rows' bytes begin in it.
  var bytesStart: Int
  /// What was acknowledged between it and the live frame before it, and cannot be replayed; `nil`
  /// where it follows that one.
  var lost: LostFrames?

  /// Its rows with their batches, which share the frame's memory.
  public var contents: [RowContent] {
    var at = bytesStart
    return head.rows.map { row in
      defer { at += Int(row.length) }
      guard row.kind == .append else { return RowContent(row: row) }
      return RowContent(row: row, batch: RecordBatch(unchecked: payload, at..<at + Int(row.length)))
    }
  }
}

/// Finds the live frames of a journal, and at its end tells what was never acknowledged from what
/// is damaged. The rules and their reasons are those of a log that proves itself: every block
/// carries its position and its writer's incarnation, every frame names the one before it, and one
/// write is in flight at a time, so that a later frame proves an earlier one.
public struct JournalScan {
  /// How the journal ends.
  public enum Verdict: Sendable, Equatable {
    /// Nothing was written after the last live frame.
    case end
    /// A frame after it was written in part, and so never acknowledged: it is cut off.
    case torn
  }

  private let directory: DataDirectory
  let geometry: JournalGeometry
  private let reader: BlockReader
  private let watermark: Position
  private let sabotage: Sabotage
  private let decision: RepairDecision?
  /// Where the next frame may begin.
  private(set) var position: Position
  /// Where the last live frame begins.
  private(set) var last: Position
  private var lastEnds: [FrameHead.End] = []
  private var lastIncarnation: UInt32 = 0
  /// Known when `next` has returned `nil`.
  public private(set) var verdict: Verdict?
  /// A damaged last frame that an operator decided about: where it begins, and its blocks.
  private(set) var decided: (start: Position, blocks: UInt64)?
  /// What an operator gave up behind the last live frame, and how many blocks that was.
  private(set) var lostEnd: (frames: LostFrames, blocks: UInt64)?
  /// The partitions of which a torn frame tells something; `nil` where its rows cannot be read.
  private(set) var tornPartitions: Set<PartitionNumber>?
  /// How many stretches were passed over because a later frame names the last live one as the one
  /// before it.
  public private(set) var remains = 0

  init(
    _ directory: DataDirectory, geometry: JournalGeometry, files: [UInt64: any File],
    from position: Position, lastFrame: Position, watermark: Position, sabotage: Sabotage,
    decision: RepairDecision? = nil
  ) {
    self.decision = decision
    self.directory = directory
    self.geometry = geometry
    self.watermark = watermark
    self.sabotage = sabotage
    self.position = position
    last = lastFrame
    reader = BlockReader(geometry: geometry, files: files)
  }

  /// Where the journal goes on.
  public var cursor: JournalCursor {
    JournalCursor(position: position, previous: last, previousEnds: lastEnds)
  }

  /// The greatest incarnation seen, that of frames which were never finished among them.
  var incarnation: UInt32 { reader.greatestIncarnation }

  /// The next live frame; `nil` at the end, when `verdict` says how it ends. A frame behind others
  /// that are damaged or gone says so in `lost`. Throws where the end of acknowledged data is gone
  /// or cannot be told, naming file and block; nothing is changed.
  public mutating func next() throws(LogError) -> LiveFrame? {
    if verdict != nil { return nil }
    if position % geometry.blocksPerFile == 0 { position += 1 }
    if let frame = try frame(at: position), frame.head.previous == last {
      return accept(frame)
    }
    if var later = try laterFrame(after: position) {
      if later.head.previous == last || sabotage.contains(.ignorePreviousFrame) {
        remains += 1
      } else {
        later.lost = try lost(before: later)
      }
      return accept(later)
    }
    verdict = try judgeEnd()
    return nil
  }

  private mutating func accept(_ frame: LiveFrame) -> LiveFrame {
    last = frame.head.position
    lastIncarnation = frame.incarnation
    lastEnds = Journal.ends(frame.head.rows)
    position = frame.head.position + UInt64(frame.head.blocks)
    return frame
  }

  /// The whole frame that begins at `start`; `nil` where there is none. Whole means: every block
  /// has its position and its index, and all one incarnation, not lower than that of the last live
  /// frame.
  func frame(at start: Position) throws(LogError) -> LiveFrame? {
    guard case .valid(let first) = try examine(start), first.index == 0,
      first.incarnation >= lastIncarnation
    else { return nil }
    var payload = try payload(start)
    var fields = ByteReader(payload)
    guard let head = try? FrameHead.decodeFields(&fields).head, head.position == start,
      head.blocks > 0, UInt64(head.blocks) <= geometry.remaining(at: start)
    else { return nil }
    payload.reserveCapacity(Int(head.blocks) * Block.payloadSize)
    for index in 1..<max(1, UInt64(head.blocks)) {
      guard case .valid(let block) = try examine(start + index), UInt64(block.index) == index,
        block.incarnation == first.incarnation || sabotage.contains(.judgeByPositionOnly),
        block.isLast == (index == UInt64(head.blocks) - 1)
      else { return nil }
      payload.append(contentsOf: try self.payload(start + index))
    }
    do throws(FormatFault) {
      let (head, bytesStart) = try FrameHead.decode(payload)
      return LiveFrame(
        head: head, incarnation: first.incarnation, payload: payload, bytesStart: bytesStart)
    } catch .unknownRowType(let code) {
      throw damage("a row of the unknown type \(code); a newer version wrote it", at: start)
    } catch {
      if sabotage.contains(.judgeByPositionOnly) { return nil }
      throw damage(
        "every block of a frame is whole, but it cannot be read: \(error.sentence)", at: start)
    }
  }

  private func laterFrame(after start: Position) throws(LogError) -> LiveFrame? {
    var candidate = start + 1
    while candidate < reader.end {
      if candidate % geometry.blocksPerFile != 0, let frame = try frame(at: candidate) {
        return frame
      }
      candidate += 1
    }
    return nil
  }

  /// Nothing live follows: is it the end, or a frame that was never finished?
  private mutating func judgeEnd() throws(LogError) -> Verdict {
    if watermark > position {
      if decision == .lookOnly { return .end }
      if decision == .leaveGap {
        lostEnd = (LostFrames(position: position), watermark - position)
        return .end
      }
      throw damage(
        "the journal ends here, but everything below block \(watermark) had been acknowledged; "
          + LogError.repair)
    }
    // A frame that was torn here does not excuse what a later process wrote into the next file.
    let here = try judgeFrame(at: position)
    let next = geometry.start(of: geometry.sequence(of: position) + 1) + 1
    return try judgeFrame(at: next) ?? here ?? .end
  }

  /// What is left of a frame that begins at `start`; `nil` where nothing is. Some block unwritten
  /// means that its write was never finished. Every block written, some bad, could be a torn write
  /// or rot in an acknowledged frame.
  private mutating func judgeFrame(at start: Position) throws(LogError) -> Verdict? {
    let traces = try traces(of: start)
    // An older torn frame may lie below a newer one that began at the same place.
    guard let newest = traces.compactMap({ $0.belongs ? $0.incarnation : nil }).max() else {
      return nil
    }
    let own = traces.map { $0.incarnation == newest }
    guard let furthest = own.lastIndex(of: true) else { return nil }
    let announced = traces[0].incarnation == newest ? traces[0].announced : nil
    let flagged = traces.indices.first { own[$0] && traces[$0].isLast }.map { $0 + 1 }
    let length = announced ?? flagged ?? furthest + 1
    let isWhole = length <= own.count && own[..<length].allSatisfy { $0 }
    // A last block that is whole and not marked as the last proves that one more was to come.
    let isOpen = announced == nil && flagged == nil && !traces[furthest].isBad
    if isWhole, !isOpen { decided = (start, UInt64(length)) }
    if isWhole, !isOpen, decision == .leaveGap {
      lostEnd = (try lostFrame(at: start, blocks: UInt64(length)), UInt64(length))
    } else if isWhole, !isOpen, decision == nil {
      throw uncertain(at: start)
    }
    let readable = traces.prefix { $0.incarnation == newest && !$0.isBad }.count
    tornPartitions = try partitions(ofFrameAt: start, blocks: readable)
    return .torn
  }

  private func uncertain(at start: Position) -> LogError {
    .uncertainFrame(
      path: directory.journalFile(slot: geometry.slot(of: geometry.sequence(of: start))),
      block: start % geometry.blocksPerFile)
  }

  /// The partitions in the rows of a frame of which the first `blocks` blocks can be read.
  private func partitions(
    ofFrameAt start: Position, blocks: Int
  ) throws(LogError) -> Set<PartitionNumber>? {
    var payload: [UInt8] = []
    for index in 0..<blocks { payload += try self.payload(start + UInt64(index)) }
    return FrameHead.decodeRows(ofPrefix: payload).map { Set($0.map(\.partition)) }
  }

  /// What one block shows of a frame that was to begin some blocks before it.
  struct Trace {
    var incarnation: UInt32 = 0
    var belongs = false
    var isBad = false
    var isLast = false
    var announced: Int?
  }

  func traces(of start: Position) throws(LogError) -> [Trace] {
    var traces: [Trace] = []
    for index in 0..<geometry.remaining(at: start) {
      switch try examine(start + index) {
      case .valid(let block)
      where UInt64(block.index) == index && block.incarnation >= lastIncarnation:
        var trace = Trace(incarnation: block.incarnation, belongs: true, isLast: block.isLast)
        if index == 0 {
          var fields = ByteReader(try payload(start))
          trace.announced = (try? FrameHead.decodeFields(&fields).head.blocks).map(Int.init)
        }
        traces.append(trace)
      case .bad(let incarnation) where incarnation >= lastIncarnation:
        traces.append(Trace(incarnation: incarnation, belongs: true, isBad: true))
      default: traces.append(Trace())
      }
    }
    return traces
  }

  func examine(_ position: Position) throws(LogError) -> Block.Condition {
    do { return try reader.examine(position) } catch { throw .system(error) }
  }

  func payload(_ position: Position) throws(LogError) -> [UInt8] {
    do { return try reader.payload(position) } catch { throw .system(error) }
  }

  func damage(_ reason: String, at place: Position? = nil) -> LogError {
    let place = place ?? position
    let slot = geometry.slot(of: geometry.sequence(of: place))
    return .damagedJournal(
      path: directory.journalFile(slot: slot), block: place % geometry.blocksPerFile, reason: reason
    )
  }
}
