internal import Bytes
public import Model

// A row of a frame, 38 bytes, little-endian. Rows with the same entry number are atomic.
//
//      0  u32  entry, its number in the frame
//      4  u16  type
//      6  u32  partition number
//     10  i64  base offset
//     18  u32  count: how many offsets it takes
//     22  u32  length of its bytes
//     26  u32  CRC of the batch, as the batch itself carries it (append), else 0
//     30  i64  append time, milliseconds since 1970
//
// What base offset and bytes mean, by type:
//
//      1  append     the offset of the first record; bytes: a RecordBatch v2 as it stands in the
// segment
//      2  delete     the partition ends; nothing of it is kept
//      3  log start  the new first offset that can be read
//      4  roll       the base offset of the segment that begins here
//      5  replace    the base offset of the first segment that others take the place of; bytes:
// which
//      6  seal       nothing: a frame whose only row it is proves the frame before it

/// One thing that happens to one partition.
public struct Row: Sendable, Equatable {
  /// What happens. A type that this version does not know stops the start.
  public enum Kind: UInt16, Sendable {
    case append = 1
    case delete = 2
    case logStart = 3
    case roll = 4
    case replace = 5
    case seal = 6
  }

  /// Bytes of a row.
  static let size = 38

  /// Its entry's number in the frame.
  public var entry: UInt32
  /// What happens.
  public var kind: Kind
  /// To which partition.
  public var partition: PartitionNumber
  /// See the table above.
  public var baseOffset: Offset
  /// How many offsets it takes.
  public var count: UInt32
  /// How many bytes belong to it.
  public var length: UInt32
  /// The CRC that its batch carries.
  public var batchCRC: UInt32
  /// When it was sequenced, on the wall clock.
  public var appendTime: Timestamp

  /// A row with these fields.
  public init(
    entry: UInt32, kind: Kind, partition: PartitionNumber, baseOffset: Offset, count: UInt32 = 0,
    length: UInt32 = 0, batchCRC: UInt32 = 0, appendTime: Timestamp
  ) {
    self.entry = entry
    self.kind = kind
    self.partition = partition
    self.baseOffset = baseOffset
    self.count = count
    self.length = length
    self.batchCRC = batchCRC
    self.appendTime = appendTime
  }

  /// One past the last offset it takes.
  public var end: Offset { baseOffset + Int64(count) }

  /// Whether its offsets exist and, where it is an append, its bytes have room for a batch.
  var isSound: Bool {
    baseOffset >= 0 && baseOffset <= .max - Int64(count)
      && (kind != .append || Int(length) >= RecordBatch.headerSize)
  }

  /// Writes its bytes to where `bytes` has room for them, at `start`.
  func encode(into bytes: inout [UInt8], at start: Int) {
    bytes.store(littleEndian: entry, at: start)
    bytes.store(littleEndian: kind.rawValue, at: start + 4)
    bytes.store(littleEndian: partition.rawValue, at: start + 6)
    bytes.store(littleEndian: baseOffset, at: start + 10)
    bytes.store(littleEndian: count, at: start + 18)
    bytes.store(littleEndian: length, at: start + 22)
    bytes.store(littleEndian: batchCRC, at: start + 26)
    bytes.store(littleEndian: appendTime, at: start + 30)
  }

  static func decode(_ reader: inout ByteReader) throws(FormatFault) -> Row {
    do {
      let entry: UInt32 = try reader.little()
      let code: UInt16 = try reader.little()
      guard let kind = Kind(rawValue: code) else { throw FormatFault.unknownRowType(code) }
      return Row(
        entry: entry, kind: kind, partition: PartitionNumber(try reader.little()),
        baseOffset: try reader.little(), count: try reader.little(), length: try reader.little(),
        batchCRC: try reader.little(), appendTime: try reader.little())
    } catch let fault as FormatFault {
      throw fault
    } catch {
      throw .short
    }
  }
}
