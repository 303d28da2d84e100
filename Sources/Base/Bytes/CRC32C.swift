internal import CPlatform

/// CRC-32C (Castagnoli), the checksum of Kafka's record batches and of every format of ours.
public enum CRC32C {
  /// The checksum of `bytes`, continuing from `seed`, which is the checksum of what came before
  /// them.
  public static func checksum(_ bytes: Span<UInt8>, continuing seed: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { unsafe curlew_crc32c(seed, $0.baseAddress, $0.count) }
  }

  /// The checksum of `range` of `bytes`.
  public static func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
    checksum(bytes.span.extracting(range))
  }
}
