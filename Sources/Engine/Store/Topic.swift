public import Model

/// A topic as it stood when it was looked up.
public final class Topic: Sendable, Equatable {
  /// Its name.
  public let name: TopicName
  /// Its identity: another topic of the same name, made later, has another.
  public let id: TopicID
  /// How many partitions it has, numbered from 0.
  public let partitionCount: Int32
  /// The settings that were given to it.
  public let configuration: TopicConfiguration

  /// A topic with these properties.
  public init(
    name: TopicName, id: TopicID, partitionCount: Int32, configuration: TopicConfiguration
  ) {
    self.name = name
    self.id = id
    self.partitionCount = partitionCount
    self.configuration = configuration
  }

  public static func == (a: Topic, b: Topic) -> Bool { a.id == b.id }
}

/// A topic to be made.
public struct NewTopic: Sendable {
  /// Its name.
  public var name: TopicName
  /// How many partitions, at least 1.
  public var partitionCount: Int32
  /// Its settings.
  public var configuration: TopicConfiguration

  /// A topic with these properties.
  public init(name: TopicName, partitionCount: Int32, configuration: TopicConfiguration) {
    self.name = name
    self.partitionCount = partitionCount
    self.configuration = configuration
  }
}

/// What is to change about a topic.
public struct TopicChange: Sendable {
  /// The new number of partitions, more than now; `nil` leaves it.
  public var partitionCount: Int32?
  /// Settings by name that get these values, or return to their defaults; the others stay, also
  /// where somebody else changes them at the same time.
  public var settings: [String: String?]

  /// A change with these parts.
  public init(partitionCount: Int32? = nil, settings: [String: String?] = [:]) {
    self.partitionCount = partitionCount
    self.settings = settings
  }
}

/// What a partition takes on disk.
public struct PartitionSize: Sendable, Equatable {
  /// Bytes in segment files.
  public var bytes: Int64
  /// How many segment files.
  public var segments: Int

  /// A size of so many bytes in so many segments.
  public init(bytes: Int64, segments: Int) {
    self.bytes = bytes
    self.segments = segments
  }
}
