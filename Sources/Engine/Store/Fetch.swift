public import Model

/// A question for records of one partition.
public struct Fetch: Sendable {
  /// The topic.
  public var topic: Topic
  /// The partition's index in the topic.
  public var partition: Int32
  /// The first offset wanted.
  public var offset: Offset
  /// About how many bytes of batches to return; at least one batch comes whatever its size.
  public var maxBytes: Int
  /// Whether records of open and aborted transactions are shown.
  public var isolation: IsolationLevel

  /// A question with these fields.
  public init(
    topic: Topic, partition: Int32, offset: Offset, maxBytes: Int,
    isolation: IsolationLevel = .readUncommitted
  ) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.maxBytes = maxBytes
    self.isolation = isolation
  }
}

/// Records of one partition.
public struct Fetched: Sendable {
  /// Whole batches in order. Records before the offset asked for are the reader's to skip. Empty at
  /// the end.
  public var batches: [RecordBatch]
  /// What offsets the partition had.
  public var range: OffsetRange
  /// Offsets directly behind the batches that are damaged: who reads on goes on behind them. A
  /// fetch that begins at one of them is refused instead, so that nobody passes over them unasked.
  public var damage: Range<Offset>?

  /// Batches as of a range.
  public init(batches: [RecordBatch], range: OffsetRange, damage: Range<Offset>? = nil) {
    self.batches = batches
    self.range = range
    self.damage = damage
  }
}

/// The offsets that a partition holds.
public struct OffsetRange: Sendable, Equatable {
  /// The first offset that can be read.
  public var start: Offset
  /// The high watermark: one past the last durable record.
  public var end: Offset
  /// One past the last record that no open transaction precedes.
  public var lastStable: Offset

  /// From `start` up to `end`.
  public init(start: Offset, end: Offset, lastStable: Offset) {
    self.start = start
    self.end = end
    self.lastStable = lastStable
  }
}

/// A partition, and the offset from which a waiter wants records.
public struct WaitTarget: Sendable {
  /// The topic.
  public var topic: Topic
  /// The partition's index in the topic.
  public var partition: Int32
  /// The wait ends when a record at this offset, or after it, is durable.
  public var offset: Offset

  /// Waits for `offset` of `partition` of `topic`.
  public init(topic: Topic, partition: Int32, offset: Offset) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }
}
