internal import Bytes

/// Goes over the records of a batch without allocating. Bytes are never trusted: damage is thrown.
public struct RecordCursor: Sendable {
  /// The batch.
  public let batch: RecordBatch
  /// Which record `next` returned last, from 0; -1 before the first.
  public private(set) var index: Int32 = -1
  private var position: Int
  private let end: Int
  private let count: Int32
  private let baseOffset: Offset
  private let lastDelta: Int32
  private let baseTimestamp: Timestamp
  private let appendTime: Timestamp?
  private var previousDelta: Int64 = -1

  /// The records of `batch`, which must not be compressed: else the first `next` throws.
  public init(_ batch: RecordBatch) {
    self.batch = batch
    position = batch.recordsRange.lowerBound
    end = batch.recordsRange.upperBound
    count = batch.recordCount
    baseOffset = batch.baseOffset
    lastDelta = batch.lastOffsetDelta
    baseTimestamp = batch.baseTimestamp
    appendTime = batch.attributes.contains(.logAppendTime) ? batch.maxTimestamp : nil
  }

  /// The next record; `nil` behind the last. After a throw the cursor stands where it was of no
  /// use.
  public mutating func next() throws(RecordBatchFault) -> Record? {
    guard index + 1 < count else { return try finish() }
    index += 1
    if index == 0 { try refuseCompressed() }
    let record = try read()
    position = record.headers.upperBound
    previousDelta = record.offset &- baseOffset
    return record
  }

  /// The record at `position`.
  private func read() throws(RecordBatchFault) -> Record {
    let bytes = batch.storage.span
    var position = position
    guard let length = Varint.read(bytes, at: &position), length >= 0, position <= end,
      length <= end - position
    else { throw .record(index: index, .length) }
    let recordEnd = position + Int(length)
    position += 1  // The attributes, of which no bit has a meaning.
    guard let timestampDelta = Varint.read(bytes, at: &position),
      let offsetDelta = Varint.read(bytes, at: &position),
      let key = field(bytes, at: &position, recordEnd),
      let value = field(bytes, at: &position, recordEnd),
      let headers = Varint.read(bytes, at: &position), position <= recordEnd,
      // A header takes two bytes at least.
      headers >= 0, headers <= (recordEnd - position) / 2
    else { throw .record(index: index, .field) }
    guard headers > 0 || position == recordEnd else { throw .record(index: index, .trailing) }
    guard offsetDelta > previousDelta, offsetDelta <= lastDelta else {
      throw .record(index: index, .offset)
    }
    return Record(
      offset: baseOffset &+ offsetDelta,
      timestamp: appendTime ?? baseTimestamp &+ timestampDelta,
      key: key.lowerBound < 0 ? nil : key, value: value.lowerBound < 0 ? nil : value,
      headers: position..<recordEnd, headerCount: Int(headers))
  }

  /// The bytes behind a length; a range below 0 for null; `nil` where they lead beyond `limit`.
  private func field(
    _ bytes: Span<UInt8>, at position: inout Int, _ limit: Int
  ) -> Range<Int>? {
    guard let length = Varint.read(bytes, at: &position), length >= -1, position <= limit,
      length <= limit - position
    else { return nil }
    if length < 0 { return -1 ..< -1 }
    let start = position
    position += Int(length)
    return start..<position
  }

  private func finish() throws(RecordBatchFault) -> Record? {
    guard count >= 0 else { throw .count(records: count, lastDelta: lastDelta) }
    if count == 0 { try refuseCompressed() }
    guard position == end else { throw .record(index: index, .trailingBatch) }
    return nil
  }

  private func refuseCompressed() throws(RecordBatchFault) {
    guard let codec = batch.codec else {
      throw .codec(UInt8(batch.attributes.rawValue & RecordBatchAttributes.codecBits))
    }
    guard codec == .none else { throw .compressed(codec) }
  }
}
