internal import Bytes
internal import Platform

// A superblock is 4,096 bytes, little-endian. There are two; the older of them is overwritten,
// direct and synced, so that one is always whole.
//
//      0  u32  magic, "CSB1"
//      4  u16  version, 1
//      6  u16  0
//      8  u32  compatible feature bits
//     12  u32  incompatible feature bits
//     16       node id, 16 bytes
//     32  u64  number: one more at every write
//     40  u32  incarnation
//     44  u64  start id
//     52  u32  process id of the owner
//     56  u8   state: 1 open, 2 clean
//     57       7 bytes of 0
//     64  u32  block size, 4,096
//     68  u64  blocks of a journal file
//     76  u32  journal files
//     80  u64  newest file sequence that was prepared
//     88  u64  watermark: every frame that begins below it had been acknowledged
//     96  u64  key check, 0 where nothing is encrypted
//    104       checkpoints, newest first, 48 bytes each: u64 position, u64 first position of the
// last frame below it,
//              u64 number in the snapshot's name, u64 length, u64 digest (XXH3-64), u64 flags (bit
// 0: present)
//    200       host: u16 length and UTF-8, at most 255 bytes
//   4092  u32  CRC-32C of bytes 0 to 4,091

/// The root of a data directory.
public struct Superblock: Sendable, Equatable {
  static let magic: UInt32 = 0x3142_5343
  static let version: UInt16 = 1

  /// Whether the node that wrote it was still running.
  public enum State: UInt8, Sendable {
    case open = 1
    case clean = 2
  }

  /// A point from which the journal can be replayed.
  public struct Checkpoint: Sendable, Equatable {
    /// The first position that is to be replayed.
    public var position: Position
    /// Where the last frame below it begins; 0 where there is none.
    public var lastFrame: Position
    /// The number in the name of its snapshot.
    public var snapshot: UInt64
    /// The snapshot's bytes.
    public var length: UInt64
    /// The snapshot's XXH3-64.
    public var digest: UInt64
  }

  /// The directory's identity.
  public var node: NodeID
  /// One more at every write.
  public var number: UInt64
  /// One more at every start: Kafka's leader epoch.
  public var incarnation: UInt32
  /// Random, one a start.
  public var startID: UInt64
  /// The owner's process.
  public var process: UInt32
  /// The owner's machine.
  public var host: String
  /// Whether it was stopped cleanly.
  public var state: State
  /// The journal's shape.
  public var geometry: JournalGeometry
  /// The newest journal file that was prepared.
  public var newestSequence: UInt64
  /// Every frame below it had been acknowledged, or may have been.
  public var watermark: Position
  /// The two newest checkpoints, newest first; fewer in a young directory.
  public var checkpoints: [Checkpoint]

  /// The 4,096 bytes.
  func encode() -> AlignedBuffer {
    var out: [UInt8] = []
    out.reserveCapacity(Block.size)
    out.append(littleEndian: Self.magic)
    out.append(littleEndian: Self.version)
    out.append(contentsOf: repeatElement(0, count: 10))
    out.append(contentsOf: node.bytes)
    out.append(littleEndian: number)
    out.append(littleEndian: incarnation)
    out.append(littleEndian: startID)
    out.append(littleEndian: process)
    out.append(state.rawValue)
    out.append(contentsOf: repeatElement(0, count: 7))
    out.append(littleEndian: UInt32(JournalGeometry.blockSize))
    out.append(littleEndian: geometry.blocksPerFile)
    out.append(littleEndian: UInt32(geometry.files))
    out.append(littleEndian: newestSequence)
    out.append(littleEndian: watermark)
    out.append(littleEndian: UInt64(0))
    for index in 0..<2 { encode(index < checkpoints.count ? checkpoints[index] : nil, into: &out) }
    out.append(text: String(decoding: host.utf8.prefix(255), as: UTF8.self))
    let buffer = AlignedBuffer(count: Block.size)
    buffer.copy(out.span, to: 0)
    let crc = buffer.withSpan(0..<4092) { CRC32C.checksum($0) }
    buffer.store(littleEndian: crc, at: 4092)
    return buffer
  }

  private func encode(_ checkpoint: Checkpoint?, into out: inout [UInt8]) {
    out.append(littleEndian: checkpoint?.position ?? 0)
    out.append(littleEndian: checkpoint?.lastFrame ?? 0)
    out.append(littleEndian: checkpoint?.snapshot ?? 0)
    out.append(littleEndian: checkpoint?.length ?? 0)
    out.append(littleEndian: checkpoint?.digest ?? 0)
    out.append(littleEndian: UInt64(checkpoint == nil ? 0 : 1))
  }

  /// Decodes 4,096 bytes.
  public static func decode(_ bytes: [UInt8]) throws(FormatFault) -> Superblock {
    guard bytes.count >= Block.size else { throw .short }
    guard bytes.load(littleEndianAt: 0, as: UInt32.self) == magic else { throw .magic }
    guard CRC32C.checksum(bytes, 0..<4092) == bytes.load(littleEndianAt: 4092, as: UInt32.self)
    else {
      throw .checksum
    }
    let version: UInt16 = bytes.load(littleEndianAt: 4)
    let incompatible: UInt32 = bytes.load(littleEndianAt: 12)
    guard version == Self.version, incompatible == 0 else {
      throw .unsupported("superblock version \(version), features \(incompatible)")
    }
    var reader = ByteReader(bytes, 16..<4092)
    do {
      return try decodeFields(&reader)
    } catch let fault as FormatFault {
      throw fault
    } catch {
      throw .short
    }
  }

  private static func decodeFields(_ reader: inout ByteReader) throws -> Superblock {
    let node = NodeID(bytes: try reader.bytes(16))
    let number: UInt64 = try reader.little()
    let incarnation: UInt32 = try reader.little()
    guard incarnation < Int32.max else {
      throw FormatFault.inconsistent("incarnation \(incarnation)")
    }
    let startID: UInt64 = try reader.little()
    let process: UInt32 = try reader.little()
    let code: UInt8 = try reader.little()
    guard let state = State(rawValue: code) else { throw FormatFault.inconsistent("state \(code)") }
    try reader.skip(7)
    let blockSize: UInt32 = try reader.little()
    let blocksPerFile: UInt64 = try reader.little()
    let files: UInt32 = try reader.little()
    guard blockSize == JournalGeometry.blockSize, (16...1 << 32).contains(blocksPerFile), files >= 4
    else {
      throw FormatFault.inconsistent("geometry")
    }
    let newestSequence: UInt64 = try reader.little()
    let watermark: UInt64 = try reader.little()
    try reader.skip(8)
    var checkpoints: [Checkpoint] = []
    for _ in 0..<2 {
      let checkpoint = Checkpoint(
        position: try reader.little(), lastFrame: try reader.little(),
        snapshot: try reader.little(),
        length: try reader.little(), digest: try reader.little())
      if try reader.little(UInt64.self) & 1 == 1 { checkpoints.append(checkpoint) }
    }
    return Superblock(
      node: node, number: number, incarnation: incarnation, startID: startID, process: process,
      host: try reader.text(), state: state,
      geometry: JournalGeometry(blocksPerFile: blocksPerFile, files: UInt64(files)),
      newestSequence: newestSequence, watermark: watermark, checkpoints: checkpoints)
  }
}
