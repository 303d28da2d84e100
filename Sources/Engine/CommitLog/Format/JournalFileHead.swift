internal import Bytes
public import Platform

// The head of a journal file is its block 0, an ordinary block (see Block.swift) whose payload is,
// little-endian:
//
//      0  u32  magic, "CJH1"
//      4  u16  version, 1
//      6  u16  0
//      8  u32  compatible feature bits: unknown ones may be ignored
//     12  u32  incompatible feature bits: unknown ones are refused
//     16       node id, 16 bytes
//     32  u32  slot: the number in its name
//     36  u64  sequence
//     44  u64  first position, that of this block
//     52  u32  incarnation that prepared it
//     56  u64  start id that prepared it
//     64  u32  key id, 0 where nothing is encrypted

/// What a journal file says of itself.
public struct JournalFileHead: Equatable, Sendable {
  static let magic: UInt32 = 0x3148_4A43
  static let version: UInt16 = 1

  /// The node that it belongs to.
  public var node: NodeID
  /// The number in its name.
  public var slot: UInt32
  /// Which file of the node's life it is.
  public var sequence: UInt64
  /// The position of its first block, this head.
  public var firstPosition: Position
  /// Who prepared it.
  public var incarnation: UInt32
  /// In which start.
  public var startID: UInt64

  /// The file's first 4,096 bytes.
  func encode() -> AlignedBuffer {
    var out: [UInt8] = []
    out.append(littleEndian: Self.magic)
    out.append(littleEndian: Self.version)
    out.append(littleEndian: UInt16(0))
    out.append(littleEndian: UInt32(0))
    out.append(littleEndian: UInt32(0))
    out.append(contentsOf: node.bytes)
    out.append(littleEndian: slot)
    out.append(littleEndian: sequence)
    out.append(littleEndian: firstPosition)
    out.append(littleEndian: incarnation)
    out.append(littleEndian: startID)
    out.append(littleEndian: UInt32(0))
    let buffer = AlignedBuffer(count: Block.size)
    buffer.copy(out.span, to: Block.payloadStart)
    Block.seal(buffer, count: 1, position: firstPosition, incarnation: incarnation)
    return buffer
  }

  /// Decodes the file's first block, wherever in the node's life it was written.
  static func decode(_ block: [UInt8]) throws(FormatFault) -> JournalFileHead {
    guard block.count >= Block.size else { throw .short }
    let position: UInt64 = block.load(littleEndianAt: 8)
    switch Block.examine(block.span, at: 0, position: position) {
    case .valid: break
    case .unwritten: throw .magic
    case .bad: throw .checksum
    }
    var reader = ByteReader(block, Block.payloadStart..<Block.payloadStart + Block.payloadSize)
    do {
      guard try reader.little(UInt32.self) == magic else { throw FormatFault.magic }
      let version: UInt16 = try reader.little()
      try reader.skip(6)
      let incompatible: UInt32 = try reader.little()
      guard version == Self.version, incompatible == 0 else {
        throw FormatFault.unsupported("journal file version \(version), features \(incompatible)")
      }
      let head = JournalFileHead(
        node: NodeID(bytes: try reader.bytes(16)), slot: try reader.little(),
        sequence: try reader.little(),
        firstPosition: try reader.little(), incarnation: try reader.little(),
        startID: try reader.little())
      guard head.firstPosition == position else { throw FormatFault.inconsistent("first position") }
      return head
    } catch let fault as FormatFault {
      throw fault
    } catch {
      throw .short
    }
  }
}

/// The identity of a data directory: 128 random bits, given at birth.
public struct NodeID: Sendable, Equatable {
  /// Its 16 bytes.
  public let bytes: [UInt8]

  /// An identity of these 16 bytes.
  public init(bytes: [UInt8]) {
    precondition(bytes.count == 16, "a node id has 16 bytes")
    self.bytes = bytes
  }

  /// A new identity.
  public init(from entropy: any Entropy) {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: entropy.next())
    bytes.append(littleEndian: entropy.next())
    self.bytes = bytes
  }

  /// Its text: 22 characters of base64url, as Kafka writes cluster ids.
  public var text: String { Base64.encode(bytes, .url) }
}
