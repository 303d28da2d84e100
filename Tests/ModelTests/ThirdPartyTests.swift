import Bytes
import Foundation
import Model
import TestSupport
import Testing

/// What `record_batches.py` prints of one file.
private struct BatchFile: Codable, Equatable {
  var file: String
  var batches: [Batch]

  struct Batch: Codable, Equatable {
    var baseOffset, lastOffset: Int64
    var leaderEpoch: Int32
    var codec: UInt8
    var timestampType: Int
    var transactional: Bool
    var maxTimestamp, producerId: Int64
    var producerEpoch: Int16
    var baseSequence: Int32
    var records: [Record]
  }

  struct Record: Codable, Equatable {
    var offset, timestamp: Int64
    var key, value: Data?
    var headers: [Header]
  }

  struct Header: Codable, Equatable {
    var key: String
    var value: Data?
  }
}

extension BatchFile.Batch {
  /// `batch` as our own code reads it.
  init(_ batch: RecordBatch) throws {
    self.init(
      baseOffset: batch.baseOffset, lastOffset: batch.lastOffset,
      leaderEpoch: batch.leaderEpoch, codec: try #require(batch.codec).rawValue,
      timestampType: batch.attributes.contains(.logAppendTime) ? 1 : 0,
      transactional: batch.isTransactional, maxTimestamp: batch.maxTimestamp,
      producerId: batch.producerID, producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence, records: [])
    var cursor = RecordCursor(batch)
    while let record = try cursor.next() {
      records.append(
        BatchFile.Record(
          offset: record.offset, timestamp: record.timestamp,
          key: record.key.map { Data(batch.storage[$0]) },
          value: record.value.map { Data(batch.storage[$0]) },
          headers: try record.headers(in: batch).map {
            BatchFile.Header(key: $0.key, value: $0.value.map { Data($0) })
          }))
    }
  }
}

/// Our record batches and those of kafka-python, each read by the other.
@Suite struct ThirdPartyTests {
  private func run(_ arguments: [String]) throws -> [BatchFile] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let lines = try ThirdParty.run("record_batches.py", arguments).split(
      separator: UInt8(ascii: "\n"))
    return try lines.map { try decoder.decode(BatchFile.self, from: $0) }
  }

  @Test func `kafka-python reads what we encode, checksums verified`() throws {
    var random = SeededRandom(seed: 31)
    var batches: [RecordBatch] = []
    var builder = RecordBatchBuilder()
    for _ in 0..<20 {
      builder.producer = ProducerIdentity(
        id: .random(in: -1...Int64.max, using: &random),
        epoch: .random(in: -1...Int16.max, using: &random),
        sequence: .random(in: -1...Int32.max, using: &random))
      builder.attributes = Bool.random(using: &random) ? .transactional : []
      for _ in 0..<Int.random(in: 1...70, using: &random) {
        append(Plain.random(using: &random), to: &builder)
      }
      var batch = builder.finish()
      batch.stamp(baseOffset: (batches.last?.nextOffset ?? 1 << 40), leaderEpoch: 7)
      if Bool.random(using: &random) { batch.stamp(appendTime: 1_800_000_000_000) }
      batches.append(batch)
    }

    let directory = try TemporaryDirectory()
    let file = directory.path + "/00000000001099511627776.log"
    try Data(batches.flatMap(\.storage)).write(to: URL(filePath: file))
    let read = try withExtendedLifetime(directory) { try run(["decode", file]) }

    #expect(read.count == 1)
    #expect(try read.first?.batches == batches.map { try BatchFile.Batch($0) })
  }

  @Test func `what kafka-python encodes without compression is accepted and read`() throws {
    let (written, bytes) = try encoded("none")

    let batch = try RecordBatch(checking: bytes)
    try batch.checkRecords()

    #expect(batch.size == bytes.count)
    #expect(try BatchFile.Batch(batch) == written)
    #expect(written.records.count == 200)
  }

  @Test(arguments: [("gzip", CompressionCodec.gzip), ("zstd", .zstd)])
  func `what kafka-python compresses is accepted and read`(name: String, codec: CompressionCodec)
    throws
  {
    let (written, bytes) = try encoded(name)

    let batch = try RecordBatch(checking: bytes)
    let decompressed = try batch.decompressed(atMost: 1 << 20)
    try decompressed.checkRecords()
    var expected = written
    expected.codec = 0

    #expect(batch.codec == codec && written.codec == codec.rawValue)
    #expect(batch.size == bytes.count)
    #expect(try BatchFile.Batch(decompressed) == expected)
  }

  /// The batch that kafka-python says it has written with this codec, and its bytes.
  private func encoded(_ codec: String) throws -> (written: BatchFile.Batch, bytes: [UInt8]) {
    let directory = try TemporaryDirectory()
    let written = try run(["encode", directory.path])
    let file = try #require(written.first { $0.file == "\(codec).batch" })
    let bytes = try Data(contentsOf: URL(filePath: directory.path + "/" + file.file))
    return (try #require(file.batches.first), Array(bytes))
  }
}
