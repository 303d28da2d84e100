import Bytes
import Testing

@Suite struct `Integers in bytes` {
  @Test func `little-endian begins with the least significant byte`() {
    var bytes: [UInt8] = []

    bytes.append(littleEndian: UInt32(0x0102_0304))
    bytes.append(littleEndian: Int16(-2))

    #expect(bytes == [4, 3, 2, 1, 0xFE, 0xFF])
    #expect(bytes.load(littleEndianAt: 0, as: UInt32.self) == 0x0102_0304)
    #expect(bytes.load(littleEndianAt: 4, as: Int16.self) == -2)
  }

  @Test func `big-endian begins with the most significant byte`() {
    var bytes: [UInt8] = []

    bytes.append(bigEndian: UInt32(0x0102_0304))
    bytes.append(bigEndian: Int64(-2))

    #expect(bytes == [1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE])
    #expect(bytes.load(bigEndianAt: 0, as: UInt32.self) == 0x0102_0304)
    #expect(bytes.load(bigEndianAt: 4, as: Int64.self) == -2)
  }

  @Test func `a store overwrites in place at any alignment`() {
    var bytes = [UInt8](repeating: 0xAA, count: 8)

    bytes.store(bigEndian: UInt32(0x0102_0304), at: 1)
    bytes.store(littleEndian: UInt16(0x0506), at: 5)

    #expect(bytes == [0xAA, 1, 2, 3, 4, 6, 5, 0xAA])
  }

  @Test func `an odd place loads like an even one`() {
    let bytes: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7, 8]

    let value: UInt64 = bytes.span.load(bigEndianAt: 1)

    #expect(value == 0x0102_0304_0506_0708)
  }

  @Test func `spans are equal when their bytes are`() {
    let bytes: [UInt8] = [1, 2, 3, 1, 2, 4]
    let first = bytes.span.extracting(0..<3)
    let second = bytes.span.extracting(3..<6)

    let same = first.equals(first)
    let different = first.equals(second)
    let longer = first.equals(bytes.span)

    #expect(same)
    #expect(!different)
    #expect(!longer)
  }

  @Test func `a copy and an appended span hold the bytes of the span`() {
    let bytes: [UInt8] = [1, 2, 3, 4]
    let middle = bytes.span.extracting(1..<3)
    var output: [UInt8] = [9]

    output.append(middle)
    let copy = middle.copy()

    #expect(copy == [2, 3])
    #expect(output == [9, 2, 3])
  }
}
