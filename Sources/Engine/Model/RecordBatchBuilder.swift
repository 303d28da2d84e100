internal import Bytes

/// Encodes records one behind the other into one growing array: one batch, without an allocation a
/// record.
public struct RecordBatchBuilder: Sendable {
  /// Who produces the batch; none at first.
  public var producer = ProducerIdentity.none
  /// What the header says beside the codec, which is none; `transactional`, `control`.
  public var attributes: RecordBatchAttributes = []
  /// How many records were added.
  public private(set) var count = 0
  private var bytes: [UInt8]
  private var baseTimestamp: Timestamp = -1
  private var maxTimestamp: Timestamp = -1
  private static let emptyHeader = [UInt8](repeating: 0, count: RecordBatch.headerSize)

  /// The largest batch: what its length field can say.
  public static let maximumSize = Int(Int32.max)

  /// An empty batch with room for `bytes` of records.
  public init(reserving bytes: Int = 0) {
    self.bytes = []
    self.bytes.reserveCapacity(RecordBatch.headerSize + bytes)
  }

  /// Bytes so far, the header's too.
  public var size: Int { max(bytes.count, RecordBatch.headerSize) }

  /// What `size` would be with one more record of these sizes; `nil` for a null key or value.
  public func sizeAfter(
    keyCount: Int?, valueCount: Int?, timestamp: Timestamp, headers: [RecordHeader] = []
  ) -> Int {
    let body = bodySize(
      keyCount: keyCount, valueCount: valueCount, delta: timestampDelta(timestamp),
      headersSize: Self.size(of: headers))
    return size + Varint.size(Int64(body)) + body
  }

  /// Adds a record; `nil` is a null key or value.
  public mutating func append(
    key: Span<UInt8>?, value: Span<UInt8>?, timestamp: Timestamp, headers: [RecordHeader] = []
  ) {
    begin(
      keyCount: key?.count, valueCount: value?.count, timestamp: timestamp,
      headersSize: Self.size(of: headers))
    if let key {
      bytes.append(key)
      bytes.append(varint: Int64(value?.count ?? -1))
    }
    if let value { bytes.append(value) }
    append(headers)
  }

  /// Adds a record whose key and value are ranges of `storage`: a request's body, another batch.
  public mutating func append(
    storage: [UInt8], key: Range<Int>?, value: Range<Int>?, timestamp: Timestamp,
    headers: [RecordHeader] = []
  ) {
    begin(
      keyCount: key?.count, valueCount: value?.count, timestamp: timestamp,
      headersSize: Self.size(of: headers))
    if let key {
      bytes.append(storage.span.extracting(key))
      bytes.append(varint: Int64(value?.count ?? -1))
    }
    if let value { bytes.append(storage.span.extracting(value)) }
    append(headers)
  }

  /// The batch: base offset and leader epoch 0, to be stamped. The builder is empty after it, for
  /// the next batch of the same producer and attributes.
  public mutating func finish() -> RecordBatch {
    precondition(count > 0, "a record batch holds at least one record")
    precondition(bytes.count <= Self.maximumSize, "a record batch is smaller than 2 GiB")
    var storage: [UInt8] = []
    swap(&storage, &bytes)
    storage.store(bigEndian: Int32(storage.count - RecordBatch.lengthPrefix), at: 8)
    storage[16] = RecordBatch.magic
    storage.store(bigEndian: attributes.with(.none).rawValue, at: 21)
    storage.store(bigEndian: Int32(count - 1), at: 23)
    storage.store(bigEndian: baseTimestamp, at: 27)
    storage.store(bigEndian: maxTimestamp, at: 35)
    storage.store(bigEndian: producer.id, at: 43)
    storage.store(bigEndian: producer.epoch, at: 51)
    storage.store(bigEndian: producer.sequence, at: 53)
    storage.store(bigEndian: Int32(count), at: 57)
    let checked = RecordBatch.uncheckedPrefix..<storage.count
    storage.store(bigEndian: CRC32C.checksum(storage, checked), at: 17)
    count = 0
    return RecordBatch(storage)
  }
}

extension RecordBatchBuilder {
  private func timestampDelta(_ timestamp: Timestamp) -> Int64 {
    count == 0 ? 0 : timestamp &- baseTimestamp
  }

  /// Bytes behind the length: the attributes, and each field with its length.
  private func bodySize(
    keyCount: Int?, valueCount: Int?, delta: Int64, headersSize: Int
  ) -> Int {
    let numbers = 1 + Varint.size(delta) + Varint.size(Int64(count))
    let key = Varint.size(Int64(keyCount ?? -1)) + (keyCount ?? 0)
    let value = Varint.size(Int64(valueCount ?? -1)) + (valueCount ?? 0)
    return numbers + key + value + headersSize
  }

  /// Everything before the key, and where that is null everything before the value.
  private mutating func begin(
    keyCount: Int?, valueCount: Int?, timestamp: Timestamp, headersSize: Int
  ) {
    let delta = timestampDelta(timestamp)
    let body = bodySize(
      keyCount: keyCount, valueCount: valueCount, delta: delta, headersSize: headersSize)
    if count == 0 {
      bytes.append(contentsOf: Self.emptyHeader)
      baseTimestamp = timestamp
      maxTimestamp = timestamp
    } else {
      maxTimestamp = max(maxTimestamp, timestamp)
    }
    var prefix = RecordPrefix()
    prefix.append(varint: Int64(body))
    prefix.append(0)
    prefix.append(varint: delta)
    prefix.append(varint: Int64(count))
    prefix.append(varint: Int64(keyCount ?? -1))
    if keyCount == nil { prefix.append(varint: Int64(valueCount ?? -1)) }
    bytes.append(prefix.bytes.span.extracting(first: prefix.count))
    count += 1
  }

  private mutating func append(_ headers: [RecordHeader]) {
    bytes.append(varint: Int64(headers.count))
    for header in headers {
      bytes.append(varint: Int64(header.key.utf8.count))
      bytes.append(contentsOf: header.key.utf8)
      bytes.append(varint: Int64(header.value?.count ?? -1))
      if let value = header.value { bytes.append(contentsOf: value) }
    }
  }

  private static func size(of headers: [RecordHeader]) -> Int {
    var size = Varint.size(Int64(headers.count))
    for header in headers {
      let name = header.key.utf8.count
      let value = header.value?.count
      size += Varint.size(Int64(name)) + name + Varint.size(Int64(value ?? -1)) + (value ?? 0)
    }
    return size
  }
}

/// The numbers before a record's key, gathered so that the growing array is touched once for all.
private struct RecordPrefix {
  /// Five varints and a byte take 51 bytes at most.
  var bytes = InlineArray<51, UInt8>(repeating: 0)
  var count = 0

  mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count += 1
  }

  mutating func append(varint value: Int64) {
    var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}
