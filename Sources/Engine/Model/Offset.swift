/// A record's place in its partition: 0 for the first; never used again.
public typealias Offset = Int64

/// Milliseconds since 1970 in UTC, as Kafka counts them; -1 stands for none.
public typealias Timestamp = Int64

/// A partition's place in its topic: 0 for the first.
public typealias PartitionIndex = Int32
