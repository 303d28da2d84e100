internal import CommitLog
internal import Model
internal import Store

extension Sequencer.State {
  func checkOpen() throws(StoreError) {
    if let stop { throw stop.error }
  }

  /// Whether entries of `cost` bytes leave the mark free on the disk, once they are in segments.
  func checkDisk(_ cost: Int) throws(StoreError) {
    guard diskRoom >= cost else { throw .outOfSpace }
  }

  func hasRoom(_ cost: Int, _ limits: Limits) -> Bool {
    !isJournalFull && (unwritten + cost <= limits.unwrittenBytes || unwritten == 0)
  }

  mutating func enqueue(_ entry: Sequencer.Sequenced) {
    queue.entries.append(entry)
    queuedBytes += entry.cost
    unwritten += entry.cost
    if diskRoom != .max { diskRoom -= Int64(entry.cost) }
  }

  /// The partition that an append of `entry` is for.
  func number(of index: Int, in entry: borrowing Entry) throws(StoreError) -> PartitionNumber {
    // Field by field: a copy of the whole would count references to all that a topic holds.
    let partition = Int(entry.appends[index].partition)
    guard let numbers = topics[entry.appends[index].topic.id] else {
      throw .unknownTopic(entry.appends[index].topic.name)
    }
    guard numbers.indices.contains(partition) else {
      throw .unknownPartition(
        entry.appends[index].topic.name, partition: Int32(partition), count: Int32(numbers.count))
    }
    return numbers[partition]
  }

  /// Gives `batch` its offset in `number` and appends its row, with a roll before it where the
  /// segment is full.
  mutating func push(
    _ batch: inout RecordBatch, to number: PartitionNumber, epoch: Int32, wall: Timestamp,
    roll: RollRule, into rows: inout [RowContent]
  ) -> Offset {
    slots[number, default: Sequencer.Slot(number: number, end: 0, segmentBytes: 0)].push(
      &batch, epoch: epoch, wall: wall, roll: roll, into: &rows)
  }

  /// How many rows tell of `records`: the batch's own, one for each partition that ends, and one
  /// for each that rolls.
  func rows(for records: [Catalogue.Record]) -> Int {
    records.reduce(1) { count, record in
      switch record {
      case .deleted(let name): count + (names[name].flatMap { topics[$0]?.count } ?? 0)
      case .damage: count + 1
      case .topic, .nextPartition: count
      }
    }
  }

  mutating func apply(
    _ record: Catalogue.Record, wall: Timestamp, into rows: inout [RowContent]
  ) {
    switch record {
    case .topic(let name, let entry):
      names[name] = entry.id
      topics[entry.id] = entry.partitions
      for number in entry.partitions where slots[number] == nil {
        slots[number] = Sequencer.Slot(number: number, end: 0, segmentBytes: 0)
      }
    case .deleted(let name):
      guard let id = names.removeValue(forKey: name) else { return }
      for number in topics.removeValue(forKey: id) ?? [] {
        let end = slots.removeValue(forKey: number)?.end ?? 0
        rows.append(
          RowContent(
            row: Row(
              entry: 0, kind: .delete, partition: number, baseOffset: end, appendTime: wall)))
      }
    case .damage(let number, _):
      // A damaged file is never appended to: whichever of its segments it is, a new one begins.
      if let row = slots[number]?.roll(wall) { rows.append(RowContent(row: row)) }
    case .nextPartition: break
    }
  }
}

extension Sequencer.Group {
  /// Takes the oldest `count` entries and their answers out.
  mutating func takeFirst(_ count: Int) -> Sequencer.Group {
    let taken = entries.prefix(count)
    let awaited = taken.count(where: \.isAwaited)
    defer {
      entries.removeFirst(count)
      answers.removeFirst(awaited)
    }
    return Sequencer.Group(entries: Array(taken), answers: Array(answers.prefix(awaited)))
  }
}

extension Sequencer.Slot {
  /// Begins a new segment; `nil` where the present one is empty.
  mutating func roll(_ wall: Timestamp) -> Row? {
    guard segmentStart != nil else { return nil }
    segmentBytes = 0
    segmentStart = nil
    return Row(entry: 0, kind: .roll, partition: number, baseOffset: end, appendTime: wall)
  }

  fileprivate mutating func push(
    _ batch: inout RecordBatch, epoch: Int32, wall: Timestamp, roll: RollRule,
    into rows: inout [RowContent]
  ) -> Offset {
    batch.stamp(baseOffset: end, leaderEpoch: epoch)
    if let start = segmentStart,
      segmentBytes + Int64(batch.size) > roll.bytes || wall - start >= roll.milliseconds
    {
      if let row = self.roll(wall) { rows.append(RowContent(row: row)) }
    }
    let count = batch.lastOffsetDelta + 1
    rows.append(
      RowContent(
        row: Row(
          entry: 0, kind: .append, partition: number, baseOffset: end, count: UInt32(count),
          length: UInt32(batch.size), batchCRC: batch.crc, appendTime: wall),
        batch: batch))
    let base = end
    end += Offset(count)
    segmentBytes += Int64(batch.size)
    if segmentStart == nil { segmentStart = wall }
    return base
  }
}

/// When a new segment begins.
struct RollRule {
  let bytes: Int64
  let milliseconds: Int64

  /// As the topic's settings say, but at `limit` bytes at the latest.
  init(_ configuration: TopicConfiguration, atMost limit: Int) {
    bytes = Int64(min(configuration.segmentBytes, limit))
    milliseconds = configuration.segmentMilliseconds
  }

  private init(bytes: Int64, milliseconds: Int64) {
    self.bytes = bytes
    self.milliseconds = milliseconds
  }

  /// For topics that hold the node's own state.
  static let internalTopic = RollRule(bytes: 16 << 20, milliseconds: .max)
}
