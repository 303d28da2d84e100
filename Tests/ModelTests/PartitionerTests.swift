import Model
import Testing

@Suite struct PartitionerTests {
  /// The table of Kafka's own UtilsTest.
  @Test(
    arguments: [
      ("21", -973_932_308),
      ("foobar", -790_332_482),
      ("a-little-bit-long-string", -985_981_536),
      ("a-little-bit-longer-string", -1_486_304_829),
      ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
      ("abc", 479_470_107),
    ] as [(String, Int32)])
  func `murmur2 gives what Kafka's tests expect`(key: String, hash: Int32) {
    #expect(Int32(bitPattern: Partitioner.murmur2(Array(key.utf8).span)) == hash)
  }

  @Test func `a key's partition is the hash without its sign, modulo the count`() {
    let key = Array("foobar".utf8)

    // -790332482 & 0x7fffffff = 1357151166
    #expect(Partitioner.partition(for: key.span, count: 7) == 1_357_151_166 % 7)
    #expect(Partitioner.partition(for: key.span, count: 1) == 0)
    #expect(Partitioner.partition(for: key.span, count: .max) == 1_357_151_166)
  }

  @Test func `an empty key has a partition too`() {
    // The seed alone through the three last steps of the algorithm, worked out apart from this
    // code.
    #expect(Partitioner.murmur2([UInt8]().span) == 0x106E_08D9)
  }
}
