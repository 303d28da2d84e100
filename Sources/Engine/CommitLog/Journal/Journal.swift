internal import Model
public import Platform
internal import Synchronization

/// Where the journal goes on.
public struct JournalCursor: Sendable, Equatable {
  /// Where the next frame begins if it fits into the file.
  public var position: Position
  /// Where the last live frame begins; 0 where there is none.
  public var previous: Position
  /// What the last live frame appended to.
  public var previousEnds: [FrameHead.End]

  /// A cursor with these fields.
  public init(position: Position, previous: Position, previousEnds: [FrameHead.End]) {
    self.position = position
    self.previous = previous
    self.previousEnds = previousEnds
  }
}

/// The journal as the commit thread writes it: one frame after the other, each durable when `write`
/// returns.
///
/// One write is in flight at a time, so that a valid frame proves the one before it. After an error
/// nothing may be written any more, and no sync is tried again: the kernel may have marked the lost
/// pages clean.
public final class Journal {
  /// Whether a frame can be written now.
  public enum Room: Sendable, Equatable {
    case ready
    /// The next file is not prepared yet.
    case waitsForFile
    /// The file is not filled so far yet.
    case waitsForFill
  }

  /// A frame's payload, at most, where more than one entry shares it.
  static let frameBytes = 4 << 20

  private let files: JournalFiles
  private let incarnation: UInt32
  private var buffer = AlignedBuffer(count: (1 << 20))
  private let durable: Atomic<UInt64>
  /// Where it goes on.
  public private(set) var cursor: JournalCursor

  /// Goes on at `cursor`.
  public init(_ files: JournalFiles, incarnation: UInt32, cursor: JournalCursor) {
    self.files = files
    self.incarnation = incarnation
    self.cursor = cursor
    durable = Atomic(cursor.position)
  }

  /// Every frame below it is durable. Any thread.
  public var durablePosition: Position { durable.load(ordering: .acquiring) }

  /// The file that the newest frame lies in.
  public var sequence: UInt64 { files.geometry.sequence(of: cursor.previous) }

  /// About how many bytes of entries may share a frame.
  public var groupBytes: Int { min(Self.frameBytes, files.geometry.entryLimit) }

  /// How many bytes of payload a frame with these rows has.
  public func payload(rows: Int, bytes: Int) -> Int {
    FrameHead.payload(previousEnds: cursor.previousEnds.count, rows: rows, bytes: bytes)
  }

  /// Where a frame of `payload` bytes would begin, and whether it can be written there now.
  public func room(forPayload payload: Int) -> (position: Position, room: Room) {
    let blocks = UInt64(FrameHead.blocks(payload))
    let geometry = files.geometry
    var position = cursor.position
    if position % geometry.blocksPerFile == 0 {
      position += 1
    } else if blocks > geometry.remaining(at: position) {
      position = geometry.start(of: geometry.sequence(of: position) + 1) + 1
    }
    let sequence = geometry.sequence(of: position)
    guard files.file(sequence) != nil else { return (position, .waitsForFile) }
    if sequence == files.newest, position + blocks > files.fillMark {
      return (position, .waitsForFill)
    }
    return (position, .ready)
  }

  /// Writes one frame; durable when it returns. The caller made sure of room.
  public func write(_ contents: [RowContent]) throws(SystemError) -> FrameHead {
    let bytes = contents.reduce(0) { $0 + Int($1.row.length) }
    let payload = payload(rows: contents.count, bytes: bytes)
    let blocks = FrameHead.blocks(payload)
    let position = room(forPayload: payload).position
    let head = FrameHead(
      position: position, blocks: UInt32(blocks), previous: cursor.previous,
      previousEnds: cursor.previousEnds, rows: contents.map(\.row), bytes: UInt32(bytes))
    let size = blocks * Block.size
    reserve(size)
    FrameWriter.write(head, contents, into: buffer, incarnation: incarnation)
    guard let file = files.file(files.geometry.sequence(of: position)) else {
      preconditionFailure("a frame is written only into a file that is ready")
    }
    try file.writeAll(buffer, 0..<size, at: files.geometry.offset(of: position))
    if !files.mode.isSynced { try file.synchronize() }
    cursor = JournalCursor(
      position: position + UInt64(blocks), previous: position, previousEnds: Self.ends(head.rows))
    durable.store(cursor.position, ordering: .releasing)
    return head
  }

  /// The end of every partition that `rows` append to.
  static func ends(_ rows: [Row]) -> [FrameHead.End] {
    var ends: [PartitionNumber: Offset] = [:]
    for row in rows where row.kind == .append { ends[row.partition] = row.end }
    return ends.keys.sorted().map { FrameHead.End(partition: $0, offset: ends[$0] ?? 0) }
  }

  /// Grows the buffer for a frame of `size` bytes, and lets one go that a rare large entry needed.
  private func reserve(_ size: Int) {
    let usual = 1 << 20
    let wanted = max(usual, (size + usual - 1) / usual * usual)
    if wanted > buffer.count || buffer.count > Self.frameBytes + usual && wanted < buffer.count {
      buffer = AlignedBuffer(count: wanted)
    }
  }
}
