internal import Bytes
public import Model
internal import Platform

// A checkpoint snapshot `snapshots/%020d`, named by the number of the superblock that first names
// it, little-endian:
//
//      0  u32  magic, "CSN1"
//      4  u16  version, 1
//      6  u16  feature bits, 0; an unknown bit is refused
//      8       node id, 16 bytes
//     24  u64  position: the first that is to be replayed on top of it
//     32  u64  first position of the last frame below it, 0 where there is none
//     40  u32  sections
//     44  u32  CRC-32C of bytes 0 to 43
//
// then sections: u32 kind, u32 CRC-32C of the content, u64 length of the content, the content.
//
// Kind 1, partitions: u32 count, then for each
//
//     u32 number; topic id, high u64 and low u64; topic name (u16 length, UTF-8); i32 index in the
// topic;
//     i64 log start; i64 end; i64 last stable offset;
//     u32 segments, for each: i64 base, u32 generation, u64 length, u64 digest (0: the active one),
//       u64 sidecar length, i64 end offset, i64 first append time, i64 greatest append time,
//       i64 greatest timestamp;
//     u32 open transactions, 0; u32 producers, 0; u32 damaged ranges, 0
//
// Kind 2, catalogue: i64 offset of its newest record, u32 count, then for each record u32 length
// and bytes of the key, u32 length and bytes of the value.

/// Everything that stands in segments and catalogue at one position of the journal.
public struct Snapshot: Sendable, Equatable {
  static let magic: UInt32 = 0x314E_5343
  static let version: UInt16 = 1
  private static let headSize = 48

  /// The node that it belongs to.
  public var node: NodeID
  /// The first position that is to be replayed on top of it.
  public var position: Position
  /// Where the last frame below it begins; 0 where there is none.
  public var lastFrame: Position
  /// The partitions, sorted by number.
  public var partitions: [PartitionImage]
  /// The catalogue's live records.
  public var catalogue: CatalogueImage

  /// The state of `partitions` and `catalogue` at `position`.
  public init(
    node: NodeID, position: Position, lastFrame: Position, partitions: [PartitionImage],
    catalogue: CatalogueImage
  ) {
    self.node = node
    self.position = position
    self.lastFrame = lastFrame
    self.partitions = partitions
    self.catalogue = catalogue
  }

  /// The file's bytes.
  func encode() -> [UInt8] {
    var out: [UInt8] = []
    out.append(littleEndian: Self.magic)
    out.append(littleEndian: Self.version)
    out.append(littleEndian: UInt16(0))
    out.append(contentsOf: node.bytes)
    out.append(littleEndian: position)
    out.append(littleEndian: lastFrame)
    out.append(littleEndian: UInt32(2))
    out.append(littleEndian: CRC32C.checksum(out.span))
    var content: [UInt8] = []
    content.append(littleEndian: UInt32(partitions.count))
    for partition in partitions { partition.encode(into: &content) }
    Self.append(section: 1, content, to: &out)
    content.removeAll(keepingCapacity: true)
    catalogue.encode(into: &content)
    Self.append(section: 2, content, to: &out)
    return out
  }

  private static func append(section kind: UInt32, _ content: [UInt8], to out: inout [UInt8]) {
    out.append(littleEndian: kind)
    out.append(littleEndian: CRC32C.checksum(content.span))
    out.append(littleEndian: UInt64(content.count))
    out.append(contentsOf: content)
  }

