import Platform
import Testing

@Suite struct AlignedBufferTests {
  @Test func `a new buffer is zero and lies at a block's boundary`() {
    let buffer = AlignedBuffer(count: 8_192)

    let address = buffer.withSpan(0..<1) { span in
      span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }

    #expect(buffer.count == 8_192)
    #expect(address % 4_096 == 0)
    #expect(buffer.copy(0..<8_192) == [UInt8](repeating: 0, count: 8_192))
  }

  @Test func `bytes, integers and zeros land where they are sent`() {
    let buffer = AlignedBuffer(count: 4_096)

    buffer.copy([1, 2, 3, 4].span, to: 4_092)
    buffer.store(littleEndian: UInt16(0xABCD), at: 1)
    buffer.store(littleEndian: Int64(-2), at: 8)
    buffer.zero(4_093..<4_095)

    #expect(buffer.copy(4_091..<4_096) == [0, 1, 0, 0, 4])
    #expect(buffer.copy(0..<4) == [0, 0xCD, 0xAB, 0])
    #expect(buffer.copy(7..<17) == [0, 0xFE] + [UInt8](repeating: 0xFF, count: 7) + [0])
  }
}
