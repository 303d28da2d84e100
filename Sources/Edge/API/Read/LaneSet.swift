internal import Model
internal import Store

/// The partitions of one read, merged by timestamp: the earliest head goes first, in a partition by
/// offset.
struct LaneSet {
  /// The partitions, topic by topic.
  private(set) var lanes: [Lane]
  /// The only partition that is read; `nil` for all.
  let partition: Int32?

  init(_ lanes: [Lane], partition: Int32?) {
    self.lanes = lanes
    self.partition = partition
  }

  /// Whether everything up to the ends has been passed.
  var isAtEnd: Bool { lanes.allSatisfy(\.isAtEnd) }

  /// A lane that must be fetched for before the next record can be told.
  var hungry: Int? { lanes.firstIndex(where: \.isHungry) }

  /// How many bytes a fetch for one lane should bring: enough for a piece of output, and bounded
  /// over all lanes.
  var fetchBytes: Int { max(16 << 10, (1 << 20) / max(1, lanes.count)) }

  /// The lane of the next record, and the timestamp up to which the records behind it in that lane
  /// come next too; `nil` where no lane has a head. No lane may be hungry.
  func next() -> (lane: Int, through: Timestamp)? {
    guard lanes.count > 1 else {
      return lanes.first?.head == nil ? nil : (0, .max)
    }
    var first: (lane: Int, timestamp: Timestamp)?
    var through = Timestamp.max
    for (index, lane) in lanes.enumerated() {
      guard let timestamp = lane.head?.timestamp else { continue }
      if let best = first, timestamp >= best.timestamp {
        through = min(through, timestamp)
      } else {
        if let best = first { through = min(through, best.timestamp) }
        first = (index, timestamp)
      }
    }
    return first.map { ($0.lane, through) }
  }

  mutating func load(_ fetched: Fetched, into lane: Int) throws(ReadingFault) {
    try lanes[lane].load(fetched)
  }

  mutating func pass(_ lane: Int) throws(ReadingFault) { try lanes[lane].pass() }

  /// Reads on up to what is there now.
  mutating func extend(_ lane: Int, to end: Offset) { lanes[lane].end = max(lanes[lane].end, end) }

  /// Reads a partition more.
  mutating func add(_ lane: Lane) { lanes.append(lane) }

  /// The lane of each topic's last partition.
  var lastOfTopics: [Lane] {
    var last: [Lane] = []
    for lane in lanes {
      if let index = last.firstIndex(where: { $0.topic == lane.topic }) {
        if lane.partition > last[index].partition { last[index] = lane }
      } else {
        last.append(lane)
      }
    }
    return last
  }

  /// What a reader at the ends waits for.
  var targets: [WaitTarget] {
    lanes.map { WaitTarget(topic: $0.topic, partition: $0.partition, offset: $0.position) }
  }

  /// Where the reader stands, for `next`.
  var cursor: ReadCursor {
    var parts: [ReadCursor.Part] = []
    for lane in lanes {
      if let index = parts.firstIndex(where: { $0.topic == lane.topic.id.low }) {
        parts[index].offsets.append(lane.position)
      } else {
        parts.append(
          .init(topic: lane.topic.id.low, partition: partition, offsets: [lane.position]))
      }
    }
    return ReadCursor(parts: parts)
  }
}
