import Bytes
import Testing

@Suite struct `A byte reader` {
  @Test func `reads fields one after another`() throws {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt32(7))
    bytes.append(text: "topic é")
    bytes.append(littleEndian: Int64(-1))
    bytes.append(contentsOf: [1, 2, 3, 4])
    var reader = ByteReader(bytes)

    #expect(try reader.little() == UInt32(7))
    #expect(try reader.text() == "topic é")
    #expect(try reader.little(Int64.self) == -1)
    try reader.skip(1)
    #expect(reader.remaining == 3)
    #expect(try reader.bytes(2) == [2, 3])
    #expect(reader.position == bytes.count - 1)
  }

  @Test func `throws where a field does not fit, and stays`() {
    var reader = ByteReader([1, 2, 3])

    #expect(throws: ByteReader.Short.self) { try reader.little(UInt32.self) }
    #expect(throws: ByteReader.Short.self) { try reader.bytes(4) }
    #expect(throws: ByteReader.Short.self) { try reader.bytes(-1) }
    #expect(throws: ByteReader.Short.self) { try reader.skip(4) }
    #expect(throws: ByteReader.Short.self) { try reader.skip(-1) }
    #expect(reader.position == 0)
    #expect(reader.remaining == 3)
  }

  @Test func `throws where a text is shorter than it says`() {
    var reader = ByteReader([5, 0, 0x61, 0x62])

    #expect(throws: ByteReader.Short.self) { try reader.text() }
  }

  @Test func `stays within its range`() throws {
    var reader = ByteReader([1, 2, 3, 4, 5], 1..<3)

    #expect(try reader.little(UInt16.self) == 0x0302)
    #expect(throws: ByteReader.Short.self) { try reader.little(UInt8.self) }
  }

  @Test(arguments: [-5..<2, 3..<90, 7..<9, 5..<5])
  func `takes of a range what there is`(_ range: Range<Int>) {
    let reader = ByteReader([1, 2, 3, 4, 5], range)

    #expect(reader.remaining == range.clamped(to: 0..<5).count)
  }
}
