/// One partition of one topic, by name.
public struct TopicPartition: Hashable, Comparable, Sendable {
  /// The topic.
  public let topic: TopicName
  /// The partition in it.
  public let partition: PartitionIndex

  /// The partition `partition` of `topic`.
  public init(topic: TopicName, partition: PartitionIndex) {
    self.topic = topic
    self.partition = partition
  }

  /// By topic, then by partition.
  public static func < (left: TopicPartition, right: TopicPartition) -> Bool {
    left.topic == right.topic ? left.partition < right.partition : left.topic < right.topic
  }
}

extension TopicPartition: CustomStringConvertible {
  /// `TOPIC-PARTITION`, as Kafka names directories.
  public var description: String { "\(topic)-\(partition)" }
}
