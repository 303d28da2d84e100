internal import Model
internal import Store

/// One partition while it is read: where the reader stands, and what has been fetched ahead of it.
struct Lane {
  /// The topic.
  let topic: Topic
  /// The partition in it.
  let partition: Int32
  /// Every record before it has been passed.
  private(set) var position: Offset
  /// Where reading ends: the high watermark as of the request, or later for those that follow.
  var end: Offset
  /// The next record, where one is at hand.
  private(set) var head: Record?
  /// Bytes and place of the head.
  private(set) var batch: RecordBatch?
  private var cursor: RecordCursor?
  private var batches: [RecordBatch] = []
  private var following = 0
  /// Where reading goes on behind damage that follows the batches.
  private var behindDamage: Offset?

  init(topic: Topic, partition: Int32, position: Offset, end: Offset) {
    self.topic = topic
    self.partition = partition
    self.position = position
    self.end = end
  }

  /// Whether everything up to the end has been passed.
  var isAtEnd: Bool { head == nil && position >= end }

  /// Whether records have to be fetched before reading can go on.
  var isHungry: Bool { head == nil && position < end }

  /// Takes in what was fetched at the position.
  mutating func load(_ fetched: Fetched) throws(ReadingFault) {
    batches = fetched.batches
    following = 0
    behindDamage = fetched.damage?.upperBound
    cursor = nil
    // Nothing below the watermark: compaction took the last records.
    if batches.isEmpty { position = max(position, min(end, fetched.range.end)) }
    try advance()
  }

  /// Passes the head; the next record that is at hand, and before the end, becomes it.
  mutating func pass() throws(ReadingFault) {
    if let head { position = head.offset + 1 }
    try advance()
  }

  private mutating func advance() throws(ReadingFault) {
    head = nil
    while true {
      while let record = try nextInBatch() {
        guard record.offset >= position else { continue }
        guard record.offset < end else { return }
        position = record.offset
        head = record
        return
      }
      guard following < batches.count else {
        if let behindDamage { position = max(position, min(end, behindDamage)) }
        return drop()
      }
      open(batches[following])
      following += 1
    }
  }

  /// The next record of the open batch; behind its last one, the position moves behind the batch.
  private mutating func nextInBatch() throws(ReadingFault) -> Record? {
    guard cursor != nil else { return nil }
    do throws(RecordBatchFault) {
      if let record = try cursor?.next() { return record }
    } catch {
      throw .damagedBatch(
        "Partition \(partition) of '\(topic.name)' at offset \(position): \(error.description)")
    }
    if let batch { position = max(position, min(end, batch.nextOffset)) }
    cursor = nil
    return nil
  }

  private mutating func open(_ batch: RecordBatch) {
    // Marks of the log's own are nobody's records; only their place counts.
    guard !batch.isControl else {
      position = max(position, min(end, batch.nextOffset))
      return
    }
    self.batch = batch
    cursor = RecordCursor(batch)
  }

  private mutating func drop() {
    behindDamage = nil
    batches = []
    batch = nil
    cursor = nil
  }
}
