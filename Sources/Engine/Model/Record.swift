/// One record as it stands in a batch: its bytes are ranges of the batch's storage.
public struct Record: Hashable, Sendable {
  /// Its place in the partition.
  public let offset: Offset
  /// When it was produced or, where the batch says so, appended.
  public let timestamp: Timestamp
  /// The key, `nil` for null.
  public let key: Range<Int>?
  /// The value, `nil` for null.
  public let value: Range<Int>?
  /// The headers as they are encoded.
  public let headers: Range<Int>
  /// How many headers there are.
  public let headerCount: Int

  @usableFromInline
  init(
    offset: Offset, timestamp: Timestamp, key: Range<Int>?, value: Range<Int>?,
    headers: Range<Int>, headerCount: Int
  ) {
    self.offset = offset
    self.timestamp = timestamp
    self.key = key
    self.value = value
    self.headers = headers
    self.headerCount = headerCount
  }

  /// The headers, decoded from the batch that the record came from. Names are UTF-8; what is not is
  /// repaired with U+FFFD.
  public func headers(in batch: RecordBatch) throws(RecordBatchFault) -> [RecordHeader] {
    guard headerCount > 0 else { return [] }
    var decoded: [RecordHeader] = []
    var cursor = RecordHeaderCursor(self)
    let index = Int32(truncatingIfNeeded: offset &- batch.baseOffset)
    while try cursor.next(in: batch.storage, of: index) {
      decoded.append(
        RecordHeader(
          key: String(decoding: batch.storage[cursor.key], as: UTF8.self),
          value: cursor.value.map { Array(batch.storage[$0]) }))
    }
    return decoded
  }
}
