public import Model

/// Batches for one or more partitions that become durable together or not at all.
public struct Entry: Sendable {
  /// One batch for one partition.
  public struct Append: Sendable {
    /// The topic, as it was looked up; if it has been deleted since, the entry is refused.
    public var topic: Topic
    /// The partition's index in the topic.
    public var partition: Int32
    /// The records, at offset 0; stamped when sequenced.
    public var batch: RecordBatch

    /// `batch` for `partition` of `topic`.
    public init(topic: Topic, partition: Int32, batch: RecordBatch) {
      self.topic = topic
      self.partition = partition
      self.batch = batch
    }
  }

  /// The batches, in the order in which they get their offsets.
  public var appends: [Append]
  /// When the caller wants its answer. Readers see records when they are durable, whatever this
  /// says.
  public var acks: AckLevel
  /// The producer's own numbering, where it keeps one: one partition only.
  public var producer: ProducerIdentity?
  /// A name for this entry that makes a second one with the same name a replay.
  public var idempotencyKey: String?
  /// The transaction that it belongs to.
  public var transaction: String?

  /// An entry of `appends`.
  public init(appends: [Append], acks: AckLevel = .disk) {
    self.appends = appends
    self.acks = acks
  }
}

/// What became of an entry.
public struct AppendOutcome: Sendable, Equatable {
  /// The offset of the first record of each batch, in the entry's order.
  public var baseOffsets: [Offset]
  /// With the offset it names a record for ever, also where durability was waived.
  public var leaderEpoch: Int32
  /// What was met when the reply came.
  public var durability: AckLevel
  /// The entry had been appended before, and these are the offsets of then.
  public var isReplay: Bool

  /// An outcome with these fields.
  public init(
    baseOffsets: [Offset], leaderEpoch: Int32, durability: AckLevel, isReplay: Bool = false
  ) {
    self.baseOffsets = baseOffsets
    self.leaderEpoch = leaderEpoch
    self.durability = durability
    self.isReplay = isReplay
  }
}
