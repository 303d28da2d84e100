import Model

@testable import CommitLog

/// Writes a format's bytes as its description says, with nothing of the code that it is held
/// against: least significant byte first, and a CRC-32C of its own.
struct Golden {
  private(set) var bytes: [UInt8] = []

  mutating func u8(_ value: UInt8) { bytes.append(value) }
  mutating func u16(_ value: UInt16) { put(UInt64(value), 2) }
  mutating func u32(_ value: UInt32) { put(UInt64(value), 4) }
  mutating func u64(_ value: UInt64) { put(value, 8) }
  mutating func i64(_ value: Int64) { put(UInt64(bitPattern: value), 8) }
  mutating func raw(_ value: [UInt8]) { bytes += value }
  mutating func zeros(_ count: Int) { bytes += [UInt8](repeating: 0, count: count) }

  mutating func text(_ text: String) {
    u16(UInt16(text.utf8.count))
    raw(Array(text.utf8))
  }

  /// Zeros up to `count` bytes in all.
  mutating func pad(to count: Int) { zeros(count - bytes.count) }

  private mutating func put(_ value: UInt64, _ count: Int) {
    for index in 0..<count { bytes.append(UInt8((value >> (8 * index)) & 0xFF)) }
  }

  /// CRC-32C: the polynomial 1EDC6F41, reflected, from a table.
  static func crc(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    return ~crc
  }

  private static let table: [UInt32] = (0..<256).map { index in
    var value = UInt32(index)
    for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
    return value
  }

  /// The blocks of a frame that begins at `position`, around its payload.
  static func blocks(_ payload: [UInt8], position: UInt64, incarnation: UInt32) -> [UInt8] {
    let count = (payload.count + 4063) / 4064
    var bytes: [UInt8] = []
    for index in 0..<count {
      var rest = Golden()
      rest.u32(incarnation)
      rest.u64(position + UInt64(index))
      rest.u32(UInt32(index))
      rest.u32(index == count - 1 ? 1 : 0)
      rest.raw(Array(payload[index * 4064..<min(payload.count, (index + 1) * 4064)]))
      rest.pad(to: 4084)
      rest.u32(UInt32((position + UInt64(index)) & 0xFFFF_FFFF))
      rest.u32(incarnation)
      var block = Golden()
      block.u32(crc(rest.bytes))
      block.raw(rest.bytes)
      bytes += block.bytes
    }
    return bytes
  }

  /// `bytes` with another bit turned over at each index.
  static func flips(_ bytes: [UInt8]) -> some Sequence<(index: Int, bytes: [UInt8])> {
    bytes.indices.lazy.map { index in
      var flipped = bytes
      flipped[index] ^= 1 << UInt8(index * 5 % 8)
      return (index, flipped)
    }
  }
}

/// Values that several formats carry.
enum Sample {
  static let node = NodeID(bytes: Array(0xA0...0xAF))
  static let nodeBytes = [UInt8](0xA0...0xAF)
  static let topicID = TopicID(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)

  static func topic(_ name: String) -> TopicName {
    guard let topic = TopicName(name) else { preconditionFailure("\(name) is a topic's name") }
    return topic
  }

  /// A batch of one record whose value has `bytes` bytes, at `base`.
  static func batch(
    _ bytes: Int, at base: Offset = 0, records: Int = 1, timestamp: Timestamp = 1_000,
    epoch: Int32 = 7
  ) -> RecordBatch {
    var builder = RecordBatchBuilder(reserving: bytes)
    let value = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(base)) }
    for _ in 0..<records { builder.append(key: nil, value: value.span, timestamp: timestamp) }
    var batch = builder.finish()
    batch.stamp(baseOffset: base, leaderEpoch: epoch)
    return batch
  }

  /// The append of `batch` to `partition`.
  static func append(
    _ batch: RecordBatch, to partition: UInt32, entry: UInt32 = 0, time: Timestamp = 2_000
  ) -> RowContent {
    RowContent(
      row: Row(
        entry: entry, kind: .append, partition: PartitionNumber(partition),
        baseOffset: batch.baseOffset, count: UInt32(batch.lastOffsetDelta + 1),
        length: UInt32(batch.size), batchCRC: batch.crc, appendTime: time),
      batch: batch)
  }
}
