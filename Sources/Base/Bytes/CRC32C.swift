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

  /// The checksums of three stretches of `count` bytes each, beginning at `starts`: the processor
  /// works on all three at once, in about the time of one.
  public static func checksums(
    _ bytes: Span<UInt8>, startingAt starts: (Int, Int, Int), count: Int
  ) -> (UInt32, UInt32, UInt32) {
    precondition(count >= 0 && min(starts.0, starts.1, starts.2) >= 0)
    precondition(max(starts.0, starts.1, starts.2) + count <= bytes.count, "outside the span")
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return (0, 0, 0) }
      var out: (UInt32, UInt32, UInt32) = (0, 0, 0)
      unsafe withUnsafeMutablePointer(to: &out) { result in
        unsafe result.withMemoryRebound(to: UInt32.self, capacity: 3) {
          unsafe curlew_crc32c_three(base + starts.0, base + starts.1, base + starts.2, count, $0)
        }
      }
      return out
    }
  }
}
