import Bytes
import Testing

/// CRC-32C by the table of its polynomial, a byte at a time: what the instruction is held against.
func tableCRC(_ bytes: some Sequence<UInt8>, continuing seed: UInt32 = 0) -> UInt32 {
  ~bytes.reduce(~seed) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0x82F6_3B78 : 0) }
  }
}

/// Bytes without a pattern.
func noise(_ count: Int) -> [UInt8] {
  var state: UInt32 = 0x2545_F491
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(truncatingIfNeeded: state >> 24)
  }
}

@Suite struct `CRC-32C` {
  /// The check value of the catalogue, and the vectors of RFC 3720, B.4.
  static let golden: [([UInt8], UInt32)] = [
    ([], 0), (Array("123456789".utf8), 0xE306_9283), (Array("a".utf8), 0xC1D0_4330),
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0...31), 0x46DD_794E), (Array((0...31).reversed()), 0x113F_DB5C),
  ]

  @Test(arguments: golden) func `has the published values`(_ bytes: [UInt8], _ expected: UInt32) {
    #expect(CRC32C.checksum(bytes.span) == expected)
    #expect(tableCRC(bytes) == expected)
  }

  @Test func `is the table's at any length and alignment`() {
    let bytes = noise(300)

    for start in 0..<9 {
      for count in 0..<(290 - start) where count < 40 || count % 7 == 0 {
        let range = start..<start + count
        #expect(CRC32C.checksum(bytes, range) == tableCRC(bytes[range]))
      }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 64, 100]) func `continues over pieces`(_ cut: Int) {
    let bytes = noise(100)
    let first = CRC32C.checksum(bytes, 0..<cut)

    let whole = CRC32C.checksum(bytes.span.extracting(cut..<100), continuing: first)

    #expect(whole == CRC32C.checksum(bytes.span))
  }

  @Test(arguments: [0, 1, 7, 8, 9, 50, 64]) func `of three stretches is that of each`(_ count: Int)
  {
    let bytes = noise(200)

    let three = CRC32C.checksums(bytes.span, startingAt: (3, 64, 120), count: count)

    #expect(three.0 == tableCRC(bytes[3..<3 + count]))
    #expect(three.1 == tableCRC(bytes[64..<64 + count]))
    #expect(three.2 == tableCRC(bytes[120..<120 + count]))
  }

  @Test func `changes with every bit`() {
    let bytes = noise(40)
    let good = CRC32C.checksum(bytes.span)

    for bit in 0..<320 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(CRC32C.checksum(damaged.span) != good)
    }
  }
}

@Suite struct `XXH3 digests` {
  /// Values of the reference implementation, 64 bits, without seed.
  static let golden: [(String, UInt64)] = [
    ("", 0x2D06_8005_38D3_94C2), ("a", 0xE6C6_32B6_1E96_4E1F), ("abc", 0x78AF_5F94_892F_3950),
  ]

  @Test(arguments: golden) func `has the published values`(_ text: String, _ expected: UInt64) {
    #expect(XXH3.digest(Array(text.utf8).span) == expected)
  }

  @Test(arguments: [0, 1, 16, 17, 240, 241, 1024, 5000]) func `of a stream is that of the whole`(
    _ count: Int
  ) {
    let bytes = noise(count)
    for step in [1, 7, 256, 5000] {
      var stream = XXH3Stream()

      for start in stride(from: 0, to: count, by: step) {
        stream.update(bytes.span.extracting(start..<min(start + step, count)))
      }
      let digest = stream.digest()

      #expect(digest == XXH3.digest(bytes.span))
    }
  }

  @Test func `of a stream can be asked on the way`() {
    var stream = XXH3Stream()

    let empty = stream.digest()
    stream.update(Array("ab".utf8).span)
    let half = stream.digest()
    stream.update(Array("c".utf8).span)
    let whole = stream.digest()

    #expect(empty == 0x2D06_8005_38D3_94C2)
    #expect(half == XXH3.digest(Array("ab".utf8).span))
    #expect(whole == 0x78AF_5F94_892F_3950)
  }
}
