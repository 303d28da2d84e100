import Bytes
import Model
import Testing

/// A record as a test thinks of it.
private struct Plain: Equatable {
  var key: [UInt8]?
  var value: [UInt8]?
  var timestamp: Timestamp
  var headers: [RecordHeader]

  static func random(using random: inout SplitMix64) -> Plain {
    Plain(
      key: bytes(using: &random), value: bytes(using: &random),
      timestamp: Bool.random(using: &random)
        ? Int64.random(in: .min ... .max, using: &random)
        : Int64.random(in: 1_700_000_000_000...1_700_000_100_000, using: &random),
      headers: (0..<Int.random(in: 0...3, using: &random)).map { index in
        RecordHeader(key: ["", "h", "größe"][index], value: bytes(using: &random))
      })
  }

  private static func bytes(using random: inout SplitMix64) -> [UInt8]? {
    let count = [-1, 0, 1, 63, 64, 300].randomElement(using: &random)!
    return count < 0 ? nil : (0..<count).map { _ in random.next(upperBound: 255) }
  }
}

private func append(_ record: Plain, to builder: inout RecordBatchBuilder) {
  switch (record.key, record.value) {
  case (let key?, let value?):
    builder.append(
      key: key.span, value: value.span, timestamp: record.timestamp, headers: record.headers)
  case (let key?, nil):
    builder.append(
      key: key.span, value: nil, timestamp: record.timestamp, headers: record.headers)
  case (nil, let value?):
    builder.append(
      key: nil, value: value.span, timestamp: record.timestamp, headers: record.headers)
  case (nil, nil):
    builder.append(key: nil, value: nil, timestamp: record.timestamp, headers: record.headers)
  }
}

@Suite struct RecordBatchBuilderTests {
  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func `what goes in comes out, and sizes are known before`(seed: UInt64) throws {
    var random = SplitMix64(seed)
    let records = (0..<150).map { _ in Plain.random(using: &random) }
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
