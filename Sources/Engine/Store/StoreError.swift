public import Model

/// Why a store refused, or could not say.
public enum StoreError: Error, Sendable, Equatable {
  /// There is no topic of that name.
  case unknownTopic(TopicName)
  /// The name is taken.
  case topicExists(TopicName)
  /// The topic has fewer partitions: `count`.
  case unknownPartition(TopicName, partition: Int32, count: Int32)
  /// A topic cannot have so many partitions, or so few; the sentence says why.
  case invalidPartitionCount(String)
  /// A setting's value is not acceptable; the sentence says why.
  case invalidConfiguration(String)
  /// The offset lies outside what the partition holds.
  case offsetOutOfRange(requested: Offset, start: Offset, end: Offset)
  /// One batch exceeds `limit` bytes.
  case batchTooLarge(size: Int, limit: Int)
  /// A whole entry exceeds `limit` bytes.
  case entryTooLarge(size: Int, limit: Int)
  /// Records that the topic's settings forbid; the sentence says why.
  case invalidRecords(String)
  /// The topic takes no records whose producer asks for less than `least`.
  case durabilityTooLow(TopicName, asked: AckLevel, least: AckLevel)
  /// A queue is full. Nothing was done; try again after so many seconds.
  case busy(retryAfterSeconds: Int)
  /// The disk is full, or nearly so. Nothing was done.
  case outOfSpace
  /// The journal has failed, or the store is closing. Nothing was done, and nothing will be until
  /// it is started again.
  case unavailable(String)
  /// The journal failed after an offset had been given: the records may be there or not.
  case commitUnknown
  /// What was asked for does not exist in this store or this version.
  case unsupported(String)
  /// Acknowledged records that cannot be read any more; the range is kept and reported.
  case damaged(TopicName, partition: Int32, from: Offset, to: Offset)
  /// Reading failed: the sentence names the file and the reason.
  case readFailed(String)
}
