import Bytes
import Model
import TestSupport
import Testing

@Suite struct RecordBatchBuilderTests {
  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func `what goes in comes out, and sizes are known before`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var records = (0..<150).map { _ in Plain.random(using: &random) }
    // Differences that take all 64 bits, and more.
    for index in stride(from: 0, to: 150, by: 3) {
      records[index].timestamp = .random(in: .min ... .max, using: &random)
    }
    var builder = RecordBatchBuilder(reserving: 4096)

    for record in records {
      let expected = builder.sizeAfter(
        keyCount: record.key?.count, valueCount: record.value?.count,
        timestamp: record.timestamp, headers: record.headers)
      append(record, to: &builder)
      #expect(builder.size == expected, "seed \(seed)")
    }
    let batch = try RecordBatch(checking: builder.finish().storage)

    var decoded: [Plain] = []
    var cursor = RecordCursor(batch)
    while let record = try cursor.next() {
      #expect(record.offset == Offset(decoded.count))
      decoded.append(
        Plain(
          key: record.key.map { Array(batch.storage[$0]) },
          value: record.value.map { Array(batch.storage[$0]) },
          timestamp: record.timestamp, headers: try record.headers(in: batch)))
    }
    #expect(decoded == records, "seed \(seed)")
    #expect(batch.maxTimestamp == records.map(\.timestamp).max())
    #expect(batch.baseTimestamp == records[0].timestamp)
    try batch.checkRecords()
  }

  @Test func `ranges of a body encode to the same bytes as spans`() {
    let body = Array("xkey-value".utf8)
    var (spans, ranges) = (RecordBatchBuilder(), RecordBatchBuilder())

    spans.append(
      key: Array("key".utf8).span, value: Array("value".utf8).span, timestamp: 5,
      headers: [RecordHeader(key: "a", value: [])])
    spans.append(key: nil, value: [UInt8]().span, timestamp: 6)
    ranges.append(
      storage: body, key: 1..<4, value: 5..<10, timestamp: 5,
      headers: [RecordHeader(key: "a", value: [])])
    ranges.append(storage: body, key: nil, value: 3..<3, timestamp: 6)

    #expect(spans.finish().storage == ranges.finish().storage)
  }

  @Test func `a finished builder begins the next batch from nothing`() {
    var builder = RecordBatchBuilder()
    builder.append(key: nil, value: [UInt8]("long enough".utf8).span, timestamp: 99)
    _ = builder.finish()

    #expect(builder.count == 0 && builder.size == RecordBatch.headerSize)
    builder.append(key: nil, value: [1].span, timestamp: 7)
    let second = builder.finish()

    var fresh = RecordBatchBuilder()
    fresh.append(key: nil, value: [1].span, timestamp: 7)
    #expect(second.storage == fresh.finish().storage)
  }

  @Test func `the codec bits of a batch that is built stay none`() {
    var builder = RecordBatchBuilder()
    builder.attributes = RecordBatchAttributes(rawValue: 0b1_0011)
    builder.append(key: nil, value: nil, timestamp: 0)

    let batch = builder.finish()

    #expect(batch.attributes == .transactional && batch.codec == CompressionCodec.none)
  }
}
