internal import Bytes
internal import Platform

/// A frame as it lies in a journal file.
public struct InspectedFrame: Sendable {
  /// What a frame is to the next start.
  public enum Standing: Sendable {
    /// It is replayed.
    case live
    /// It lies below the checkpoint: what it says stands in segments.
    case covered
    /// It belongs to nothing: what a crash left.
    case remains
  }

  /// Its head and rows.
  public let head: FrameHead
  /// Who wrote it.
  public let incarnation: UInt32
  /// What it is to the next start.
  public let standing: Standing
}

/// What the walk over a journal file came across.
public enum JournalItem: Sendable {
  /// A whole frame.
  case frame(InspectedFrame)
  /// A place that cannot be read.
  case finding(Finding)
}

extension Inspector {
  /// Calls `body` with every whole frame of a journal file in the order of positions, whether it is
  /// live or not. Blocks that an earlier lap left are not of the file's positions and do not count.
  public func frames<E: Error>(
    in file: Inspected<JournalFileHead>, _ body: (JournalItem) throws(E) -> Void
  ) throws(E) {
    guard let journal, let head = file.value else { return }
    let geometry = journal.geometry
    let scan = JournalScan(
      directory, geometry: geometry, files: journal.files, from: 0, lastFrame: 0, watermark: 0,
      sabotage: [])
    let end = geometry.start(of: head.sequence) + geometry.blocksPerFile
    var position = geometry.start(of: head.sequence) + 1
    while position < end {
      let found: LiveFrame?
      do throws(LogError) { found = try scan.frame(at: position) } catch {
        try body(.finding(Finding(error, path: file.path)))
        position += 1
        continue
      }
      guard let found else {
        position += 1
        continue
      }
      try body(
        .frame(
          InspectedFrame(
            head: found.head, incarnation: found.incarnation, standing: standing(position))))
      position += UInt64(found.head.blocks)
    }
  }

  private func standing(_ position: Position) -> InspectedFrame.Standing {
    guard let chain = try? chain.get() else { return .remains }
    if chain.frames.contains(position) { return .live }
    return position < chain.start ? .covered : .remains
  }
}
