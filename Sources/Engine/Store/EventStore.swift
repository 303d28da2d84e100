public import Model

/// Where events are kept: the seam between the product and its two stores, the embedded log and a
/// Kafka cluster.
///
/// No function is `async` and none blocks on a disk or a network. What can be answered now is; what
/// cannot comes later through a `Reply`, once. All functions may be called from any thread.
public protocol EventStore: TopicStore, RecordStore {
  /// What this store can do, for `GET /capabilities`.
  var capabilities: [Capability] { get }

  /// Whether a durable produce can be acknowledged at this moment, and what else is wrong.
  var health: StoreHealth { get }
}

/// Topics: the names under which records are kept.
///
/// Reads show only what is durable: a topic whose creation is not yet synced is not there.
public protocol TopicStore: AnyObject, Sendable {
  /// The topic of that name, `nil` where there is none.
  func topic(_ name: TopicName) -> Topic?

  /// All topics, internal ones too, sorted by name.
  func topics() -> [Topic]

  /// Makes a topic. The reply comes when it is durable; `topicExists` where the name is taken.
  func create(_ topic: NewTopic, reply: Reply<Topic>)

  /// Raises the number of partitions or changes settings. The reply comes when the change is
  /// durable.
  func alter(_ name: TopicName, _ change: TopicChange, reply: Reply<Topic>)

  /// Removes a topic and its records. The reply comes when the removal is durable; the name is free
  /// at once.
  func delete(_ name: TopicName, reply: Reply<Void>)

  /// Bytes and segments of a partition on disk, as far as written.
  func size(of topic: Topic, partition: Int32) -> PartitionSize

  /// Offsets of a partition that were acknowledged and cannot be read any more, in order.
  func damage(of topic: Topic, partition: Int32) -> [Range<Offset>]
}

extension TopicStore {
  public func damage(of topic: Topic, partition: Int32) -> [Range<Offset>] { [] }
}

/// Records: appending, fetching, waiting for more.
public protocol RecordStore: AnyObject, Sendable {
  /// Appends all batches of `entry` at once, or none.
  ///
  /// Either throws, and nothing was done, or has given every record its offset; then `reply` comes
  /// when the promise of `entry.acks` is met: for `.disk` when the records survive a power cut. A
  /// failure in the reply is `commitUnknown`: the records may be there or not. Batches are stamped
  /// with offset and leader epoch in place.
  func append(_ entry: consuming Entry, reply: AppendReply) throws(StoreError)

  /// Records from an offset on: whole batches, the first of which may begin before the offset asked
  /// for. Nothing above the high watermark (`readCommitted`: the last stable offset) is ever
  /// returned.
  func fetch(_ fetch: Fetch, reply: Reply<Fetched>) -> Answer<Fetched>

  /// Moves the first offset that can be read up to `offset`, which is at most the end; one that
  /// lies below it already changes nothing. The reply comes when that is durable; the space comes
  /// back later.
  func deleteRecords(
    of topic: Topic, partition: Int32, before offset: Offset, reply: Reply<OffsetRange>
  ) -> Answer<OffsetRange>

  /// What offsets a partition has, as of now.
  func range(of topic: Topic, partition: Int32) throws(StoreError) -> OffsetRange

  /// The first offset whose record was stamped at or after `timestamp`; the end where there is
  /// none.
  func offset(
    of topic: Topic, partition: Int32, at timestamp: Timestamp, reply: Reply<Offset>
  ) -> Answer<Offset>

  /// Calls `fire` once, on `queue`, as soon as a target's partition holds a durable record at or
  /// after its offset, its topic is deleted, or a topic of `names` comes into being; at once where
  /// that is so already. Costs nothing while nothing happens. The caller owns the deadline and
  /// cancels.
  func wait(
    for targets: [WaitTarget], names: [TopicName], on queue: (any CompletionQueue)?,
    fire: @escaping @Sendable () -> Void
  ) -> any Wait
}

/// An answer that is there now, or will come through the reply that was handed in.
public enum Answer<Value: Sendable>: Sendable {
  /// The answer; the reply will not be called.
  case now(Value)
  /// A refusal; the reply will not be called.
  case refused(StoreError)
  /// The reply will be called once.
  case later
}

/// Something that waits for records. Dropping it does not cancel it.
public protocol Wait: AnyObject, Sendable {
  /// Ends the wait and frees what it holds. It may still fire if it was just about to.
  func cancel()
}
