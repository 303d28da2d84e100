import Model
import Platform
import Testing

@testable import CommitLog

@Suite struct FrameTests {
  private let batch = Sample.batch(4_500, at: 120, records: 1)

  private var head: FrameHead {
    FrameHead(
      position: 0x1_0000_0003, blocks: 2, previous: 0x1_0000_0001,
      previousEnds: [
        .init(partition: PartitionNumber(3), offset: 77),
        .init(partition: PartitionNumber(0xFFFF_FFFE), offset: .max),
      ],
      rows: contents.map(\.row), bytes: UInt32(batch.size))
  }

  /// A row of every type; only the append has bytes.
  private var contents: [RowContent] {
    let others: [(Row.Kind, UInt32)] = [
      (.delete, 4), (.logStart, 5), (.roll, 6), (.replace, 7), (.seal, 0),
    ]
    return [Sample.append(batch, to: 9, entry: 1, time: -5)]
      + others.enumerated().map { index, kind in
        RowContent(
          row: Row(
            entry: UInt32(index + 2), kind: kind.0, partition: PartitionNumber(kind.1),
            baseOffset: Int64(index) << 40, appendTime: 1_700_000_000_000))
      }
  }

  /// The payload as described, in full.
  private func golden(
    magic: String = "CJF1", version: UInt16 = 1, features: UInt16 = 0, key: UInt32 = 0,
    delete: UInt16 = 2, bytes: UInt32? = nil, appendBase: Int64 = 120, appendLength: UInt32? = nil
  ) -> [UInt8] {
    var out = Golden()
    out.raw(Array(magic.utf8))
    out.u16(version)
    out.u16(features)
    out.u64(0x1_0000_0003)
    out.u32(2)
    out.u32(6)
    out.u32(2)
    out.u32(bytes ?? UInt32(batch.size))
    out.u64(0x1_0000_0001)
    out.u32(key)
    out.zeros(12)
    out.u32(3)
    out.i64(77)
    out.u32(0xFFFF_FFFE)
    out.i64(.max)
    // entry, type, partition, base offset, count, length, checksum, append time
    out.u32(1)
    out.u16(1)
    out.u32(9)
    out.i64(appendBase)
    out.u32(1)
    out.u32(appendLength ?? UInt32(batch.size))
    out.raw(Array(batch.storage[17..<21].reversed()))
    out.i64(-5)
    for (index, row) in [(delete, 4), (3, 5), (4, 6), (5, 7), (6, 0)].enumerated() {
      out.u32(UInt32(index + 2))
      out.u16(row.0)
      out.u32(UInt32(row.1))
      out.i64(Int64(index) << 40)
      out.u32(0)
      out.u32(0)
      out.u32(0)
      out.i64(1_700_000_000_000)
    }
    out.raw(batch.storage)
    return out.bytes
  }

  @Test func `a frame of two blocks with every row is as described`() {
    let buffer = AlignedBuffer(count: 3 * 4096)
    buffer.copy([UInt8](repeating: 0xAA, count: 3 * 4096).span, to: 0)

    FrameWriter.write(head, contents, into: buffer, incarnation: 11)

    let expected = Golden.blocks(golden(), position: 0x1_0000_0003, incarnation: 11)
    #expect(expected.count == 2 * 4096)
    #expect(buffer.copy(0..<2 * 4096) == expected)
    #expect(buffer.copy(2 * 4096..<3 * 4096).allSatisfy { $0 == 0xAA })
  }

  @Test func `a frame as described is read`() throws {
    let payload = golden()
    let (read, start) = try FrameHead.decode(payload)

    #expect(read == head)
    #expect(start == 56 + 2 * 12 + 6 * 38)
    let frame = LiveFrame(head: read, incarnation: 11, payload: payload, bytesStart: start)
    let batches = frame.contents.compactMap(\.batch)
    #expect(batches.count == 1)
    #expect(batches.first.map { Array($0.storage[$0.range]) } == batch.storage)
  }

  @Test func `sizes are those of the description`() {
    #expect(FrameHead.payload(previousEnds: 2, rows: 6, bytes: 10) == 56 + 24 + 228 + 10)
    #expect(FrameHead.blocks(1) == 1)
    #expect(FrameHead.blocks(4064) == 1)
    #expect(FrameHead.blocks(4065) == 2)
  }

  @Test func `a payload that ends early is short, wherever`() {
    let payload = golden()

    for count in Array(0..<400) + [payload.count - 1] {
      #expect(throws: FormatFault.short, "\(count)") {
        try FrameHead.decode(Array(payload[..<count]))
      }
    }
  }

  @Test func `what is no frame, or from a newer version, is refused`() {
    #expect(throws: FormatFault.magic) { try FrameHead.decode(golden(magic: "CJH1")) }
    for payload in [
      golden(version: 2), golden(version: 0), golden(features: 1), golden(features: 0x8000),
      golden(key: 1),
    ] {
      #expect {
        try FrameHead.decode(payload)
      } throws: { error in
        if case FormatFault.unsupported = error { true } else { false }
      }
    }
  }

  @Test(arguments: [0, 7, 0xFFFF] as [UInt16])
  func `a row of an unknown type is refused by its number`(type: UInt16) {
    #expect(throws: FormatFault.unknownRowType(type)) {
      try FrameHead.decode(golden(delete: type))
    }
  }

  @Test func `rows that cannot be are refused`() {
    let size = UInt32(batch.size)
    for payload in [
      golden(bytes: size - 1), golden(bytes: 0), golden(appendBase: -1),
      golden(appendBase: .max), golden(bytes: 60, appendLength: 60),
      golden(bytes: 0, appendLength: 0), golden(appendLength: size - 1),
    ] {
      #expect {
        try FrameHead.decode(payload)
      } throws: { error in
        if case FormatFault.inconsistent = error { true } else { false }
      }
    }
  }
}