  /// Decodes a snapshot file; every section's checksum must hold.
  public static func decode(_ bytes: [UInt8]) throws(FormatFault) -> Snapshot {
    guard bytes.count >= headSize else { throw .short }
    guard bytes.load(littleEndianAt: 0, as: UInt32.self) == magic else { throw .magic }
    guard CRC32C.checksum(bytes, 0..<44) == bytes.load(littleEndianAt: 44, as: UInt32.self) else {
      throw .checksum
    }
    let version: UInt16 = bytes.load(littleEndianAt: 4)
    let features: UInt16 = bytes.load(littleEndianAt: 6)
    guard version == Self.version, features == 0 else {
      throw .unsupported("snapshot version \(version), features \(features)")
    }
    var snapshot = Snapshot(
      node: NodeID(bytes: Array(bytes[8..<24])), position: bytes.load(littleEndianAt: 24),
      lastFrame: bytes.load(littleEndianAt: 32), partitions: [], catalogue: CatalogueImage())
    let sections: UInt32 = bytes.load(littleEndianAt: 40)
    var reader = ByteReader(bytes, headSize..<bytes.count)
    do {
      for _ in 0..<sections { try snapshot.decodeSection(&reader, bytes) }
    } catch let fault as FormatFault {
      throw fault
    } catch {
      throw .short
    }
    return snapshot
  }

  private mutating func decodeSection(_ reader: inout ByteReader, _ bytes: [UInt8]) throws {
    let kind: UInt32 = try reader.little()
    let crc: UInt32 = try reader.little()
    let length: UInt64 = try reader.little()
    guard length <= UInt64(reader.remaining) else { throw FormatFault.short }
    let range = reader.position..<reader.position + Int(length)
    guard CRC32C.checksum(bytes, range) == crc else { throw FormatFault.checksum }
    try reader.skip(Int(length))
    var content = ByteReader(bytes, range)
    switch kind {
    case 1:
      let count: UInt32 = try content.little()
      for _ in 0..<count { partitions.append(try PartitionImage.decode(&content)) }
    case 2: catalogue = try CatalogueImage.decode(&content)
    default: throw FormatFault.unsupported("snapshot section \(kind)")
    }
  }
}

extension Snapshot {
  /// What a superblock says of it.
  private func describe(_ bytes: [UInt8], _ number: UInt64) -> Superblock.Checkpoint {
    Superblock.Checkpoint(
      position: position, lastFrame: lastFrame, snapshot: number, length: UInt64(bytes.count),
      digest: XXH3.digest(bytes.span))
  }

  /// Writes the file of that number, which no superblock names. Durable after a sync of the volume.
  public func write(
    to directory: DataDirectory, number: UInt64
  ) throws(LogError) -> Superblock.Checkpoint {
    let bytes = encode()
    try system { () throws(SystemError) in
      let file = try directory.fileSystem.open(directory.snapshot(number), .write)
      try file.writeAll(bytes, at: 0)
      try file.truncate(to: Int64(bytes.count))
    }
    return describe(bytes, number)
  }
}

/// The catalogue as a snapshot keeps it: the newest value of every key.
public struct CatalogueImage: Sendable, Equatable {
  /// A key and its value.
  public struct Pair: Sendable, Equatable {
    /// The key.
    public var key: [UInt8]
    /// Its newest value.
    public var value: [UInt8]

    /// `value` for `key`.
    public init(key: [UInt8], value: [UInt8]) {
      self.key = key
      self.value = value
    }
  }

  /// The offset of the newest record in partition 0; -1 before the first.
  public var newest: Offset
  /// Live records; the order does not matter.
  public var records: [Pair]

  /// The records as of `newest`.
  public init(newest: Offset = -1, records: [Pair] = []) {
    self.newest = newest
    self.records = records
  }

  func encode(into out: inout [UInt8]) {
    out.append(littleEndian: newest)
    out.append(littleEndian: UInt32(records.count))
    for record in records {
      out.append(littleEndian: UInt32(record.key.count))
      out.append(contentsOf: record.key)
      out.append(littleEndian: UInt32(record.value.count))
      out.append(contentsOf: record.value)
    }
  }

  static func decode(_ reader: inout ByteReader) throws -> CatalogueImage {
    var image = CatalogueImage(newest: try reader.little())
    let count: UInt32 = try reader.little()
    for _ in 0..<count {
      let key = try reader.bytes(Int(try reader.little(UInt32.self)))
      let value = try reader.bytes(Int(try reader.little(UInt32.self)))
      image.records.append(Pair(key: key, value: value))
    }
    return image
  }
}
