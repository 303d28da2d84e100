import Bytes
import Model
import Testing

/// A batch written by hand from Kafka's format, field by field.
enum HandWritten {
  /// Two records: (`k`, `v1`, one header `h`: 01) at 1000, then (null, null) at 1005.
  static let batch: [UInt8] = {
    var bytes: [UInt8] = [
      0, 0, 0, 0, 0, 0, 0, 0,  // base offset
      0, 0, 0, 70,  // length: 49 bytes of header behind this field, 14 and 7 of records
      0, 0, 0, 0,  // leader epoch
      2,  // magic
      0, 0, 0, 0,  // CRC, below
      0, 0,  // attributes
      0, 0, 0, 1,  // last offset delta
      0, 0, 0, 0, 0, 0, 0x03, 0xE8,  // base timestamp
      0, 0, 0, 0, 0, 0, 0x03, 0xED,  // greatest timestamp
      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,  // producer id
      0xFF, 0xFF,  // producer epoch
      0xFF, 0xFF, 0xFF, 0xFF,  // base sequence
      0, 0, 0, 2,  // records
      // 13 bytes, attributes, timestamp + 0, offset + 0, key of 1, value of 2, one header
      26, 0, 0, 0, 2, UInt8(ascii: "k"), 4, UInt8(ascii: "v"), UInt8(ascii: "1"),
      2, 2, UInt8(ascii: "h"), 2, 1,
      // 6 bytes, attributes, timestamp + 5, offset + 1, null key, null value, no header
      12, 0, 10, 2, 1, 1, 0,
    ]
    bytes.store(bigEndian: bitwiseCRC(bytes[21...]), at: 17)
    return bytes
  }()

  /// CRC-32C as its definition says, a bit at a time.
  static func bitwiseCRC(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
      }
    }
  }
}

@Suite struct RecordBatchGoldenTests {
  @Test func `two records encode to the bytes that Kafka's format prescribes`() {
    var builder = RecordBatchBuilder()

    builder.append(
      key: [UInt8]("k".utf8).span, value: [UInt8]("v1".utf8).span, timestamp: 1000,
      headers: [RecordHeader(key: "h", value: [1])])
    builder.append(key: nil, value: nil, timestamp: 1005)
    let size = builder.size
    let batch = builder.finish()

    #expect(batch.storage == HandWritten.batch)
    #expect(batch.size == size)
  }

  @Test func `the hand-written bytes decode to their records`() throws {
    let batch = try RecordBatch(checking: HandWritten.batch)

    var cursor = RecordCursor(batch)
    let first = try #require(try cursor.next())
    let second = try #require(try cursor.next())

    #expect(first.offset == 0 && first.timestamp == 1000)
    #expect(batch.storage[first.key!] == [UInt8(ascii: "k")])
    #expect(Array(batch.storage[first.value!]) == Array("v1".utf8))
    #expect(try first.headers(in: batch) == [RecordHeader(key: "h", value: [1])])
    #expect(second.offset == 1 && second.timestamp == 1005)
    #expect(second.key == nil && second.value == nil && second.headerCount == 0)
    #expect(try cursor.next() == nil)
  }
}
