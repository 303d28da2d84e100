import Bytes
import Compression
import Model
import Testing

/// `batch` with its records compressed as Kafka's producers do.
private func compressed(
  _ batch: RecordBatch, _ codec: CompressionCodec, _ coding: ContentCoding
) -> [UInt8] {
  forged(batch) { bytes in
    let records = coding.compress(bytes.span.extracting(61..<bytes.count))
    bytes.replaceSubrange(61..., with: records)
    bytes.store(bigEndian: Int32(bytes.count - 12), at: 8)
    bytes[22] = codec.rawValue
  }
}

@Suite struct DecompressionTests {
  @Test(arguments: [(CompressionCodec.gzip, ContentCoding.gzip), (.zstd, .zstd)])
  func `a compressed batch comes back as it was before`(
    codec: CompressionCodec, coding: ContentCoding
  ) throws {
    let batch = sample(50, base: 1000)
    // The view's own bytes lie between others, and its size is the limit.
    let storage = [1, 2, 3] + compressed(batch, codec, coding) + [4]
    let view = try RecordBatch(checking: storage, at: 3)

    let plain = try view.decompressed(atMost: batch.size)

    #expect(view.codec == codec)
    #expect(plain.storage == batch.storage)
    #expect(try RecordBatch(checking: plain.storage).recordCount == 50)
  }

  @Test func `a batch that is not compressed is its own`() throws {
    let batch = sample()

    #expect(try batch.decompressed(atMost: 0).storage == batch.storage)
  }

  @Test func `one byte over the limit is refused`() throws {
    let batch = sample(50)
    let view = RecordBatch(compressed(batch, .zstd, .zstd))

    for limit in [batch.size - 1, 61, 0, -1] {
      #expect(throws: RecordBatchFault.tooLarge(limit: limit)) {
        try view.decompressed(atMost: limit)
      }
    }
  }

  @Test(arguments: [CompressionCodec.gzip, .zstd])
  func `records that do not decompress are damaged`(codec: CompressionCodec) {
    let cut = RecordBatch(forged(sample()) { $0[22] = codec.rawValue })

    #expect(throws: RecordBatchFault.decompression(codec)) {
      try cut.decompressed(atMost: 1 << 20)
    }
  }

  @Test(arguments: [CompressionCodec.snappy, .lz4])
  func `a codec of a later version is named`(codec: CompressionCodec) {
    let batch = RecordBatch(forged(sample()) { $0[22] = codec.rawValue })

    #expect(throws: RecordBatchFault.unsupported(codec)) {
      try batch.decompressed(atMost: 1 << 20)
    }
  }

  @Test func `a header that compaction has left alone decompresses to itself`() throws {
    let bytes = forged(sample()) { bytes in
      bytes.removeSubrange(61...)
      bytes.store(bigEndian: Int32(49), at: 8)
      bytes.store(bigEndian: Int32(0), at: 57)
      bytes[22] = CompressionCodec.gzip.rawValue
    }

    let plain = try RecordBatch(checking: bytes).decompressed(atMost: 61)

    #expect(plain.size == 61 && plain.codec == CompressionCodec.none)
    try plain.checkRecords()
  }
}
