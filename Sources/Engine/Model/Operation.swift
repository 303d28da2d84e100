/// What a caller wants to do to a `Resource`; Kafka's words.
public enum Operation: String, CaseIterable, Hashable, Sendable {
  /// Read records, or take part in a group.
  case read
  /// Append records.
  case write
  /// Bring a topic into being.
  case create
  /// Remove a topic, records or a group.
  case delete
  /// Change settings or the number of partitions.
  case alter
  /// See that it is there, and its settings.
  case describe
}
