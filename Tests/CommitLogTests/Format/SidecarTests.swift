import Model
import Testing

@testable import CommitLog

@Suite struct SidecarTests {
  private let head = SidecarHead(
    topic: Sample.topicID, partition: PartitionNumber(77), base: 0x1_0000_0002, generation: 3,
    incarnation: 8)
  private let row = SidecarRow(
    position: 0x1_0000_0000, length: 5_000, records: 12, baseOffset: 999, greatestAppendTime: -1,
    greatestTimestamp: .max, headersCRC: 0xCAFE_BABE)
  /// The row that closes a sealed segment: its length, no interval, the rows before, the digest.
  private let seal = SidecarRow(
    position: 123_456, length: 0, records: 31, baseOffset: Int64(bitPattern: 0xFEDC_BA98_0000_0001),
    greatestAppendTime: 5, greatestTimestamp: 6, headersCRC: 0)

  private func goldenHead(
    magic: String = "CSC1", version: UInt16 = 1, features: UInt16 = 0, key: UInt32 = 0
  ) -> [UInt8] {
    var out = Golden()
    out.raw(Array(magic.utf8))
    out.u16(version)
    out.u16(features)
    out.u64(Sample.topicID.high)
    out.u64(Sample.topicID.low)
    out.u32(77)
    out.i64(0x1_0000_0002)
    out.u32(3)
    out.u32(8)
    out.u32(key)
    out.zeros(12)
    out.u32(Golden.crc(out.bytes))
    return out.bytes
  }

  private func golden(
    position: UInt64, length: UInt32, records: UInt32, base: UInt64, append: Int64, stamp: Int64,
    headers: UInt32
  ) -> [UInt8] {
    var out = Golden()
    out.u64(position)
    out.u32(length)
    out.u32(records)
    out.u64(base)
    out.i64(append)
    out.i64(stamp)
    out.u32(headers)
    out.u32(Golden.crc(out.bytes))
    return out.bytes
  }

  private var goldenRow: [UInt8] {
    golden(
      position: 0x1_0000_0000, length: 5_000, records: 12, base: 999, append: -1, stamp: .max,
      headers: 0xCAFE_BABE)
  }

  private var goldenSeal: [UInt8] {
    golden(
      position: 123_456, length: 0, records: 31, base: 0xFEDC_BA98_0000_0001, append: 5, stamp: 6,
      headers: 0)
  }

  @Test func `head, row and seal are as described, in both directions`() throws {
    var bytes: [UInt8] = []
    row.encode(into: &bytes)
    seal.encode(into: &bytes)

    #expect(head.encode() == goldenHead())
    #expect(bytes == goldenRow + goldenSeal)
    #expect(try SidecarHead.decode(goldenHead() + goldenRow) == head)
    #expect(try SidecarRow.decode(bytes, at: 0) == row)
    #expect(try SidecarRow.decode(bytes, at: 48) == seal)
    #expect(!row.isSeal && seal.isSeal)
    #expect(row.end == 0x1_0000_0000 + 5_000)
  }

  @Test func `every bit that turns over is noticed`() {
    for (index, flipped) in Golden.flips(goldenHead()) {
      #expect(throws: FormatFault.self, "byte \(index)") { try SidecarHead.decode(flipped) }
    }
    for bytes in [goldenRow, goldenSeal] {
      for (index, flipped) in Golden.flips(bytes) {
        #expect(throws: FormatFault.checksum, "byte \(index)") { try SidecarRow.decode(flipped) }
      }
    }
  }

  @Test func `what ends early is short, wherever`() {
    for count in 0..<64 {
      #expect(throws: FormatFault.short) { try SidecarHead.decode(Array(goldenHead()[..<count])) }
    }
    for count in 0..<48 {
      #expect(throws: FormatFault.short) { try SidecarRow.decode(Array(goldenRow[..<count])) }
    }
    #expect(throws: FormatFault.short) { try SidecarRow.decode(goldenRow, at: 1) }
  }

  @Test func `what is no sidecar, or from a newer version, is refused`() {
    #expect(throws: FormatFault.magic) { try SidecarHead.decode(goldenHead(magic: "CSN1")) }
    for bytes in [goldenHead(version: 2), goldenHead(features: 1), goldenHead(key: 9)] {
      #expect {
        try SidecarHead.decode(bytes)
      } throws: { error in
        if case FormatFault.unsupported = error { true } else { false }
      }
    }
  }
}
