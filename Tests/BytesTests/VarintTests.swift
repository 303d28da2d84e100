import Bytes
import Testing

@Suite struct `Varints` {
  /// Values and their bytes by Protocol Buffers' encoding of `sint64`.
  static let golden: [(Int64, [UInt8])] = [
    (0, [0x00]), (-1, [0x01]), (1, [0x02]), (-2, [0x03]), (63, [0x7E]), (-64, [0x7F]),
    (64, [0x80, 0x01]),
    (-65, [0x81, 0x01]), (150, [0xAC, 0x02]), (8191, [0xFE, 0x7F]), (8192, [0x80, 0x80, 0x01]),
    (2_147_483_647, [0xFE, 0xFF, 0xFF, 0xFF, 0x0F]),
    (-2_147_483_648, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
    (.max, [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
    (.min, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
  ]

  /// The same without sign.
  static let goldenUnsigned: [(UInt64, [UInt8])] = [
    (0, [0x00]), (1, [0x01]), (127, [0x7F]), (128, [0x80, 0x01]), (300, [0xAC, 0x02]),
    (16384, [0x80, 0x80, 0x01]),
    (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
  ]

  @Test(arguments: golden) func `have the bytes of Protocol Buffers`(
    _ value: Int64, _ expected: [UInt8]
  ) {
    var bytes: [UInt8] = []
    var position = 0

    bytes.append(varint: value)
    let read = Varint.read(bytes.span, at: &position)

    #expect(bytes == expected)
    #expect(read == value)
    #expect(position == expected.count)
    #expect(Varint.size(value) == expected.count)
  }

  @Test(arguments: goldenUnsigned) func `have them without sign too`(
    _ value: UInt64, _ expected: [UInt8]
  ) {
    var bytes: [UInt8] = []
    var position = 0

    bytes.append(unsignedVarint: value)
    let read = Varint.readUnsigned(bytes.span, at: &position)

    #expect(bytes == expected)
    #expect(read == value)
    #expect(position == expected.count)
  }

  @Test func `tell their size at every power of two`() {
    for shift in 0..<63 {
      for value in [Int64(1) << shift, -(Int64(1) << shift), (Int64(1) << shift) - 1] {
        var bytes: [UInt8] = []
        bytes.append(varint: value)
        #expect(Varint.size(value) == bytes.count, "\(value)")
      }
    }
  }

  @Test(
    arguments: [
      [], [0x80], [0xFF, 0xFF], [UInt8](repeating: 0x80, count: 9),
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
      [UInt8](repeating: 0xFF, count: 10),
      [UInt8](repeating: 0x80, count: 10) + [0x01],
    ] as [[UInt8]]) func `that do not end or exceed 64 bits are refused`(_ bytes: [UInt8])
  {
    var position = 0
    var unsignedPosition = 0

    let read = Varint.read(bytes.span, at: &position)
    let readUnsigned = Varint.readUnsigned(bytes.span, at: &unsignedPosition)

    #expect(read == nil)
    #expect(readUnsigned == nil)
    #expect(position <= bytes.count)
  }

  @Test func `follow one another`() {
    var bytes: [UInt8] = []
    let values: [Int64] = [1, -300, 0, .max, 7]
    for value in values { bytes.append(varint: value) }
    var position = 0

    let read = values.map { _ in Varint.read(bytes.span, at: &position) }

    #expect(read == values)
    #expect(position == bytes.count)
  }
}
