import Bytes
import Model
import TestSupport
import Testing

/// A batch whose records are these bytes.
private func batch(records: [UInt8], count: Int32, lastDelta: Int32) -> RecordBatch {
  let bytes = forged(sample(1)) { bytes in
    bytes.removeSubrange(61...)
    bytes.append(contentsOf: records)
    bytes.store(bigEndian: Int32(bytes.count - 12), at: 8)
    bytes.store(bigEndian: lastDelta, at: 23)
    bytes.store(bigEndian: count, at: 57)
  }
  return RecordBatch(bytes)
}

@Suite struct RecordCursorTests {
  @Test func `a compacted batch keeps its offsets over the gaps`() throws {
    // Offsets 1 and 3 of 0 to 4: attributes, timestamp + 0, offset, null key, null value, no
    // header.
    let batch = batch(
      records: [12, 0, 0, 2, 1, 1, 0, 12, 0, 0, 6, 1, 1, 0], count: 2, lastDelta: 4)

    var cursor = RecordCursor(batch)

    #expect(try cursor.next()?.offset == 1)
    #expect(try cursor.next()?.offset == 3)
    #expect(try cursor.next() == nil)
    #expect(batch.nextOffset == 5)
    try batch.checkRecords()
  }

  @Test func `a batch whose records were all compacted away is sound and empty`() throws {
    let batch = batch(records: [], count: 0, lastDelta: 4)

    var cursor = RecordCursor(batch)

    #expect(try RecordBatch.check(batch.storage.span, at: 0) == 61)
    #expect(try cursor.next() == nil)
    try batch.checkRecords()
  }

  @Test(
    arguments: [
      // Its length is negative, leads beyond the batch, does not end.
      ([1, 0, 0, 0, 1, 1, 0], .length),
      ([14, 0, 0, 0, 1, 1, 0], .length),
      ([0x80, 0x80], .length),
      ([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80], .length),
      ([], .length),
      // An empty record; a key below null, beyond the record; a value below null, beyond the
      // record.
      ([0], .field),
      ([12, 0, 0, 0, 3, 1, 0], .field),
      ([12, 0, 0, 0, 8, 1, 0], .field),
      ([12, 0, 0, 0, 1, 3, 0], .field),
      ([12, 0, 0, 0, 1, 4, 0], .field),
      // A negative number of headers; more than there is room for.
      ([12, 0, 0, 0, 1, 1, 1], .field),
      ([12, 0, 0, 0, 1, 1, 2], .field),
      ([14, 0, 0, 0, 1, 1, 0, 0], .trailing),
      // An offset before the first, behind the last.
      ([12, 0, 0, 1, 1, 1, 0], .offset),
      ([12, 0, 0, 2, 1, 1, 0], .offset),
      ([12, 0, 0, 0, 1, 1, 0, 0], .trailingBatch),
    ] as [([UInt8], RecordBatchFault.RecordFault)])
  func `a damaged record is a fault, never a trap`(
    records: [UInt8], fault: RecordBatchFault.RecordFault
  ) {
    let batch = batch(records: records, count: 1, lastDelta: 0)

    #expect(throws: RecordBatchFault.record(index: 0, fault)) { try batch.checkRecords() }
  }

  @Test(
    arguments: [
      // A null name; a name, a value beyond the record; bytes behind the last header.
      ([16, 0, 0, 0, 1, 1, 2, 1, 1], .field),
      ([16, 0, 0, 0, 1, 1, 2, 4, 1], .field),
      ([16, 0, 0, 0, 1, 1, 2, 0, 2], .field),
      ([16, 0, 0, 0, 1, 1, 2, 0, 3], .field),
      ([18, 0, 0, 0, 1, 1, 2, 0, 0, 0], .trailing),
    ] as [([UInt8], RecordBatchFault.RecordFault)])
  func `a damaged header is found when it is looked at`(
    records: [UInt8], fault: RecordBatchFault.RecordFault
  ) throws {
    let batch = batch(records: records, count: 1, lastDelta: 0)

    var cursor = RecordCursor(batch)
    let record = try #require(try cursor.next())

    #expect(throws: RecordBatchFault.record(index: 0, fault)) { try record.headers(in: batch) }
    #expect(throws: RecordBatchFault.record(index: 0, fault)) { try batch.checkRecords() }
  }

  @Test func `an offset that does not grow is a fault of the second record`() {
    let batch = batch(
      records: [12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 0, 1, 1, 0], count: 2, lastDelta: 1)

    #expect(throws: RecordBatchFault.record(index: 1, .offset)) { try batch.checkRecords() }
  }

  @Test func `fewer or more records than the header says are a fault`() {
    let one: [UInt8] = [12, 0, 0, 0, 1, 1, 0]

    #expect(throws: RecordBatchFault.record(index: 1, .length)) {
      try batch(records: one, count: 2, lastDelta: 1).checkRecords()
    }
    #expect(throws: RecordBatchFault.record(index: -1, .trailingBatch)) {
      try batch(records: one, count: 0, lastDelta: 0).checkRecords()
    }
    #expect(throws: RecordBatchFault.count(records: -5, lastDelta: 0)) {
      try batch(records: one, count: -5, lastDelta: 0).checkRecords()
    }
  }

  @Test func `a record never leads into the batch behind its own`() {
    let lying = batch(records: [14, 0, 0, 0, 1, 1, 0], count: 1, lastDelta: 0)
    let storage = lying.storage + sample().storage
    let view = RecordBatch(unchecked: storage, 0..<lying.size)

    #expect(throws: RecordBatchFault.record(index: 0, .length)) { try view.checkRecords() }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `bytes of chance behind a header are read without a trap`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var sound = 0

    for _ in 0..<2000 {
      var records = sample().storage
      records.removeSubrange(..<61)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        records[Int.random(in: records.indices, using: &random)] = UInt8(random.below(256))
      }
      let batch = batch(records: records, count: 3, lastDelta: 2)
      if (try? batch.checkRecords()) != nil { sound += 1 }
    }

    // Changes inside of keys and values are no damage to the structure.
    #expect(sound > 0 && sound < 2000, "seed \(seed)")
  }
}
