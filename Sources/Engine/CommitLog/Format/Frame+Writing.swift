internal import Bytes
public import Model
internal import Platform

/// One row and the batch that it carries, if any.
public struct RowContent: Sendable {
  /// The row.
  public var row: Row
  /// Its batch; `nil` where the row has no bytes.
  public var batch: RecordBatch?

  /// `row` with `batch`.
  public init(row: Row, batch: RecordBatch? = nil) {
    self.row = row
    self.batch = batch
  }
}

/// Lays a frame out in the blocks of a buffer.
struct FrameWriter: ~Copyable {
  private let buffer: AlignedBuffer
  private var position = 0

  /// Fills the first `head.blocks` blocks of `buffer` with `head` and the batches of `contents`,
  /// sealed for `incarnation`.
  static func write(
    _ head: FrameHead, _ contents: [RowContent], into buffer: AlignedBuffer, incarnation: UInt32
  ) {
    var writer = FrameWriter(buffer)
    writer.put(head.encode().span)
    for content in contents {
      guard let batch = content.batch else { continue }
      writer.put(batch.storage.span.extracting(batch.range))
    }
    writer.finish(Int(head.blocks))
    Block.seal(buffer, count: Int(head.blocks), position: head.position, incarnation: incarnation)
  }

  private init(_ buffer: AlignedBuffer) { self.buffer = buffer }

  /// Appends `bytes`, leaving room for the head and tail of each block.
  private mutating func put(_ bytes: Span<UInt8>) {
    var taken = 0
    while taken < bytes.count {
      let within = position % Block.payloadSize
      let count = min(Block.payloadSize - within, bytes.count - taken)
      buffer.copy(
        bytes.extracting(taken..<taken + count),
        to: position / Block.payloadSize * Block.size + Block.payloadStart + within)
      taken += count
      position += count
    }
  }

  /// Zeroes what is left of the last block: the buffer is used again and again.
  private func finish(_ blocks: Int) {
    let within = position % Block.payloadSize
    guard within > 0 else { return }
    precondition(position / Block.payloadSize == blocks - 1, "a frame fills its last block")
    let start = (blocks - 1) * Block.size + Block.payloadStart
    buffer.zero(start + within..<start + Block.payloadSize)
  }
}
