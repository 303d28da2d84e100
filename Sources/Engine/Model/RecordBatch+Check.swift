internal import Bytes

extension RecordBatch {
  /// The size of the batch at `position`: header and checksum are sound. The records may still lie:
  /// that is what `checkRecords` is for.
  public static func check(
    _ bytes: Span<UInt8>, at position: Int
  ) throws(RecordBatchFault) -> Int {
    let size = try checkHeader(bytes, at: position)
    guard bytes.count - position >= size else {
      throw .truncated(needed: size, available: bytes.count - position)
    }
    let stored: UInt32 = bytes.load(bigEndianAt: position + 17)
    let computed = CRC32C.checksum(
      bytes.extracting(position + uncheckedPrefix..<position + size))
    guard stored == computed else { throw .checksum(stored: stored, computed: computed) }
    return size
  }

  /// The size that the header at `position` claims: its fields fit each other. Neither is the
  /// checksum looked at, nor need the records be there.
  public static func checkHeader(
    _ bytes: Span<UInt8>, at position: Int
  ) throws(RecordBatchFault) -> Int {
    let available = bytes.count - position
    guard position >= 0, available >= headerSize else {
      throw .truncated(needed: headerSize, available: max(0, available))
    }
    guard bytes[position + 16] == magic else { throw .magic(bytes[position + 16]) }
    let length: Int32 = bytes.load(bigEndianAt: position + 8)
    guard length >= headerSize - lengthPrefix else { throw .length(length) }
    let base: Offset = bytes.load(bigEndianAt: position)
    let lastDelta: Int32 = bytes.load(bigEndianAt: position + 23)
    guard base >= 0, lastDelta >= 0, base <= Offset.max - Offset(lastDelta) - 1 else {
      throw .offsets(base: base, lastDelta: lastDelta)
    }
    let records: Int32 = bytes.load(bigEndianAt: position + 57)
    guard records >= 0, Int(records) <= Int(lastDelta) + 1 else {
      throw .count(records: records, lastDelta: lastDelta)
    }
    let attributes = RecordBatchAttributes(rawValue: bytes.load(bigEndianAt: position + 21))
    guard attributes.codec != nil else {
      throw .codec(UInt8(attributes.rawValue & RecordBatchAttributes.codecBits))
    }
    return lengthPrefix + Int(length)
  }

  /// Walks all records of an uncompressed batch: their lengths and fields, offsets that grow up to
  /// the last one, and their number.
  public func checkRecords() throws(RecordBatchFault) {
    var cursor = RecordCursor(self)
    while let record = try cursor.next() {
      var headers = RecordHeaderCursor(record)
      while try headers.next(in: storage, of: cursor.index) {}
    }
  }
}
