import Bytes
import Model
import Testing

/// A batch of `count` records with short keys and values.
func sample(_ count: Int = 3, base: Offset = 0) -> RecordBatch {
  var builder = RecordBatchBuilder()
  for index in 0..<count {
    builder.append(
      key: Array("k\(index)".utf8).span, value: Array("value \(index)".utf8).span,
      timestamp: 1000 + Int64(index), headers: [RecordHeader(key: "h", value: nil)])
  }
  var batch = builder.finish()
  batch.stamp(baseOffset: base, leaderEpoch: 4)
  return batch
}

/// The bytes of `batch` after `change`, with a checksum that fits them again.
func forged(_ batch: RecordBatch, _ change: (inout [UInt8]) -> Void) -> [UInt8] {
  var bytes = batch.storage
  change(&bytes)
  bytes.store(bigEndian: HandWritten.bitwiseCRC(bytes[21...]), at: 17)
  return bytes
}

@Suite struct RecordBatchTests {
  @Test func `the header's fields are read where Kafka has them`() {
    var builder = RecordBatchBuilder()
    builder.producer = ProducerIdentity(id: 77, epoch: 5, sequence: 99)
    builder.attributes = [.transactional, .control]
    builder.append(key: nil, value: nil, timestamp: 2000)
    builder.append(key: nil, value: nil, timestamp: 1500)
    var batch = builder.finish()

    batch.stamp(baseOffset: 1 << 40, leaderEpoch: 6)

    #expect(batch.baseOffset == 1 << 40 && batch.lastOffset == 1 << 40 + 1)
    #expect(batch.nextOffset == 1 << 40 + 2 && batch.lastOffsetDelta == 1)
    #expect(batch.leaderEpoch == 6 && batch.recordCount == 2)
    #expect(batch.producer == ProducerIdentity(id: 77, epoch: 5, sequence: 99))
    #expect(batch.producerID == 77 && batch.producerEpoch == 5 && batch.baseSequence == 99)
    #expect(batch.isControl && batch.isTransactional && batch.codec == CompressionCodec.none)
    #expect(batch.attributes.rawValue == 0b11_0000)
    #expect(batch.baseTimestamp == 2000 && batch.maxTimestamp == 2000)
    #expect(batch.size == batch.storage.count)
  }

  @Test func `a stamp leaves the checksum right`() throws {
    let batch = sample(base: 123_456)

    #expect(try RecordBatch.check(batch.storage.span, at: 0) == batch.size)
    #expect(try RecordBatch(checking: batch.storage).baseOffset == 123_456)
  }

  @Test func `a stamp of one view leaves another's bytes alone`() {
    let first = sample()
    var second = first

    second.stamp(baseOffset: 9, leaderEpoch: 1)

    #expect(first.baseOffset == 0 && second.baseOffset == 9)
  }

  @Test func `the time of the append becomes every record's, with a new checksum`() throws {
    var batch = sample()

    batch.stamp(appendTime: 5_000_000)

    let checked = try RecordBatch(checking: batch.storage)
    var cursor = RecordCursor(checked)
    var timestamps: [Timestamp] = []
    while let record = try cursor.next() { timestamps.append(record.timestamp) }
    #expect(timestamps == [5_000_000, 5_000_000, 5_000_000])
    #expect(checked.attributes.contains(.logAppendTime))
  }

  @Test func `batches in one array are found one behind the other`() throws {
    let (first, second) = (sample(2), sample(3, base: 2))
    let storage = [0xAA, 0xBB] + first.storage + second.storage

    let a = try RecordBatch(checking: storage, at: 2)
    let b = try RecordBatch(checking: storage, at: a.range.upperBound)

    #expect(a.range == 2..<2 + first.size && b.range.upperBound == storage.count)
    #expect(b.baseOffset == 2 && b.recordCount == 3)
    var cursor = RecordCursor(b)
    let record = try #require(try cursor.next())
    #expect(Array(storage[try #require(record.value)]) == Array("value 0".utf8))
    try a.checkRecords()
    try b.checkRecords()
  }

