internal import HTTP
internal import Model
internal import Store

/// Finds where a read begins in each of its partitions.
struct Lanes {
  private let store: any EventStore
  private let loop: EventLoop

  init(_ context: Context, _ loop: EventLoop) {
    store = context.store
    self.loop = loop
  }

  /// The lanes of `topics`, as `question` places them.
  func begin(_ topics: [Topic], _ question: ReadQuestion) async throws(Refusal) -> LaneSet {
    try checkSize(topics, question)
    if case .cursor(let cursor) = question.begin { return try resume(topics, cursor, question) }
    var lanes: [Lane] = []
    for topic in topics {
      for partition in try partitions(of: topic, question) {
        let range = try range(of: topic, partition)
        let position = try await position(topic, partition, range, question.begin)
        lanes.append(
          Lane(topic: topic, partition: partition, position: position, end: range.end))
      }
    }
    return LaneSet(lanes, partition: question.partition)
  }

  private func checkSize(_ topics: [Topic], _ question: ReadQuestion) throws(Refusal) {
    guard question.partition == nil else { return }
    let count = topics.reduce(0) { $0 + Int($1.partitionCount) }
    guard count <= ReadCursor.maximumPartitions else {
      throw .reading(.tooManyPartitions(count: count, limit: ReadCursor.maximumPartitions))
    }
    guard topics.count <= ReadCursor.maximumTopics else {
      throw .request(
        .parameter(name: "topics", "takes at most \(ReadCursor.maximumTopics) topics at once."))
    }
  }

  private func partitions(
    of topic: Topic, _ question: ReadQuestion
  ) throws(Refusal) -> Range<Int32> {
    guard let partition = question.partition else { return 0..<topic.partitionCount }
    try Call.check(partition, of: topic)
    return partition..<partition + 1
  }

  func range(of topic: Topic, _ partition: Int32) throws(Refusal) -> OffsetRange {
    do throws(StoreError) {
      return try store.range(of: topic, partition: partition)
    } catch {
      throw .store(error)
    }
  }

  func position(
    _ topic: Topic, _ partition: Int32, _ range: OffsetRange, _ begin: ReadQuestion.Begin
  ) async throws(Refusal) -> Offset {
    switch begin {
    case .question(.earliest): return range.start
    case .question(.latest): return range.end
    case .question(.time(let timestamp)):
      let store = store
      return try await loop.answer { (reply: Reply<Offset>) in
        store.offset(of: topic, partition: partition, at: timestamp, reply: reply)
      }
    case .offset(let offset): return try Self.checked(offset, range)
    case .cursor: preconditionFailure("a cursor is resumed")
    }
  }

  private static func checked(_ offset: Offset, _ range: OffsetRange) throws(Refusal) -> Offset {
    guard offset >= range.start, offset <= range.end else {
      throw .store(.offsetOutOfRange(requested: offset, start: range.start, end: range.end))
    }
    return offset
  }

  /// Goes on where a cursor left off. Partitions that have been added since are read from their
  /// start.
  private func resume(
    _ topics: [Topic], _ cursor: ReadCursor, _ question: ReadQuestion
  ) throws(Refusal) -> LaneSet {
    guard cursor.parts.count == topics.count else { throw .reading(.foreignCursor) }
    var lanes: [Lane] = []
    var only: Int32?
    for topic in topics {
      guard let part = cursor.parts.first(where: { $0.topic == topic.id.low }),
        question.partition == nil || question.partition == part.partition,
        part.offsets.count <= Int(topic.partitionCount)
      else { throw .reading(.foreignCursor) }
      only = part.partition
      let partitions = only.map { $0..<$0 + 1 } ?? 0..<topic.partitionCount
      guard partitions.upperBound <= topic.partitionCount else { throw .reading(.foreignCursor) }
      for (index, partition) in partitions.enumerated() {
        let range = try range(of: topic, partition)
        let isNew = index >= part.offsets.count
        let position = try isNew ? range.start : Self.checked(part.offsets[index], range)
        lanes.append(
          Lane(topic: topic, partition: partition, position: position, end: range.end))
      }
    }
    return LaneSet(lanes, partition: only)
  }
}
