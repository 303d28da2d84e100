internal import Bytes
internal import Compression

extension RecordBatch {
  /// The same records in a batch that is not compressed, of at most `limit` bytes; this one where
  /// it is none. gzip and zstd are known. Of the header's fields only codec, length and checksum
  /// change.
  public func decompressed(atMost limit: Int) throws(RecordBatchFault) -> RecordBatch {
    guard let codec else {
      throw .codec(UInt8(attributes.rawValue & RecordBatchAttributes.codecBits))
    }
    if codec == .none { return self }
    // Compaction may leave a header alone, which has nothing to decompress.
    let records = recordsRange.isEmpty ? [] : try decompressedRecords(codec, atMost: limit)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerSize + records.count)
    bytes.append(storage.span.extracting(range.lowerBound..<recordsRange.lowerBound))
    bytes.append(contentsOf: records)
    bytes.store(bigEndian: Int32(bytes.count - Self.lengthPrefix), at: 8)
    bytes.store(bigEndian: attributes.with(.none).rawValue, at: 21)
    let checked = Self.uncheckedPrefix..<bytes.count
    bytes.store(bigEndian: CRC32C.checksum(bytes, checked), at: 17)
    return RecordBatch(bytes)
  }

  private func decompressedRecords(
    _ codec: CompressionCodec, atMost limit: Int
  ) throws(RecordBatchFault) -> [UInt8] {
    let coding: ContentCoding
    switch codec {
    case .gzip: coding = .gzip
    case .zstd: coding = .zstd
    case .none, .snappy, .lz4: throw .unsupported(codec)
    }
    let room = min(limit, RecordBatchBuilder.maximumSize) - Self.headerSize
    guard room > 0 else { throw .tooLarge(limit: limit) }
    do throws(CompressionError) {
      return try coding.decompress(storage.span.extracting(recordsRange), atMost: room)
    } catch {
      switch error {
      case .tooLarge: throw .tooLarge(limit: limit)
      case .corrupt, .truncated, .outOfMemory: throw .decompression(codec)
      }
    }
  }
}
