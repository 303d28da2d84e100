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

  @Test func `a header that the batch's checksum leaves out is checked all the same`() throws {
    let (fixture, batches) = try filled()
    let second = Int64(batches[0].size)

    // Its base offset.
    try fixture.flip(SegmentFixture.log(0), second + 7)
    #expect(try fixture.batches(0, maxBytes: 1 << 20).map(\.baseOffset) == [0])
    guard case .damaged(1..<3) = try fixture.read(1) else {
      Issue.record("a batch with another offset is read")
      return
    }
    #expect(try fixture.batches(3).first?.baseOffset == 3)
  }

  @Test func `every bit of an interval that turns over costs one batch at most`() throws {
    let (fixture, all) = try filled()
    let sidecar = try #require(fixture.disk.bytes(of: SegmentFixture.sidecar(0)))
    let interval = try SidecarRow.decode(sidecar, at: 64)
    let batches = Array(all.prefix(Int(interval.records) / 2 + 4))
    let bytes = batches.map { Array($0.storage[$0.range]) }
    var damaged = 0

    for position in stride(from: 0, to: Int64(interval.length), by: 3) {
      try fixture.flip(SegmentFixture.log(0), position)
      let read = try fixture.readEach(batches)
      try fixture.flip(SegmentFixture.log(0), position)
      fixture.forgetDamage()

      var start: Int64 = 0
      for (index, whole) in bytes.enumerated() {
        defer { start += Int64(whole.count) }
        let isHit = (start..<start + Int64(whole.count)).contains(position)
        // Nothing rests on the leader epoch.
        let isEpoch = (12..<16).contains(position - start)
        #expect(isHit && (isEpoch || read[index] == nil) || read[index] == whole, "\(position)")
        if read[index] == nil { damaged += 1 }
      }
    }
    #expect(damaged > Int(interval.length) / 4)
    #expect(try fixture.readEach(batches) == bytes)
  }

  @Test func `what looks like a batch inside a damaged one is none`() throws {
    let fixture = try SegmentFixture()
    // A value that is a whole batch, as it would stand one offset further.
    let inner = Sample.batch(300, at: 1)
    var builder = RecordBatchBuilder(reserving: 1024)
    builder.append(key: nil, value: inner.storage.span, timestamp: 1_000)
    for _ in 0..<3 { builder.append(key: nil, value: [1].span, timestamp: 1_000) }
    let outer = builder.finish()
    try fixture.store.apply(Sample.append(outer, to: 1))
    fixture.next = 4
    let after = try fixture.append(5_000)
    fixture.store.closeInterval(of: PartitionNumber(1))
    try fixture.publish()
    try fixture.flip(SegmentFixture.log(0), 70)

    guard case .damaged(0..<4) = try fixture.read(0), case .damaged(0..<4) = try fixture.read(1)
    else {
      Issue.record("a value is read as a batch")
      return
    }
    #expect(try fixture.batches(4).first?.crc == after.crc)
  }

  @Test func `a row that is damaged costs no batch`() throws {
    let (fixture, batches) = try filled()
    let bytes = batches.map { Array($0.storage[$0.range]) }
    let count = Int((try fixture.disk.status(SegmentFixture.sidecar(0))?.size ?? 0) - 64) / 48
    for row in 0..<count {
      for place in [Int64(row * 48), Int64(row * 48 + 20), Int64(row * 48 + 47)] {
        try fixture.flip(SegmentFixture.sidecar(0), 64 + place)
        #expect(try fixture.readEach(batches) == bytes, "row \(row)")
        try fixture.flip(SegmentFixture.sidecar(0), 64 + place)
      }
    }
    #expect(fixture.log.damage.isEmpty)
  }

  @Test func `a row of another place costs no batch, though its checksum is right`() throws {
    let (fixture, batches) = try filled()
    let sidecar = try #require(fixture.disk.bytes(of: SegmentFixture.sidecar(0)))
    fixture.disk.corrupt(SegmentFixture.sidecar(0), at: 64 + 48, Array(sidecar[64 + 96..<64 + 144]))

    #expect(try fixture.readEach(batches) == batches.map { Array($0.storage[$0.range]) })
  }

  @Test func `files that were cut short, or are gone, cost what was in them`() throws {
    for length in [nil, 0, 70, 700, 9_000] as [Int64?] {
      let (fixture, batches) = try filled()
      let sealed = Array(batches[..<35])
      let path = SegmentFixture.log(0)
      if let length { try fixture.disk.open(path, .update).truncate(to: length) }
      var end: Int64 = 0
      var whole = 0
      for batch in sealed where end + Int64(batch.size) <= length ?? -1 {
        end += Int64(batch.size)
        whole += 1
      }
      let damage = sealed[whole].baseOffset..<batches[35].baseOffset
      if length == nil {
        try fixture.disk.remove(path)
        try fixture.disk.remove(SegmentFixture.sidecar(0))
      }

      guard case .damaged(damage) = try fixture.uncached().read(damage.lowerBound) else {
        Issue.record("\(length ?? -1) bytes")
        continue
      }
      #expect(fixture.log.damage == [damage])
      for batch in sealed[..<whole] + batches[35...] {
        #expect(try fixture.batches(batch.baseOffset).first?.baseOffset == batch.baseOffset)
      }
    }
    for length in [0, 70, 300] as [Int64] {
      let (fixture, batches) = try filled()
      try fixture.disk.open(SegmentFixture.sidecar(0), .update).truncate(to: length)
      #expect(try fixture.readEach(batches) == batches.map { Array($0.storage[$0.range]) })
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
