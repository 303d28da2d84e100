internal import Platform

/// Reads the journal's blocks by position, a stretch at a time, from the files that are there.
final class BlockReader {
  private static let stretch = 256

  private let geometry: JournalGeometry
  private let files: [UInt64: any File]
  private let buffer = AlignedBuffer(count: BlockReader.stretch * Block.size)
  /// What `buffer` holds: positions of one file. Blocks that the file is too short for are zero.
  private var held: Range<Position> = 0..<0

  /// The newest file that is there.
  let newest: UInt64

  init(geometry: JournalGeometry, files: [UInt64: any File]) {
    self.geometry = geometry
    self.files = files
    newest = files.keys.max() ?? 0
  }

  /// The greatest incarnation of any block that was whole.
  private(set) var greatestIncarnation: UInt32 = 0

  /// One past the last position that any file holds.
  var end: Position { geometry.start(of: newest + 1) }

  /// Judges the block of `position`; one whose file is not there was never written.
  func examine(_ position: Position) throws(SystemError) -> Block.Condition {
    guard try load(position) else { return .unwritten }
    let offset = Int(position - held.lowerBound) * Block.size
    let found = buffer.withSpan(0..<buffer.count) {
      Block.examine($0, at: offset, position: position)
    }
    if case .valid(let block) = found {
      greatestIncarnation = max(greatestIncarnation, block.incarnation)
    }
    return found
  }

  /// The payload of the block of `position`.
  func payload(_ position: Position) throws(SystemError) -> [UInt8] {
    guard try load(position) else { return [] }
    let start = Int(position - held.lowerBound) * Block.size + Block.payloadStart
    return buffer.copy(start..<start + Block.payloadSize)
  }

  private func load(_ position: Position) throws(SystemError) -> Bool {
    if held.contains(position) { return true }
    let sequence = geometry.sequence(of: position)
    guard let file = files[sequence] else { return false }
    let last = min(position + UInt64(Self.stretch), geometry.start(of: sequence + 1))
    let wanted = Int(last - position) * Block.size
    let got = try file.read(into: buffer, 0..<wanted, at: geometry.offset(of: position))
    if got < wanted { buffer.zero(got..<wanted) }
    held = position..<last
    return true
  }
}
