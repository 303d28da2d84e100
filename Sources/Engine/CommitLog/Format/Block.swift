internal import Bytes
internal import Platform

// A journal block, 4,096 bytes, little-endian:
//
//      0  u32  CRC-32C of bytes 4 to 4,095
//      4  u32  incarnation of the node that wrote it
//      8  u64  position
//     16  u32  index in its frame, from 0
//     20  u32  flags: bit 0, the last block of its frame
//     24       4,064 bytes of payload
//   4088  u32  low 32 bits of the position, again
//   4092  u32  incarnation, again
//
// A block whose two stamps differ was only partly written. The device writes sectors of a block in
// any order, but both stamps right and the CRC wrong means that something written whole was damaged
// later.

/// What a block says of itself.
struct Block: Equatable {
  static let size = JournalGeometry.blockSize
  static let payloadSize = 4064
  static let payloadStart = 24
  static let lastOfFrame: UInt32 = 1

  var incarnation: UInt32
  var position: Position
  var index: UInt32
  var isLast: Bool

  /// What lies at a place where the block `position` could be.
  enum Condition: Equatable {
    /// Whole and of that position.
    case valid(Block)
    /// Zero, or partly or never written at this position.
    case unwritten
    /// Both stamps are right, the content is not: written whole, damaged since.
    case bad(incarnation: UInt32)
  }

  /// Judges the 4,096 bytes at `offset` as the block of `position`.
  static func examine(_ bytes: Span<UInt8>, at offset: Int, position: Position) -> Condition {
    let incarnation: UInt32 = bytes.load(littleEndianAt: offset + 4)
    let stamped: UInt64 = bytes.load(littleEndianAt: offset + 8)
    let tailPosition: UInt32 = bytes.load(littleEndianAt: offset + 4088)
    let tailIncarnation: UInt32 = bytes.load(littleEndianAt: offset + 4092)
    guard stamped == position, tailPosition == UInt32(truncatingIfNeeded: position),
      tailIncarnation == incarnation, incarnation > 0
    else { return .unwritten }
    let crc: UInt32 = bytes.load(littleEndianAt: offset)
    guard CRC32C.checksum(bytes.extracting(offset + 4..<offset + size)) == crc else {
      return .bad(incarnation: incarnation)
    }
    let flags: UInt32 = bytes.load(littleEndianAt: offset + 20)
    return .valid(
      Block(
        incarnation: incarnation, position: position,
        index: bytes.load(littleEndianAt: offset + 16),
        isLast: flags & lastOfFrame != 0))
  }

  /// Writes head and tail of the `count` blocks of a frame that begins at `position`, around the
  /// payload that `buffer` already holds, and their checksums.
  static func seal(_ buffer: AlignedBuffer, count: Int, position: Position, incarnation: UInt32) {
    for index in 0..<count {
      let start = index * size
      let own = position + UInt64(index)
      buffer.store(littleEndian: incarnation, at: start + 4)
      buffer.store(littleEndian: own, at: start + 8)
      buffer.store(littleEndian: UInt32(index), at: start + 16)
      buffer.store(littleEndian: index == count - 1 ? lastOfFrame : 0, at: start + 20)
      buffer.store(littleEndian: UInt32(truncatingIfNeeded: own), at: start + 4088)
      buffer.store(littleEndian: incarnation, at: start + 4092)
    }
    var index = 0
    while index + 3 <= count {
      let starts = (index * size + 4, (index + 1) * size + 4, (index + 2) * size + 4)
      let crcs = buffer.withSpan(0..<count * size) { bytes in
        CRC32C.checksums(bytes, startingAt: starts, count: size - 4)
      }
      buffer.store(littleEndian: crcs.0, at: starts.0 - 4)
      buffer.store(littleEndian: crcs.1, at: starts.1 - 4)
      buffer.store(littleEndian: crcs.2, at: starts.2 - 4)
      index += 3
    }
    while index < count {
      let start = index * size
      let crc = buffer.withSpan(start + 4..<start + size) { CRC32C.checksum($0) }
      buffer.store(littleEndian: crc, at: start)
      index += 1
    }
  }
}