  @Test func `bytes that end too early are told from whole ones`() {
    let batch = sample()
    let bytes = batch.storage

    for count in [0, 1, 16, 60] {
      #expect(throws: RecordBatchFault.truncated(needed: 61, available: count)) {
        try RecordBatch.check(bytes.span.extracting(first: count), at: 0)
      }
    }
    #expect(throws: RecordBatchFault.truncated(needed: bytes.count, available: bytes.count - 1)) {
      try RecordBatch.check(bytes.span.extracting(first: bytes.count - 1), at: 0)
    }
    #expect(throws: RecordBatchFault.truncated(needed: 61, available: 0)) {
      try RecordBatch.check(bytes.span, at: bytes.count + 5)
    }
    #expect(throws: RecordBatchFault.self) { try RecordBatch.check(bytes.span, at: -1) }
  }

  @Test func `another format is refused by its magic byte`() {
    let bytes = forged(sample()) { $0[16] = 1 }

    #expect(throws: RecordBatchFault.magic(1)) { try RecordBatch.check(bytes.span, at: 0) }
  }

  @Test(arguments: [Int32.min, -1, 0, 48])
  func `a length that leaves no header is refused`(length: Int32) {
    let bytes = forged(sample()) { $0.store(bigEndian: length, at: 8) }

    #expect(throws: RecordBatchFault.length(length)) { try RecordBatch.check(bytes.span, at: 0) }
  }

  @Test func `offsets below 0 or beyond 64 bits are refused`() {
    for base in [Int64.min, -1, .max, .max - 2] {
      let bytes = forged(sample()) { $0.store(bigEndian: base, at: 0) }

      #expect(throws: RecordBatchFault.offsets(base: base, lastDelta: 2)) {
        try RecordBatch.check(bytes.span, at: 0)
      }
    }
    let bytes = forged(sample()) { $0.store(bigEndian: Int32(-1), at: 23) }
    #expect(throws: RecordBatchFault.offsets(base: 0, lastDelta: -1)) {
      try RecordBatch.check(bytes.span, at: 0)
    }
  }

  @Test(arguments: [Int32.min, -1, 4, .max])
  func `a number of records that the offsets have no room for is refused`(count: Int32) {
    let bytes = forged(sample()) { $0.store(bigEndian: count, at: 57) }

    #expect(throws: RecordBatchFault.count(records: count, lastDelta: 2)) {
      try RecordBatch.check(bytes.span, at: 0)
    }
  }

  @Test(arguments: [5, 6, 7] as [UInt8])
  func `a codec that nobody knows is refused`(codec: UInt8) {
    let bytes = forged(sample()) { $0[22] = codec }

    #expect(throws: RecordBatchFault.codec(codec)) { try RecordBatch.check(bytes.span, at: 0) }
  }

  @Test func `a flipped bit anywhere behind the checksum is noticed`() {
    let bytes = sample().storage

    for bit in 17 * 8..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: RecordBatchFault.self, "bit \(bit)") {
        try RecordBatch.check(damaged.span, at: 0)
      }
    }
  }

  @Test func `a flipped bit in format or length is noticed, one in what is stamped is not`() {
    let bytes = sample(base: 1 << 20).storage

    for bit in 0..<17 * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let noticed = (try? RecordBatch.check(damaged.span, at: 0)) == nil
      // Of the base offset only the sign is; the journal and the sidecar cover the rest.
      let expected = [8, 9, 10, 11, 16].contains(bit / 8) || bit == 7
      #expect(noticed == expected, "bit \(bit)")
    }
  }

  @Test func `the records of a compressed batch are not walked as they are`() {
    let bytes = forged(sample()) { $0[22] = 1 }
    let batch = RecordBatch(bytes)

    var cursor = RecordCursor(batch)

    #expect(throws: RecordBatchFault.compressed(.gzip)) { try cursor.next() }
  }

  @Test func `every fault has a sentence`() {
    let faults: [RecordBatchFault] = [
      .truncated(needed: 1, available: 0), .magic(1), .length(0), .checksum(stored: 1, computed: 2),
      .offsets(base: -1, lastDelta: 0), .count(records: 2, lastDelta: 0), .codec(7),
      .compressed(.gzip), .unsupported(.lz4),
      .decompression(.zstd), .tooLarge(limit: 9), .record(index: 3, .offset),
    ]

    for fault in faults {
      #expect(fault.description.hasSuffix(".") && fault.description.contains(" "))
    }
  }
}
