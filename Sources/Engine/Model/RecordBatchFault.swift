/// What is wrong with bytes that should be a record batch.
public enum RecordBatchFault: Error, Hashable, Sendable {
  /// The bytes end before the batch does.
  case truncated(needed: Int, available: Int)
  /// Not a batch of format 2: the magic byte is this.
  case magic(UInt8)
  /// The length field is less than the header's rest.
  case length(Int32)
  /// The CRC-32C of the bytes is `computed`, the header says `stored`.
  case checksum(stored: UInt32, computed: UInt32)
  /// The base offset is negative, or the last offset beyond 64 bits.
  case offsets(base: Offset, lastDelta: Int32)
  /// The number of records is negative or does not fit the last offset delta or the size.
  case count(records: Int32, lastDelta: Int32)
  /// The codec bits name none that exists.
  case codec(UInt8)
  /// The records are compressed; decompress the batch first.
  case compressed(CompressionCodec)
  /// This build cannot decompress the codec.
  case unsupported(CompressionCodec)
  /// The compressed records are damaged.
  case decompression(CompressionCodec)
  /// The batch would be larger than so many bytes when decompressed.
  case tooLarge(limit: Int)
  /// A record, counted from 0, is damaged.
  case record(index: Int32, RecordFault)

  /// What is wrong with one record.
  public enum RecordFault: Hashable, Sendable {
    /// Its length is negative or leads beyond the batch.
    case length
    /// A number does not end, or a field leads beyond the record.
    case field
    /// Its offset does not follow that of the record before, or is beyond the batch's last.
    case offset
    /// Bytes are left behind its last field.
    case trailing
    /// Bytes are left behind the batch's last record.
    case trailingBatch
  }
}

extension RecordBatchFault: CustomStringConvertible {
  /// A sentence for logs and answers.
  public var description: String {
    switch self {
    case .truncated(let needed, let available):
      "The record batch needs \(needed) bytes, and \(available) are there."
    case .magic(let magic): "The record batch is of format \(magic); only format 2 is known."
    case .length(let length): "The record batch says that its length is \(length)."
    case .checksum(let stored, let computed):
      "The record batch's checksum is \(stored), that of its bytes \(computed)."
    case .offsets(let base, let lastDelta):
      "The record batch goes from offset \(base) on by \(lastDelta), which is no range of offsets."
    case .count(let records, let lastDelta):
      "The record batch says that it holds \(records) records, the last one \(lastDelta) after the "
        + "first, which does not fit it."
    case .codec(let codec): "The record batch is compressed with unknown codec \(codec)."
    case .compressed(let codec): "The record batch is compressed with \(codec)."
    case .unsupported(let codec): "Record batches compressed with \(codec) are not supported."
    case .decompression(let codec): "The records compressed with \(codec) are damaged."
    case .tooLarge(let limit): "The record batch decompresses to more than \(limit) bytes."
    case .record(let index, let fault): "Record \(index) of the batch: \(fault.description)."
    }
  }
}

extension RecordBatchFault.RecordFault: CustomStringConvertible {
  /// What is wrong, without a full stop.
  public var description: String {
    switch self {
    case .length: "its length does not fit the batch"
    case .field: "a field does not fit the record"
    case .offset: "its offset does not follow the one before, or is beyond the batch's last"
    case .trailing: "bytes are left behind its last field"
    case .trailingBatch: "bytes are left behind the last record"
    }
  }
}
