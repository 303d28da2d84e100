public import Bytes

// Kafka's record batch, format 2. All integers are big-endian.
//
//    at  size  field
//     0     8  base offset: that of the first record; stamped when the batch is sequenced
//     8     4  length: bytes behind this field
//    12     4  leader epoch: the node's incarnation; stamped with the base offset
//    16     1  magic: 2
//    17     4  CRC-32C of everything from byte 21 to the end
//    21     2  attributes: bits 0-2 codec (0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd), 3 the
//              timestamp is that of the append, 4 transactional, 5 control, 6 the base timestamp is
//              the time when tombstones may go
//    23     4  last offset delta: last offset less base offset; stays when compaction takes records
//    27     8  base timestamp, to which the records' are relative
//    35     8  greatest timestamp; with bit 3 it is every record's
//    43     8  producer id, 51: 2 producer epoch, 53: 4 sequence of the first record; -1 for none
//    57     4  number of records
//    61        the records, compressed as a whole where there is a codec
//
// A record; every number is a zig-zag varint: length of the rest; one byte of attributes, unused;
// timestamp less base timestamp; offset less base offset; length of the key, -1 for null, and the
// key; the same of the value; number of headers; of each header length and bytes of the name, then
// of the value, -1 for null.

/// A view of one record batch inside an array that others may share.
///
/// The accessors read the header where it stands and are right for any bytes of at least
/// `headerSize`; whether it is sound is what `check` and `checkRecords` say.
public struct RecordBatch: Sendable {
  /// The bytes that hold the batch, and perhaps others.
  public private(set) var storage: [UInt8]
  /// Where in `storage` the batch stands.
  public let range: Range<Int>

  /// Bytes before the first record.
  public static let headerSize = 61
  /// Bytes at the start that Kafka's CRC leaves out.
  public static let uncheckedPrefix = 21
  /// Bytes before the part that the length field counts.
  static let lengthPrefix = 12
  static let magic: UInt8 = 2

  /// A batch that is the whole of `storage`, built here.
  public init(_ storage: [UInt8]) { self.init(unchecked: storage, 0..<storage.count) }

  /// A batch in `range` of `storage`, which the caller has checked, or will.
  public init(unchecked storage: [UInt8], _ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= storage.count && range.count >= Self.headerSize,
      "a record batch has a header inside its storage")
    self.storage = storage
    self.range = range
  }

  /// The batch at `position` of `storage`, checked by `check`.
  public init(checking storage: [UInt8], at position: Int = 0) throws(RecordBatchFault) {
    let size = try Self.check(storage.span, at: position)
    self.init(unchecked: storage, position..<position + size)
  }
}

extension RecordBatch {
  /// The offset of the first record, or where it was before compaction.
  @inlinable public var baseOffset: Offset { field(0) }
  /// The offset of the last record, or where it was before compaction.
  @inlinable public var lastOffset: Offset { baseOffset &+ Offset(lastOffsetDelta) }
  /// The offset behind the last one.
  @inlinable public var nextOffset: Offset { lastOffset &+ 1 }
  /// Bytes of header and records.
  @inlinable public var size: Int { range.count }
  /// The incarnation of the node that sequenced the batch.
  @inlinable public var leaderEpoch: Int32 { field(12) }
  /// The CRC-32C that stands in the header.
  @inlinable public var crc: UInt32 { field(17) }
  /// The bits that say how the records are to be read.
  @inlinable public var attributes: RecordBatchAttributes { .init(rawValue: field(21)) }
  /// How the records are compressed; `nil` where the bits name nothing, which `check` refuses.
  @inlinable public var codec: CompressionCodec? { attributes.codec }
  /// Whether the batch is a mark of the log's own, not records of a user.
  @inlinable public var isControl: Bool { attributes.contains(.control) }
  /// Whether the batch belongs to a transaction.
  @inlinable public var isTransactional: Bool { attributes.contains(.transactional) }
  /// Last offset less base offset.
  @inlinable public var lastOffsetDelta: Int32 { field(23) }
  /// What the records' timestamps are relative to.
  @inlinable public var baseTimestamp: Timestamp { field(27) }
  /// The greatest of the records' timestamps.
  @inlinable public var maxTimestamp: Timestamp { field(35) }
  /// The producer, -1 for none.
  @inlinable public var producerID: Int64 { field(43) }
  /// The producer's incarnation, -1 for none.
  @inlinable public var producerEpoch: Int16 { field(51) }
  /// The producer's number of the first record, -1 for none.
  @inlinable public var baseSequence: Int32 { field(53) }
  /// The producer's three fields.
  public var producer: ProducerIdentity {
    ProducerIdentity(id: producerID, epoch: producerEpoch, sequence: baseSequence)
  }
  /// How many records there are.
  @inlinable public var recordCount: Int32 { field(57) }
  /// Where in `storage` the records stand.
  public var recordsRange: Range<Int> { range.lowerBound + Self.headerSize..<range.upperBound }

  @inlinable func field<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int) -> T {
    storage.load(bigEndianAt: range.lowerBound + offset)
  }
}

extension RecordBatch {
  /// Gives the batch its place in the log. The checksum does not cover these fields and stays
  /// right. In place, unless another value holds the same storage.
  public mutating func stamp(baseOffset: Offset, leaderEpoch: Int32) {
    storage.store(bigEndian: baseOffset, at: range.lowerBound)
    storage.store(bigEndian: leaderEpoch, at: range.lowerBound + 12)
  }

  /// Makes `timestamp` that of every record, as `message.timestamp.type=LogAppendTime` asks, and
  /// computes the checksum anew.
  public mutating func stamp(appendTime timestamp: Timestamp) {
    let attributes = attributes.union(.logAppendTime)
    storage.store(bigEndian: attributes.rawValue, at: range.lowerBound + 21)
    storage.store(bigEndian: timestamp, at: range.lowerBound + 35)
    let checked = range.lowerBound + Self.uncheckedPrefix..<range.upperBound
    storage.store(bigEndian: CRC32C.checksum(storage, checked), at: range.lowerBound + 17)
  }
}
