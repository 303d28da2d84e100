import Platform
import Testing

@testable import CommitLog

@Suite struct SuperblockTests {
  private let newer = Superblock.Checkpoint(
    position: 5_000, lastFrame: 4_990, snapshot: 5_000, length: 123_456,
    digest: 0x0123_4567_89AB_CDEF)
  private let older = Superblock.Checkpoint(
    position: 3_000, lastFrame: 0, snapshot: 3_000, length: 99, digest: .max)

  private func superblock(_ checkpoints: [Superblock.Checkpoint]) -> Superblock {
    Superblock(
      node: Sample.node, number: 0x1_0000_0007, incarnation: 12, startID: 0xAABB_CCDD_EEFF_0011,
      process: 4_321, host: "brachvögel", state: .clean,
      geometry: JournalGeometry(blocksPerFile: 16_384, files: 8), newestSequence: 42,
      watermark: 5_123, checkpoints: checkpoints)
  }

  private func golden(
    magic: String = "CSB1", version: UInt16 = 1, compatible: UInt32 = 0, incompatible: UInt32 = 0,
    state: UInt8 = 2, blockSize: UInt32 = 4_096, blocks: UInt64 = 16_384, files: UInt32 = 8,
    checkpoints: [Superblock.Checkpoint], hostLength: UInt16? = nil
  ) -> [UInt8] {
    var out = Golden()
    out.raw(Array(magic.utf8))
    out.u16(version)
    out.u16(0)
    out.u32(compatible)
    out.u32(incompatible)
    out.raw(Sample.nodeBytes)
    out.u64(0x1_0000_0007)
    out.u32(12)
    out.u64(0xAABB_CCDD_EEFF_0011)
    out.u32(4_321)
    out.u8(state)
    out.zeros(7)
    out.u32(blockSize)
    out.u64(blocks)
    out.u32(files)
    out.u64(42)
    out.u64(5_123)
    out.u64(0)
    for checkpoint in checkpoints {
      for field in [
        checkpoint.position, checkpoint.lastFrame, checkpoint.snapshot, checkpoint.length,
        checkpoint.digest, 1,
      ] { out.u64(field) }
    }
    out.pad(to: 200)
    out.u16(hostLength ?? 11)
    out.raw(Array("brachvögel".utf8))
    out.pad(to: 4_092)
    out.u32(Golden.crc(out.bytes))
    return out.bytes
  }

  @Test func `a superblock is as described, with none, one and two checkpoints`() throws {
    for checkpoints in [[], [newer], [newer, older]] {
      let bytes = golden(checkpoints: checkpoints)
      #expect(bytes.count == 4_096)
      #expect(superblock(checkpoints).encode().copy(0..<4_096) == bytes)
      #expect(try Superblock.decode(bytes) == superblock(checkpoints))
    }
  }

  @Test func `both states are as described`() throws {
    var open = superblock([newer])
    open.state = .open

    #expect(open.encode().copy(0..<4_096) == golden(state: 1, checkpoints: [newer]))
    #expect(try Superblock.decode(golden(state: 1, checkpoints: [newer])) == open)
  }

  @Test func `every bit that turns over is noticed`() {
    for (index, flipped) in Golden.flips(golden(checkpoints: [newer, older])) {
      #expect(throws: FormatFault.self, "byte \(index)") { try Superblock.decode(flipped) }
    }
  }

  @Test func `what is no superblock, or from a newer version, is refused`() {
    let bytes = golden(checkpoints: [newer])
    #expect(throws: FormatFault.short) { try Superblock.decode(Array(bytes.dropLast())) }
    #expect(throws: FormatFault.short) { try Superblock.decode([]) }
    #expect(throws: FormatFault.magic) {
      try Superblock.decode(golden(magic: "CSB2", checkpoints: []))
    }
    for bytes in [
      golden(version: 2, checkpoints: []), golden(version: 0, checkpoints: []),
      golden(incompatible: 4, checkpoints: []),
    ] {
      #expect {
        try Superblock.decode(bytes)
      } throws: { error in
        if case FormatFault.unsupported = error { true } else { false }
      }
    }
  }

  @Test func `an unknown compatible feature may be ignored`() throws {
    let bytes = golden(compatible: 0x8000_0001, checkpoints: [newer])
    #expect(try Superblock.decode(bytes) == superblock([newer]))
  }

  @Test func `fields that cannot be are refused though the checksum is right`() {
    for bytes in [
      golden(state: 0, checkpoints: []), golden(state: 3, checkpoints: []),
      golden(blockSize: 512, checkpoints: []), golden(blocks: 15, checkpoints: []),
      golden(blocks: 1 << 32 + 1, checkpoints: []), golden(files: 3, checkpoints: []),
    ] {
      #expect {
        try Superblock.decode(bytes)
      } throws: { error in
        if case FormatFault.inconsistent = error { true } else { false }
      }
    }
    #expect(throws: FormatFault.short) {
      try Superblock.decode(golden(checkpoints: [], hostLength: 4_000))
    }
  }
}
