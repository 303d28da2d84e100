import Bytes
import Model
import Platform
import TestSupport
import Testing

@testable import CommitLog

@Suite struct SegmentTests {
  /// A sealed segment and an active one, 60 batches of 1 to 3 records, every interval closed.
  private func filled() throws -> (SegmentFixture, [RecordBatch]) {
    let fixture = try SegmentFixture()
    var batches: [RecordBatch] = []
    for index in 0..<60 {
      if index == 35 { try fixture.roll() }
      batches.append(
        try fixture.append(
          300 + index * 17, records: index % 3 + 1, timestamp: Timestamp(1_000 + index * 10)))
    }
    fixture.store.closeInterval(of: PartitionNumber(1))
    try fixture.publish()
    return (fixture, batches)
  }

  @Test func `the segment is the batches one after the other, the sidecar its index`() throws {
    let (fixture, batches) = try filled()
    let base = batches[35].baseOffset

    let first = try #require(fixture.disk.bytes(of: SegmentFixture.log(0)))
    #expect(first == batches[..<35].flatMap { Array($0.storage[$0.range]) })
    #expect(
      fixture.disk.bytes(of: SegmentFixture.log(base))
        == batches[35...].flatMap { Array($0.storage[$0.range]) })

    let sidecar = try #require(fixture.disk.bytes(of: SegmentFixture.sidecar(0)))
    #expect(
      try SidecarHead.decode(sidecar)
        == SidecarHead(
          topic: Sample.topicID, partition: PartitionNumber(1), base: 0, generation: 0,
          incarnation: 3))
    let rows = try (0..<(sidecar.count - 64) / 48).map {
      try SidecarRow.decode(sidecar, at: 64 + $0 * 48)
    }
    #expect(rows.dropLast().allSatisfy { !$0.isSeal })
    #expect(rows.dropLast(2).allSatisfy { $0.length >= 4096 })
    #expect(rows.dropLast().reduce(0) { $0 + Int($1.length) } == first.count)
    let seal = try #require(rows.last)
    #expect(seal.isSeal && seal.position == Int64(first.count))
    #expect(seal.records == UInt32(rows.count - 1))
    #expect(UInt64(bitPattern: seal.baseOffset) == XXH3.digest(first.span))
  }

  @Test func `reading begins with the batch that holds the offset, whichever`() throws {
    let (fixture, batches) = try filled()

    for batch in batches {
      for offset in batch.baseOffset...batch.lastOffset {
        let read = try fixture.batches(offset)
        #expect(read.first?.baseOffset == batch.baseOffset, "offset \(offset)")
        #expect(read.first.map { Array($0.storage[$0.range]) } == batch.storage)
      }
    }
    #expect(try fixture.batches(fixture.next).isEmpty)
  }

  @Test func `reading goes on to about as many bytes as asked for`() throws {
    let (fixture, batches) = try filled()

    let all = try fixture.batches(0, maxBytes: 1 << 20)

    #expect(all.map(\.baseOffset) == batches[..<35].map(\.baseOffset))
    let some = try fixture.batches(0, maxBytes: 12_000)
    #expect(some.count > 8 && some.reduce(0) { $0 + $1.size } <= 12_000)
  }

  @Test func `offsets outside are told the range`() throws {
    let (fixture, _) = try filled()

    for offset in [-1, fixture.next + 1] {
      guard case .outOfRange(let start, let end) = try fixture.read(offset) else {
        Issue.record("offset \(offset) is read")
        continue
      }
      #expect(start == 0 && end == fixture.next)
    }
  }

  @Test func `a timestamp leads to the first interval that has one so late`() throws {
    let (fixture, batches) = try filled()

    for (index, batch) in batches.enumerated() {
      let outcome = try fixture.log.read(
        at: Timestamp(1_000 + index * 10), in: SegmentFixture.path, cache: fixture.cache,
        mayBlock: true)
      guard case .batches(let read) = outcome else {
        Issue.record("no batches at \(index)")
        continue
      }
      #expect(read.contains { $0.baseOffset == batch.baseOffset })
    }
  }

  @Test func `only closed intervals can be read`() throws {
    let fixture = try SegmentFixture()
    try fixture.append(100)
    try fixture.publish()
    #expect(fixture.readable.isEmpty)

    for _ in 0..<40 { try fixture.append(200) }
    try fixture.publish()
    let open = try #require(fixture.readable.first)
    let written = try fixture.disk.status(SegmentFixture.log(0))?.size ?? 0
    #expect(open.rows >= 2 && open.length < written && open.end < fixture.next)
    #expect(try fixture.batches(open.end - 1).last?.nextOffset == open.end)

    fixture.store.closeInterval(of: PartitionNumber(1))
    try fixture.publish()
    #expect(fixture.readable.first?.length == written)
    #expect(fixture.readable.first?.end == fixture.next)
  }

  @Test func `a header that the batch's checksum leaves out is checked by the sidecar`() throws {
    let (fixture, batches) = try filled()
    let second = Int64(batches[0].size)
    // The leader epoch of the second batch.
    try fixture.flip(SegmentFixture.log(0), second + 13)

    #expect(
      throws: LogError.damagedSegment(
        path: SegmentFixture.log(0), position: 0,
        reason: "batch headers do not match the sidecar")
    ) { try fixture.read(0) }
  }

  @Test func `every bit of an interval that turns over is noticed`() throws {
    let (fixture, _) = try filled()
    let sidecar = try #require(fixture.disk.bytes(of: SegmentFixture.sidecar(0)))
    let interval = try SidecarRow.decode(sidecar, at: 64)

    for position in stride(from: 0, to: Int64(interval.length), by: 3) {
      try fixture.flip(SegmentFixture.log(0), position)
      #expect(throws: LogError.self, "byte \(position)") { try fixture.read(0) }
      try fixture.flip(SegmentFixture.log(0), position)
    }
    #expect(try fixture.batches(0).first?.baseOffset == 0)
  }

  @Test func `a batch that is damaged is named with its place`() throws {
    let (fixture, batches) = try filled()
    let second = Int64(batches[0].size)
    try fixture.flip(SegmentFixture.log(0), second + 100)

    #expect {
      try fixture.read(0)
    } throws: { error in
      guard case LogError.damagedSegment(SegmentFixture.log(0), let position, let reason) = error
      else { return false }
      return position == second && reason.contains("checksum")
    }
  }

  @Test func `a row that is damaged is named with its place`() throws {
    let (fixture, _) = try filled()
    let count = Int((try fixture.disk.status(SegmentFixture.sidecar(0))?.size ?? 0) - 64) / 48
    for row in 0..<count - 1 {
      let place = Int64(64 + row * 48)
      try fixture.flip(SegmentFixture.sidecar(0), place + 20)

      #expect(
        throws: LogError.damagedSegment(
          path: SegmentFixture.sidecar(0), position: place,
          reason: "row: its checksum does not match")
      ) { try fixture.batches(0, maxBytes: 1 << 20) }
      try fixture.flip(SegmentFixture.sidecar(0), place + 20)
    }
  }

  @Test func `a row of another place is damage, though its checksum is right`() throws {
    let (fixture, _) = try filled()
    let sidecar = try #require(fixture.disk.bytes(of: SegmentFixture.sidecar(0)))
    fixture.disk.corrupt(SegmentFixture.sidecar(0), at: 64 + 48, Array(sidecar[64 + 96..<64 + 144]))

    #expect(throws: LogError.self) { try fixture.batches(0, maxBytes: 1 << 20) }
  }

  @Test func `files that were cut short are damage, not the end of the process`() throws {
    for path in [SegmentFixture.log(0), SegmentFixture.sidecar(0)] {
      let (fixture, _) = try filled()
      let size = try fixture.disk.status(path)?.size ?? 0
      for length in [size - 100, 70, 0] {
        try fixture.disk.open(path, .update).truncate(to: length)
        #expect(throws: LogError.self) { try fixture.batches(0, maxBytes: 1 << 20) }
      }
    }
  }

  @Test func `a read that may not wait says so`() throws {
    let (fixture, _) = try filled()
    fixture.disk.cacheMissProbability = 1

    let outcome = try fixture.log.read(
      from: 0, maxBytes: 1, in: SegmentFixture.path, cache: fixture.cache, mayBlock: false)

    guard case .wouldBlock = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }
}
