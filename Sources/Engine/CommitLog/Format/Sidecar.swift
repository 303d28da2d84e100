internal import Bytes
internal import Model

// The sidecar `%020d.curlew` lies beside the segment `%020d.log`: its offset index, its time index
// and the check of what Kafka's CRC leaves out, in one. It only grows. Little-endian.
//
// Head, 64 bytes:
//
//      0  u32  magic, "CSC1"
//      4  u16  version, 1
//      6  u16  feature bits, 0; an unknown bit is refused
//      8       topic id, 16 bytes: high u64, low u64
//     24  u32  partition number
//     28  i64  base offset of the segment
//     36  u32  generation: how often the segment has been replaced
//     40  u32  incarnation that made it
//     44  u32  key id, 0 where nothing is encrypted
//     48       12 bytes of 0
//     60  u32  CRC-32C of bytes 0 to 59
//
// Then rows of 48 bytes, one an index interval; an interval is one or more whole batches:
//
//      0  u64  position in the segment
//      8  u32  length of the interval in bytes
//     12  u32  records in it
//     16  i64  base offset of its first batch
//     24  i64  greatest append time so far in the segment
//     32  i64  greatest timestamp so far in the segment
//     40  u32  CRC-32C of the first 21 bytes of every batch in it, one after the other
//     44  u32  CRC-32C of bytes 0 to 43
//
// A sealed segment's sidecar ends with a row whose length is 0: its position is the segment's
// length, its records the number of rows before it, its base offset the XXH3-64 of the whole
// segment.

/// The head of a sidecar: whose segment lies beside it.
struct SidecarHead: Equatable {
  static let size = 64
  static let magic: UInt32 = 0x3143_5343
  static let version: UInt16 = 1

  var topic: TopicID
  var partition: PartitionNumber
  var base: Offset
  var generation: UInt32
  var incarnation: UInt32

  func encode() -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(Self.size)
    out.append(littleEndian: Self.magic)
    out.append(littleEndian: Self.version)
    out.append(littleEndian: UInt16(0))
    out.append(littleEndian: topic.high)
    out.append(littleEndian: topic.low)
    out.append(littleEndian: partition.rawValue)
    out.append(littleEndian: base)
    out.append(littleEndian: generation)
    out.append(littleEndian: incarnation)
    out.append(contentsOf: repeatElement(0, count: 16))
    out.append(littleEndian: CRC32C.checksum(out.span))
    return out
  }

  static func decode(_ bytes: [UInt8]) throws(FormatFault) -> SidecarHead {
    guard bytes.count >= size else { throw .short }
    guard bytes.load(littleEndianAt: 0, as: UInt32.self) == magic else { throw .magic }
    guard CRC32C.checksum(bytes, 0..<60) == bytes.load(littleEndianAt: 60, as: UInt32.self) else {
      throw .checksum
    }
    let version: UInt16 = bytes.load(littleEndianAt: 4)
    let features: UInt16 = bytes.load(littleEndianAt: 6)
    let keyID: UInt32 = bytes.load(littleEndianAt: 44)
    guard version == Self.version, features == 0, keyID == 0 else {
      throw .unsupported("sidecar version \(version), features \(features), key \(keyID)")
    }
    return SidecarHead(
      topic: TopicID(high: bytes.load(littleEndianAt: 8), low: bytes.load(littleEndianAt: 16)),
      partition: PartitionNumber(bytes.load(littleEndianAt: 24)),
      base: bytes.load(littleEndianAt: 28), generation: bytes.load(littleEndianAt: 36),
      incarnation: bytes.load(littleEndianAt: 40))
  }
}

/// One interval of a segment.
struct SidecarRow: Equatable {
  static let size = 48

  var position: Int64
  var length: UInt32
  var records: UInt32
  var baseOffset: Offset
  var greatestAppendTime: Timestamp
  var greatestTimestamp: Timestamp
  var headersCRC: UInt32

  /// Whether it closes the sidecar of a sealed segment.
  var isSeal: Bool { length == 0 }

  /// Where its interval ends in the segment.
  var end: Int64 { position &+ Int64(length) }

  func encode(into out: inout [UInt8]) {
    let start = out.count
    out.append(littleEndian: position)
    out.append(littleEndian: length)
    out.append(littleEndian: records)
    out.append(littleEndian: baseOffset)
    out.append(littleEndian: greatestAppendTime)
    out.append(littleEndian: greatestTimestamp)
    out.append(littleEndian: headersCRC)
    out.append(littleEndian: CRC32C.checksum(out, start..<out.count))
  }

  static func decode(_ bytes: [UInt8], at start: Int = 0) throws(FormatFault) -> SidecarRow {
    guard bytes.count >= start + size else { throw .short }
    let crc: UInt32 = bytes.load(littleEndianAt: start + 44)
    guard CRC32C.checksum(bytes, start..<start + 44) == crc else { throw .checksum }
    return SidecarRow(
      position: bytes.load(littleEndianAt: start), length: bytes.load(littleEndianAt: start + 8),
      records: bytes.load(littleEndianAt: start + 12),
      baseOffset: bytes.load(littleEndianAt: start + 16),
      greatestAppendTime: bytes.load(littleEndianAt: start + 24),
      greatestTimestamp: bytes.load(littleEndianAt: start + 32),
      headersCRC: bytes.load(littleEndianAt: start + 40))
  }
}
