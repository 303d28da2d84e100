import Bytes
import Model
import Platform
import TestSupport
import Testing

@testable import CommitLog

@Suite struct SnapshotTests {
  private let snapshot = Snapshot(
    node: Sample.node, position: 640, lastFrame: 630,
    partitions: [
      PartitionImage(
        identity: PartitionIdentity(
          number: .catalogue, topicID: TopicID(high: 0, low: 0),
          topic: Sample.topic("__curlew_catalogue"), index: 0),
        logStart: 0, end: 0, lastStable: 0, segments: []),
      PartitionImage(
        identity: PartitionIdentity(
          number: PartitionNumber(5), topicID: Sample.topicID, topic: Sample.topic("orders"),
          index: 2),
        logStart: 10, end: 300, lastStable: 299,
        segments: [
          SegmentImage(
            base: 0, generation: 1, length: 1_000, digest: 0xD1_6E57, sidecarLength: 160, end: 200,
            firstAppendTime: 11, greatestAppendTime: 22, greatestTimestamp: 33),
          SegmentImage(
            base: 200, generation: 0, length: 0, digest: 0, sidecarLength: 64, end: 300,
            firstAppendTime: .max, greatestAppendTime: .min, greatestTimestamp: -1),
        ]),
    ],
    catalogue: CatalogueImage(
      newest: 41,
      records: [
        .init(key: Array("a key".utf8), value: [1, 2, 3]), .init(key: [], value: []),
      ]))

  private func partitions(
    name: String = "orders", transactions: UInt32 = 0, producers: UInt32 = 0, damage: UInt32 = 0,
    count: UInt32 = 2
  ) -> [UInt8] {
    var out = Golden()
    out.u32(count)
    out.u32(0)
    out.zeros(16)
    out.text("__curlew_catalogue")
    out.u32(0)
    out.zeros(24 + 4 + 12)
    out.u32(5)
    out.u64(Sample.topicID.high)
    out.u64(Sample.topicID.low)
    out.text(name)
    out.u32(2)
    out.i64(10)
    out.i64(300)
    out.i64(299)
    out.u32(2)
    out.i64(0)
    out.u32(1)
    out.u64(1_000)
    out.u64(0xD1_6E57)
    out.u64(160)
    for field in [200, 11, 22, 33] as [Int64] { out.i64(field) }
    out.i64(200)
    out.u32(0)
    out.u64(0)
    out.u64(0)
    out.u64(64)
    for field in [300, .max, .min, -1] as [Int64] { out.i64(field) }
    out.u32(transactions)
    out.u32(producers)
    out.u32(damage)
    return out.bytes
  }

  private func catalogue() -> [UInt8] {
    var out = Golden()
    out.i64(41)
    out.u32(2)
    out.u32(5)
    out.raw(Array("a key".utf8))
    out.u32(3)
    out.raw([1, 2, 3])
    out.u32(0)
    out.u32(0)
    return out.bytes
  }

  private func golden(
    magic: String = "CSN1", version: UInt16 = 1, features: UInt16 = 0,
    sections: [(kind: UInt32, content: [UInt8])]? = nil
  ) -> [UInt8] {
    let sections = sections ?? [(1, partitions()), (2, catalogue())]
    var out = Golden()
    out.raw(Array(magic.utf8))
    out.u16(version)
    out.u16(features)
    out.raw(Sample.nodeBytes)
    out.u64(640)
    out.u64(630)
    out.u32(UInt32(sections.count))
    out.u32(Golden.crc(out.bytes))
    for section in sections {
      out.u32(section.kind)
      out.u32(Golden.crc(section.content))
      out.u64(UInt64(section.content.count))
      out.raw(section.content)
    }
    return out.bytes
  }

  @Test func `a snapshot is as described, in both directions`() throws {
    #expect(snapshot.encode() == golden())
    #expect(try Snapshot.decode(golden()) == snapshot)
  }

  @Test func `it is written under its position with the length and digest of its bytes`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    try disk.makeDirectory("/data")
    try disk.makeDirectory("/data/snapshots")
    let directory = DataDirectory("/data", disk)
    try disk.put([UInt8](repeating: 1, count: 9_000), to: "/data/snapshots/00000000000000000640")

    let entry = try snapshot.write(to: directory, number: 640)

    #expect(disk.bytes(of: "/data/snapshots/00000000000000000640") == golden())
    #expect(entry.position == 640 && entry.lastFrame == 630 && entry.snapshot == 640)
    #expect(entry.length == UInt64(golden().count))
    #expect(entry.digest == XXH3.digest(golden().span))
  }

  @Test func `every bit that turns over is noticed`() {
    for (index, flipped) in Golden.flips(golden()) {
      #expect(throws: FormatFault.self, "byte \(index)") { try Snapshot.decode(flipped) }
    }
  }

  @Test func `one that ends early is refused, wherever`() {
    let bytes = golden()

    for count in bytes.indices {
      #expect(throws: FormatFault.short, "\(count)") { try Snapshot.decode(Array(bytes[..<count])) }
    }
  }

  @Test func `what is no snapshot, or from a newer version, is refused`() {
    #expect(throws: FormatFault.magic) { try Snapshot.decode(golden(magic: "CSB1")) }
    for bytes in [
      golden(version: 2), golden(features: 1), golden(sections: [(3, [])]),
      golden(sections: [(1, partitions(transactions: 1))]),
      golden(sections: [(1, partitions(producers: 1))]),
      golden(sections: [(1, partitions(damage: 1))]),
    ] {
      #expect {
        try Snapshot.decode(bytes)
      } throws: { error in
        if case FormatFault.unsupported = error { true } else { false }
      }
    }
  }

  @Test func `content that does not fit its section is refused`() {
    #expect(throws: FormatFault.short) {
      try Snapshot.decode(golden(sections: [(1, partitions(count: 3))]))
    }
    #expect(throws: FormatFault.short) {
      try Snapshot.decode(golden(sections: [(2, Array(catalogue().dropLast()))]))
    }
    #expect(throws: FormatFault.inconsistent("topic name a/b")) {
      try Snapshot.decode(golden(sections: [(1, partitions(name: "a/b"))]))
    }
  }
}
