internal import Bytes
public import Model
internal import Platform

// A frame is what one commit writes: whole blocks, all in one file, begun on a fresh block. Its
// bytes are the payloads of its blocks one after the other, little-endian, zero-filled at the end:
//
//      0  u32  magic, "CJF1"
//      4  u16  version, 1
//      6  u16  feature bits, 0; an unknown bit is refused
//      8  u64  first position
//     16  u32  blocks
//     20  u32  rows
//     24  u32  previous ends
//     28  u32  bytes of all rows' batches
//     32  u64  first position of the previous live frame; 0 where there is none
//     40  u32  key id, 0 where nothing is encrypted
//     44       nonce, 12 bytes
//     56       previous ends: for each partition that the previous frame appended to, u32 number
// and i64 end offset
//              rows, 38 bytes each
//              the rows' bytes, in row order

/// The head of a frame and its rows, without their bytes.
public struct FrameHead: Sendable, Equatable {
  static let magic: UInt32 = 0x3146_4A43
  static let version: UInt16 = 1
  static let size = 56

  /// The end offset of a partition after a frame.
  public struct End: Sendable, Equatable {
    /// The partition.
    public var partition: PartitionNumber
    /// One past its last offset.
    public var offset: Offset

    /// The end `offset` of `partition`.
    public init(partition: PartitionNumber, offset: Offset) {
      self.partition = partition
      self.offset = offset
    }
  }

  /// Where the frame begins.
  public var position: Position
  /// How many blocks it has.
  public var blocks: UInt32
  /// Where the live frame before it begins; 0 where there is none.
  public var previous: Position
  /// What the frame before it appended to.
  public var previousEnds: [End]
  /// What happens.
  public var rows: [Row]
  /// Bytes of all rows.
  public var bytes: UInt32

  /// How many bytes of payload a frame with so many parts has.
  static func payload(previousEnds: Int, rows: Int, bytes: Int) -> Int {
    size + previousEnds * 12 + rows * Row.size + bytes
  }

  /// How many blocks hold `payload` bytes.
  static func blocks(_ payload: Int) -> Int {
    (payload + Block.payloadSize - 1) / Block.payloadSize
  }

  /// The payload up to the rows' bytes.
  func encode() -> [UInt8] {
    let size = Self.payload(previousEnds: previousEnds.count, rows: rows.count, bytes: 0)
    var out: [UInt8] = []
    out.reserveCapacity(size)
    out.append(littleEndian: Self.magic)
    out.append(littleEndian: Self.version)
    out.append(littleEndian: UInt16(0))
    out.append(littleEndian: position)
    out.append(littleEndian: blocks)
    out.append(littleEndian: UInt32(rows.count))
    out.append(littleEndian: UInt32(previousEnds.count))
    out.append(littleEndian: bytes)
    out.append(littleEndian: previous)
    out.append(contentsOf: repeatElement(0, count: 16))
    for end in previousEnds {
      out.append(littleEndian: end.partition.rawValue)
      out.append(littleEndian: end.offset)
    }
    var start = out.count
    out.append(contentsOf: repeatElement(0, count: size - start))
    for row in rows {
      row.encode(into: &out, at: start)
      start += Row.size
    }
    return out
  }

  /// Decodes a whole frame's payload; the second value is where the rows' bytes begin.
  static func decode(_ payload: [UInt8]) throws(FormatFault) -> (head: FrameHead, bytesStart: Int) {
    var reader = ByteReader(payload)
    let fields = try decodeFields(&reader)
    var head = fields.head
    let need = Self.payload(
      previousEnds: fields.ends, rows: fields.rows, bytes: Int(head.bytes))
    guard need <= payload.count else { throw .short }
    do {
      for _ in 0..<fields.ends {
        head.previousEnds.append(
          End(
            partition: PartitionNumber(try reader.little()), offset: try reader.little()))
      }
    } catch { throw .short }
    var total = 0
    for _ in 0..<fields.rows {
      let row = try Row.decode(&reader)
      guard row.isSound else { throw .inconsistent("a row's offsets or length") }
      total += Int(row.length)
      head.rows.append(row)
    }
    guard total == Int(head.bytes) else { throw .inconsistent("row lengths do not add up") }
    return (head, reader.position)
  }

  /// The rows of a frame of which only a beginning is there; `nil` where that does not hold them
  /// all.
  static func decodeRows(ofPrefix payload: [UInt8]) -> [Row]? {
    var reader = ByteReader(payload)
    guard let fields = try? decodeFields(&reader),
      Self.payload(previousEnds: fields.ends, rows: fields.rows, bytes: 0) <= payload.count,
      (try? reader.skip(fields.ends * 12)) != nil
    else { return nil }
    var rows: [Row] = []
    for _ in 0..<fields.rows {
      guard let row = try? Row.decode(&reader) else { return nil }
      rows.append(row)
    }
    return rows
  }

  /// Decodes only the fixed fields: what tells how long the frame is and what it follows.
  static func decodeFields(
    _ reader: inout ByteReader
  ) throws(FormatFault) -> (head: FrameHead, ends: Int, rows: Int) {
    do {
      guard try reader.little(UInt32.self) == magic else { throw FormatFault.magic }
      let version: UInt16 = try reader.little()
      let features: UInt16 = try reader.little()
      guard version == Self.version, features == 0 else {
        throw FormatFault.unsupported("frame version \(version), features \(features)")
      }
      let position: UInt64 = try reader.little()
      let blocks: UInt32 = try reader.little()
      let rows: UInt32 = try reader.little()
      let ends: UInt32 = try reader.little()
      let bytes: UInt32 = try reader.little()
      let previous: UInt64 = try reader.little()
      let keyID: UInt32 = try reader.little()
      guard keyID == 0 else { throw FormatFault.unsupported("encrypted frame, key \(keyID)") }
      try reader.skip(12)
      let head = FrameHead(
        position: position, blocks: blocks, previous: previous, previousEnds: [], rows: [],
        bytes: bytes)
      return (head, Int(ends), Int(rows))
    } catch let fault as FormatFault {
      throw fault
    } catch {
      throw .short
    }
  }
}
