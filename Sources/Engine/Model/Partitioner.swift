internal import Bytes

/// Which partition a key belongs to: Kafka's default partitioner, so that producers of both agree.
///
/// Records without a key have no partition of their own; which one they go to is the caller's
/// choice.
public enum Partitioner {
  /// The partition of `key` among `count`, which is at least 1.
  public static func partition(
    for key: Span<UInt8>, count: PartitionIndex
  ) -> PartitionIndex {
    precondition(count > 0, "a topic has at least one partition")
    return PartitionIndex(murmur2(key) & 0x7FFF_FFFF) % count
  }

  /// MurmurHash2, 32 bits, little-endian, with the seed that Kafka's clients use.
  package static func murmur2(_ bytes: Span<UInt8>) -> UInt32 {
    let m: UInt32 = 0x5BD1_E995
    var hash = 0x9747_B28C ^ UInt32(truncatingIfNeeded: bytes.count)
    var index = 0
    while index + 4 <= bytes.count {
      var word: UInt32 = bytes.load(littleEndianAt: index)
      word &*= m
      word ^= word >> 24
      word &*= m
      hash &*= m
      hash ^= word
      index += 4
    }
    if index < bytes.count {
      for place in index..<bytes.count {
        hash ^= UInt32(bytes[place]) << UInt32(8 * (place - index))
      }
      hash &*= m
    }
    hash ^= hash >> 13
    hash &*= m
    return hash ^ hash >> 15
  }
}
