import Platform
import Testing

@testable import CommitLog

@Suite struct BlockTests {
  private let payload = (0..<3 * 4064 + 1).map { UInt8(truncatingIfNeeded: $0 * 7) }
  private let position: UInt64 = 0x1_2345_6789
  private let incarnation: UInt32 = 0xBEEF

  private func sealed() -> [UInt8] {
    let buffer = AlignedBuffer(count: 4 * 4096)
    for index in 0..<4 {
      let part = payload[index * 4064..<min(payload.count, (index + 1) * 4064)]
      buffer.copy(Array(part).span, to: index * 4096 + 24)
    }
    Block.seal(buffer, count: 4, position: position, incarnation: incarnation)
    return buffer.copy(0..<4 * 4096)
  }

  private func examine(_ bytes: [UInt8], block: Int = 0, at position: UInt64) -> Block.Condition {
    Block.examine(bytes.span, at: block * 4096, position: position)
  }

  @Test func `the checksum of the tests is the published one`() {
    #expect(Golden.crc(Array("123456789".utf8)) == 0xE306_9283)
  }

  @Test func `the blocks of a frame are as described`() {
    #expect(sealed() == Golden.blocks(payload, position: position, incarnation: incarnation))
  }

  @Test func `a block as described is valid at its position and nowhere else`() {
    let bytes = Golden.blocks(payload, position: position, incarnation: incarnation)

    for index in 0..<4 {
      let own = position + UInt64(index)
      let block = Block(
        incarnation: incarnation, position: own, index: UInt32(index), isLast: index == 3)
      #expect(examine(bytes, block: index, at: own) == .valid(block))
      #expect(examine(bytes, block: index, at: own + 1) == .unwritten)
      #expect(examine(bytes, block: index, at: own + 1 << 32) == .unwritten)
    }
  }

  @Test func `every bit of a block that turns over is noticed`() {
    let bytes = Array(Golden.blocks(payload, position: position, incarnation: 0xBEEF)[..<4096])

    for (index, flipped) in Golden.flips(bytes) {
      let isStamp = (4..<16).contains(index) || index >= 4088
      let expected: Block.Condition = isStamp ? .unwritten : .bad(incarnation: incarnation)
      #expect(examine(flipped, at: position) == expected, "byte \(index)")
    }
  }

  @Test func `zeros, and a block whose tail is another's, were never written`() {
    let bytes = Array(Golden.blocks(payload, position: position, incarnation: 0xBEEF)[..<4096])
    let other = Golden.blocks(payload, position: position, incarnation: 0xBEEE)

    for cut in stride(from: 512, to: 4096, by: 512) {
      let sheared = Array(bytes[..<cut] + other[cut..<4096])
      #expect(examine(sheared, at: position) == .unwritten)
    }
    #expect(examine([UInt8](repeating: 0, count: 4096), at: 0) == .unwritten)
    #expect(examine([UInt8](repeating: 0, count: 4096), at: position) == .unwritten)
  }
}
