internal import Bytes
public import Model

/// Who a partition is.
public struct PartitionIdentity: Sendable, Hashable {
  /// Its number on this node; never used again.
  public var number: PartitionNumber
  /// The topic that it belongs to.
  public var topicID: TopicID
  /// The topic's name.
  public var topic: TopicName
  /// Its index in the topic.
  public var index: PartitionIndex

  /// The partition `index` of `topic`.
  public init(
    number: PartitionNumber, topicID: TopicID, topic: TopicName, index: PartitionIndex
  ) {
    self.number = number
    self.topicID = topicID
    self.topic = topic
    self.index = index
  }

  /// The name of its directory, as Kafka forms it.
  public var directory: String { "\(topic.text)-\(index)" }
}

/// A segment as a snapshot keeps it.
public struct SegmentImage: Sendable, Equatable {
  /// The offset in its name.
  public var base: Offset
  /// How often it has been replaced.
  public var generation: UInt32
  /// Bytes of its file.
  public var length: Int64
  /// XXH3-64 of its file; 0 for the active segment.
  public var digest: UInt64
  /// Bytes of its sidecar.
  public var sidecarLength: Int64
  /// One past its last offset.
  public var end: Offset
  /// When its first batch was appended; `Int64.max` while it is empty.
  public var firstAppendTime: Timestamp
  /// The greatest append time in it; `Int64.min` while it is empty.
  public var greatestAppendTime: Timestamp
  /// The greatest timestamp in it; `Int64.min` while it is empty.
  public var greatestTimestamp: Timestamp
}

/// A partition as a snapshot keeps it.
public struct PartitionImage: Sendable, Equatable {
  /// Who it is.
  public var identity: PartitionIdentity
  /// The first offset that can be read.
  public var logStart: Offset
  /// One past the last offset.
  public var end: Offset
  /// One past the last offset that no open transaction precedes.
  public var lastStable: Offset
  /// Its segments, oldest first; the last is the active one. Empty before the first append.
  public var segments: [SegmentImage]

  func encode(into out: inout [UInt8]) {
    out.append(littleEndian: identity.number.rawValue)
    out.append(littleEndian: identity.topicID.high)
    out.append(littleEndian: identity.topicID.low)
    out.append(text: identity.topic.text)
    out.append(littleEndian: identity.index)
    out.append(littleEndian: logStart)
    out.append(littleEndian: end)
    out.append(littleEndian: lastStable)
    out.append(littleEndian: UInt32(segments.count))
    for segment in segments {
      out.append(littleEndian: segment.base)
      out.append(littleEndian: segment.generation)
      out.append(littleEndian: segment.length)
      out.append(littleEndian: segment.digest)
      out.append(littleEndian: segment.sidecarLength)
      out.append(littleEndian: segment.end)
      out.append(littleEndian: segment.firstAppendTime)
      out.append(littleEndian: segment.greatestAppendTime)
      out.append(littleEndian: segment.greatestTimestamp)
    }
    out.append(contentsOf: repeatElement(0, count: 12))
  }

  static func decode(_ reader: inout ByteReader) throws -> PartitionImage {
    let number = PartitionNumber(try reader.little())
    let id = TopicID(high: try reader.little(), low: try reader.little())
    let text = try reader.text()
    guard let topic = TopicName(text) else { throw FormatFault.inconsistent("topic name \(text)") }
    var image = PartitionImage(
      identity: PartitionIdentity(
        number: number, topicID: id, topic: topic, index: try reader.little()),
      logStart: try reader.little(), end: try reader.little(), lastStable: try reader.little(),
      segments: [])
    let count: UInt32 = try reader.little()
    for _ in 0..<count {
      image.segments.append(
        SegmentImage(
          base: try reader.little(), generation: try reader.little(), length: try reader.little(),
          digest: try reader.little(), sidecarLength: try reader.little(), end: try reader.little(),
          firstAppendTime: try reader.little(), greatestAppendTime: try reader.little(),
          greatestTimestamp: try reader.little()))
    }
    for name in ["open transactions", "producers", "damaged ranges"] {
      guard try reader.little(UInt32.self) == 0 else {
        throw FormatFault.unsupported("\(name) in a snapshot")
      }
    }
    return image
  }
}
