import Platform
import Testing

@testable import CommitLog

@Suite struct JournalFileHeadTests {
  private let head = JournalFileHead(
    node: Sample.node, slot: 3, sequence: 0x1_0000_0003, firstPosition: 0x1234_5678_9A00,
    incarnation: 9, startID: 0xFEDC_BA98_7654_3210)

  private func golden(
    magic: String = "CJH1", version: UInt16 = 1, compatible: UInt32 = 0, incompatible: UInt32 = 0,
    first: UInt64 = 0x1234_5678_9A00
  ) -> [UInt8] {
    var out = Golden()
    out.raw(Array(magic.utf8))
    out.u16(version)
    out.u16(0)
    out.u32(compatible)
    out.u32(incompatible)
    out.raw(Sample.nodeBytes)
    out.u32(3)
    out.u64(0x1_0000_0003)
    out.u64(first)
    out.u32(9)
    out.u64(0xFEDC_BA98_7654_3210)
    out.u32(0)
    return Golden.blocks(out.bytes, position: 0x1234_5678_9A00, incarnation: 9)
  }

  @Test func `a head is as described, in both directions`() throws {
    #expect(head.encode().copy(0..<4096) == golden())
    #expect(try JournalFileHead.decode(golden()) == head)
  }

  @Test func `every bit that turns over is noticed`() {
    for (index, flipped) in Golden.flips(golden()) {
      #expect(throws: FormatFault.self, "byte \(index)") { try JournalFileHead.decode(flipped) }
    }
  }

  @Test func `what is no head, or from a newer version, is refused`() {
    #expect(throws: FormatFault.short) { try JournalFileHead.decode(Array(golden().dropLast())) }
    #expect(throws: FormatFault.magic) { try JournalFileHead.decode(golden(magic: "CJF1")) }
    #expect(throws: FormatFault.magic) {
      try JournalFileHead.decode([UInt8](repeating: 0, count: 4096))
    }
    #expect(throws: FormatFault.inconsistent("first position")) {
      try JournalFileHead.decode(golden(first: 0x1234_5678_9A01))
    }
    for bytes in [golden(version: 2), golden(incompatible: 1), golden(incompatible: 1 << 31)] {
      #expect {
        try JournalFileHead.decode(bytes)
      } throws: { error in
        if case FormatFault.unsupported = error { true } else { false }
      }
    }
  }

  @Test func `an unknown compatible feature may be ignored`() throws {
    #expect(try JournalFileHead.decode(golden(compatible: 0xFFFF_FFFF)) == head)
  }
}
