import Glibc
import Model
import Platform
import TestSupport
import Testing

@testable import CommitLog

@Suite struct SegmentStoreTests {
  @Test func `a snapshot's images are complete and go on where they ended`() throws {
    let fixture = try SegmentFixture()
    for index in 0..<20 {
      if index == 12 { try fixture.roll() }
      try fixture.append(700, timestamp: Timestamp(index), time: Timestamp(100 + index))
    }

    let images = try fixture.store.images()

    let image = try #require(images.first)
    #expect(images.count == 1 && image.identity == fixture.identity && image.end == 20)
    let (sealed, active) = (image.segments[0], image.segments[1])
    #expect(image.segments.count == 2)
    #expect(sealed.base == 0 && sealed.end == 12 && sealed.digest != 0)
    #expect(active.base == 12 && active.end == 20 && active.digest == 0)
    #expect(sealed.firstAppendTime == 100 && sealed.greatestAppendTime == 111)
    #expect(sealed.greatestTimestamp == 11 && active.greatestTimestamp == 19)
    for segment in image.segments {
      #expect(try fixture.disk.status(SegmentFixture.log(segment.base))?.size == segment.length)
      #expect(
        try fixture.disk.status(SegmentFixture.sidecar(segment.base))?.size
          == segment.sidecarLength)
    }

    let later = try SegmentFixture(disk: fixture.disk)
    later.store.restore(images)
    later.next = 20
    for _ in 0..<10 { try later.append(700) }
    later.store.closeInterval(of: PartitionNumber(1))
    try later.publish()
    #expect(try (0..<30).allSatisfy { try later.batches($0).first?.baseOffset == $0 })
  }

  @Test func `replay over what an earlier process wrote leaves nothing of it behind a seal`()
    throws
  {
    let fixture = try SegmentFixture()
    for _ in 0..<8 {
      // Memory was short: every batch has an interval of its own.
      try fixture.append(300)
      fixture.store.closeInterval(of: PartitionNumber(1))
    }
    try fixture.publish()
    let before = try #require(try fixture.disk.status(SegmentFixture.sidecar(0))?.size)

    let replay = try SegmentFixture(disk: fixture.disk)
    for _ in 0..<8 { try replay.append(300) }
    try replay.roll()
    try replay.publish()

    let sidecar = try #require(replay.disk.bytes(of: SegmentFixture.sidecar(0)))
    #expect(sidecar.count == 64 + 48 + 48 && Int64(sidecar.count) < before)
    #expect(try SidecarRow.decode(sidecar, at: sidecar.count - 48).isSeal)
  }

  @Test func `a full disk keeps what is pending, and it is written later`() throws {
    let fixture = try SegmentFixture()
    try fixture.append(3_000)
    try fixture.store.write()
    fixture.disk.free = 0
    for _ in 0..<5 { try fixture.append(3_000) }

    try fixture.store.write()
    #expect(fixture.store.isStalled && fixture.store.pendingBytes > 0)
    #expect(throws: LogError.self) { try fixture.store.images() }

    fixture.disk.free = 1 << 20
    fixture.store.closeInterval(of: PartitionNumber(1))
    try fixture.publish()
    #expect(!fixture.store.isStalled && fixture.store.pendingBytes == 0)
    #expect(try (0..<6).allSatisfy { try fixture.batches($0).first?.baseOffset == $0 })
  }

  @Test func `an error of the disk is thrown with its path`() throws {
    let fixture = try SegmentFixture()
    try fixture.append(100)
    fixture.disk.failNext(.write, ".log")

    #expect {
      try fixture.store.write()
    } throws: { error in
      if case LogError.system(let cause) = error { cause.code == EIO } else { false }
    }
  }

  @Test func `rows that do not fit what stands are refused`() throws {
    let fixture = try SegmentFixture()
    try fixture.append(100)

    for (partition, base) in [(1, 0), (1, 2), (9, 0)] as [(UInt32, Offset)] {
      let batch = Sample.batch(100, at: base)
      #expect {
        try fixture.store.apply(Sample.append(batch, to: partition))
      } throws: { error in
        if case LogError.refused = error { true } else { false }
      }
    }
    var row = Sample.append(Sample.batch(100, at: 1), to: 1)
    row.batch = nil
    #expect(throws: LogError.self) { try fixture.store.apply(row) }
    #expect(fixture.store.end(of: PartitionNumber(1)) == 1)
  }

  @Test func `a directory of another partition is not written into`() throws {
    let fixture = try SegmentFixture()
    let head = SidecarHead(
      topic: TopicID(high: 1, low: 1), partition: PartitionNumber(8), base: 0, generation: 0,
      incarnation: 1)
    try fixture.disk.makeDirectory(SegmentFixture.path)
    try fixture.disk.put(head.encode(), to: SegmentFixture.sidecar(0))
    try fixture.append(100)

    #expect(
      throws: LogError.refused(
        "/data/topics/events-0 holds partition 8, not 1; move it away")
    ) { try fixture.store.write() }
    #expect(fixture.disk.bytes(of: SegmentFixture.sidecar(0)) == head.encode())
  }

  @Test func `a deleted partition's directory gives its name free at once and goes later`() throws {
    let fixture = try SegmentFixture()
    try fixture.append(100)
    try fixture.store.write()

    try fixture.store.apply(
      RowContent(
        row: Row(
          entry: 0, kind: .delete, partition: PartitionNumber(1), baseOffset: 1, appendTime: 0)))

    #expect(try fixture.disk.list("/data/topics") == ["deleted~1"])
    #expect(fixture.table[PartitionNumber(1)] == nil && fixture.cache.count == 0)
    try fixture.store.removeDeleted()
    #expect(try fixture.disk.list("/data/topics") == [])
  }

  @Test func `what lies behind the replayed end is moved aside unless it goes on`() throws {
    let fixture = try SegmentFixture()
    try fixture.append(100)
    try fixture.store.write()
    let length = try #require(try fixture.disk.status(SegmentFixture.log(0))?.size)

    try fixture.disk.put([1, 2, 3], to: SegmentFixture.log(0), at: length)
    try fixture.store.examineEnd(of: PartitionNumber(1))
    #expect(try fixture.disk.status(SegmentFixture.log(0))?.size == length)
    #expect(fixture.disk.bytes(of: "/data/quarantine/events-0-1-\(length)") == [1, 2, 3])

    try fixture.disk.put(Sample.batch(50, at: 1).storage, to: SegmentFixture.log(0), at: length)
    #expect {
      try fixture.store.examineEnd(of: PartitionNumber(1))
    } throws: { error in
      if case LogError.damagedSegment(_, length, _) = error { true } else { false }
    }
  }
}
