import Model
import Platform
import TestSupport
import Testing

@testable import CommitLog

/// A journal of 4 files of 16 blocks on a simulated disk, written frame by frame at any position.
struct JournalFixture {
  static let geometry = JournalGeometry(blocksPerFile: 16, files: 4)
  let disk = SimulatedFileSystem(seed: 1)
  let directory: DataDirectory

  /// The files of the sequences `0..<count`, zeros behind their heads.
  init(files count: UInt64 = 2) throws {
    directory = DataDirectory("/data", disk)
    try disk.makeDirectory("/data")
    try disk.makeDirectory("/data/journal")
    for sequence in 0..<count { try addFile(sequence) }
  }

  func addFile(_ sequence: UInt64) throws {
    let geometry = Self.geometry
    let slot = geometry.slot(of: sequence)
    let head = JournalFileHead(
      node: Sample.node, slot: UInt32(slot), sequence: sequence,
      firstPosition: geometry.start(of: sequence), incarnation: 1, startID: 1)
    let path = directory.journalFile(slot: slot)
    if try disk.status(path) == nil {
      try disk.put([UInt8](repeating: 0, count: Int(geometry.fileBytes)), to: path)
    }
    try disk.put(head.encode().copy(0..<4096), to: path)
  }

  func path(of position: Position) -> String {
    directory.journalFile(slot: Self.geometry.slot(of: Self.geometry.sequence(of: position)))
  }

  /// A frame with one append, of `blocks` blocks. The partition's offsets grow with the positions.
  static func frame(
    _ position: Position, previous: Position, blocks: Int = 1, incarnation: UInt32 = 1
  ) -> [UInt8] {
    let batch = Sample.batch((blocks - 1) * 4064 + 500, at: Offset(position))
    let content = Sample.append(batch, to: 1)
    let head = FrameHead(
      position: position, blocks: UInt32(blocks), previous: previous,
      previousEnds: previous == 0
        ? [] : [FrameHead.End(partition: PartitionNumber(1), offset: Offset(previous) + 1)],
      rows: [content.row], bytes: UInt32(batch.size))
    let buffer = AlignedBuffer(count: blocks * 4096)
    FrameWriter.write(head, [content], into: buffer, incarnation: incarnation)
    return buffer.copy(0..<blocks * 4096)
  }

  /// Writes a frame, or those of its blocks that `parts` lists.
  func write(
    _ position: Position, previous: Position, blocks: Int = 1, incarnation: UInt32 = 1,
    parts: [Int]? = nil
  ) throws {
    let bytes = Self.frame(
      position, previous: previous, blocks: blocks, incarnation: incarnation)
    for index in parts ?? Array(0..<blocks) {
      try put(Array(bytes[index * 4096..<(index + 1) * 4096]), at: position + UInt64(index))
    }
  }

  /// Writes bytes into the block of a position, from `offset` in it on.
  func put(_ bytes: [UInt8], at position: Position, offset: Int64 = 0) throws {
    try disk.put(bytes, to: path(of: position), at: Self.geometry.offset(of: position) + offset)
  }

  /// Turns a bit over in the payload of a block, whose stamps stay right.
  func damage(_ position: Position) throws {
    let path = path(of: position)
    let place = Self.geometry.offset(of: position) + 2_000
    let byte = try #require(try disk.open(path, .read).read(1, at: place).first)
    disk.corrupt(path, at: place, [byte ^ 4])
  }

  struct Outcome: Equatable {
    var frames: [Position] = []
    var verdict: JournalScan.Verdict?
    var error: LogError?
    var cursor: Position = 0
    /// What was lost, described: "2: 1@2..3" is a frame at block 2 whose batch for partition 1 is
    /// damaged, "2: 1<3" one of which only the end of partition 1 is known, and "?" stands at the
    /// end where nobody can say what else.
    var lost: [String] = []
  }

  private static func describe(_ lost: LostFrames) -> String {
    let frames = lost.frames.map { frame in
      let rows = frame.contents?.map { content in
        let row = content.row
        return "\(row.partition)@\(row.baseOffset)..\(row.end)"
          + (content.batch == nil ? "" : " whole")
      }
      let ends = frame.ends?.map { "\($0.partition)<\($0.offset)" }
      return "\(frame.position): " + (rows ?? ends ?? ["nothing"]).joined(separator: ", ")
    }
    return frames.joined(separator: "; ") + (lost.isComplete ? "" : "?")
  }

  /// Reads the journal as a start does.
  func scan(from start: Position = 1, last: Position = 0, watermark: Position = 0) throws
    -> Outcome
  {
    var files: [UInt64: any File] = [:]
    for slot in 0..<Self.geometry.files {
      guard try disk.status(directory.journalFile(slot: slot)) != nil else { continue }
      let file = try disk.open(directory.journalFile(slot: slot), .read)
      files[try JournalFileHead.decode(try file.read(4096, at: 0)).sequence] = file
    }
    var scan = JournalScan(
      directory, geometry: Self.geometry, files: files, from: start, lastFrame: last,
      watermark: watermark, sabotage: [])
    var outcome = Outcome()
    do throws(LogError) {
      while let frame = try scan.next() {
        outcome.frames.append(frame.head.position)
        if let lost = frame.lost { outcome.lost.append(Self.describe(lost)) }
      }
    } catch {
      outcome.error = error
    }
    outcome.verdict = scan.verdict
    outcome.cursor = scan.cursor.position
    return outcome
  }
}
