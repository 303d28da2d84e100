internal import Bytes
internal import Model

/// Frames that were acknowledged and cannot be replayed: a later frame is there which follows them.
public struct LostFrames: Sendable {
  /// One of them, as far as it can be read.
  struct Frame: Sendable {
    /// Where it began.
    var position: Position
    /// Its rows; a batch is `nil` where it is damaged. `nil` where the rows cannot be read.
    var contents: [RowContent]?
    /// Where the partitions that it appended to ended behind it, as the next frame tells; `nil`
    /// where that cannot be read.
    var ends: [FrameHead.End]?
  }

  /// Where the first of them began.
  public internal(set) var position: Position
  /// Those that are known to have been there, oldest first.
  var frames: [Frame] = []
  /// Every frame in the stretch is known, and to which partitions it appended. Where this is false
  /// nobody can say what is lost.
  var isComplete = false
}

extension JournalScan {
  /// What lay between the last live frame and `next`, followed from back to front: each frame names
  /// the one before it, and where the partitions ended that this one appended to.
  func lost(before next: LiveFrame) throws(LogError) -> LostFrames {
    var lost = LostFrames(position: position)
    var place = next.head.previous
    var limit = next.head.position
    var ends: [FrameHead.End]? = next.head.previousEnds
    while place >= position, place < limit {
      let remnant = try remnant(at: place, before: limit)
      lost.frames.insert(
        LostFrames.Frame(position: place, contents: remnant?.contents, ends: ends), at: 0)
      guard remnant?.contents != nil || ends != nil else { return lost }
      guard let remnant else {
        lost.isComplete = try isFirst(place)
        return lost
      }
      if remnant.previous == last {
        lost.isComplete = true
        return lost
      }
      (limit, place, ends) = (place, remnant.previous, remnant.previousEnds)
    }
    return lost
  }

  /// The last frame, given up, as far as it can be read.
  func lostFrame(at start: Position, blocks: UInt64) throws(LogError) -> LostFrames {
    let contents = try remnant(at: start, before: start + blocks)?.contents
    return LostFrames(
      position: start, frames: [LostFrames.Frame(position: start, contents: contents, ends: nil)],
      isComplete: contents != nil)
  }

  /// Nothing was written between the last live frame and `place`.
  private func isFirst(_ place: Position) throws(LogError) -> Bool {
    if place == position { return true }
    guard place == geometry.start(of: geometry.sequence(of: position) + 1) + 1 else { return false }
    return try traces(of: position).allSatisfy { !$0.belongs }
  }

  /// What can be read of a frame whose beginning can.
  private struct Remnant {
    var previous: Position
    var previousEnds: [FrameHead.End]?
    var contents: [RowContent]?
  }

  private func remnant(at start: Position, before limit: Position) throws(LogError) -> Remnant? {
    guard case .valid(let first) = try examine(start), first.index == 0 else { return nil }
    var fields = ByteReader(try payload(start))
    guard let head = try? FrameHead.decodeFields(&fields).head, head.position == start,
      UInt64(head.blocks) <= min(geometry.remaining(at: start), limit - start)
    else { return nil }
    var payload: [UInt8] = []
    var readable: [Bool] = []
    for index in 0..<UInt64(head.blocks) {
      var isReadable = false
      if case .valid(let block) = try examine(start + index) {
        isReadable = UInt64(block.index) == index && block.incarnation == first.incarnation
      }
      readable.append(isReadable)
      payload +=
        isReadable
        ? try self.payload(start + index) : [UInt8](repeating: 0, count: Block.payloadSize)
    }
    let prefix = Array(
      payload.prefix((readable.firstIndex(of: false) ?? readable.count) * Block.payloadSize))
    return Remnant(
      previous: head.previous, previousEnds: FrameHead.decodeEnds(ofPrefix: prefix),
      contents: FrameHead.decodeRows(ofPrefix: prefix).flatMap {
        Self.contents($0, FrameHead.bytesStart(ofPrefix: prefix), payload)
      })
  }

  /// The rows with those of their batches that are whole.
  private static func contents(
    _ rows: [Row], _ bytesStart: Int?, _ payload: [UInt8]
  ) -> [RowContent]? {
    guard var at = bytesStart, rows.allSatisfy(\.isSound) else { return nil }
    var contents: [RowContent] = []
    for row in rows {
      let end = at + Int(row.length)
      guard end <= payload.count else { return nil }
      defer { at = end }
      guard row.kind == .append,
        let size = try? RecordBatch.check(payload.span.extracting(0..<end), at: at),
        at + size == end
      else {
        contents.append(RowContent(row: row))
        continue
      }
      let batch = RecordBatch(unchecked: payload, at..<end)
      let isRight =
        batch.crc == row.batchCRC && batch.baseOffset == row.baseOffset
        && batch.nextOffset == row.end
      contents.append(RowContent(row: row, batch: isRight ? batch : nil))
    }
    return contents
  }
}
