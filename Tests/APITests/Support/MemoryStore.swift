import Model
import Platform
import Store

/// An `EventStore` that keeps everything in memory and the whole contract: all or nothing, offsets
/// in order, answers once and on their queue, waits that cost nothing. Tests can make it refuse,
/// and hold back its commits.
final class MemoryStore: EventStore {
  struct Partition {
    var start: Offset = 0
    var batches: [RecordBatch] = []
    var end: Offset = 0
    var visible: Offset = 0
    /// Records that cannot be read any more.
    var damage: [Range<Offset>] = []
  }

  final class MemoryWait: Wait, Sendable {
    let id: Int
    let store: MemoryStore
    init(id: Int, store: MemoryStore) {
      self.id = id
      self.store = store
    }
    func cancel() { _ = store.state.withLock { $0.waits.removeValue(forKey: id) } }
  }

  struct Waiting {
    let targets: [WaitTarget]
    let names: [TopicName]
    let queue: (any CompletionQueue)?
    let fire: @Sendable () -> Void
  }

  struct State {
    var topics: [TopicName: Topic] = [:]
    var partitions: [TopicID: [Partition]] = [:]
    var waits: [Int: Waiting] = [:]
    var nextWait = 0
    var appended = 0
    var refusal: StoreError?
    var fetchRefusal: StoreError?
    var commitFails = false
    var isHeld = false
    var held: [@Sendable (MemoryStore) -> Void] = []
    var fetchLater = false
    var health = StoreHealth(canAcknowledge: true, problems: [])
  }

  let state = Lock(State())
  let entropy: any Entropy = SystemEntropy()
  let leaderEpoch: Int32 = 2

  var capabilities: [Capability] {
    [
      Capability("produce", .yes), Capability("transactions", .no("They come with groups.")),
      Capability("compaction", .limited("Only by deleting.")),
    ]
  }

  var health: StoreHealth { state.withLock { $0.health } }

  // MARK: What tests set

  /// Every append and change of a topic is refused so, until `nil`.
  func refuse(_ error: StoreError?) { state.withLock { $0.refusal = error } }
  /// Every fetch is refused so, until `nil`.
  func refuseFetches(_ error: StoreError?) { state.withLock { $0.fetchRefusal = error } }
  /// Every commit fails after its offset was given.
  func failCommits() { state.withLock { $0.commitFails = true } }
  /// Fetches and offset questions are answered later instead of now.
  func answerLater() { state.withLock { $0.fetchLater = true } }
  func setHealth(_ health: StoreHealth) { state.withLock { $0.health = health } }
  /// Commits wait until `release`.
  func hold() { state.withLock { $0.isHeld = true } }
  func release() {
    let held = state.withLock { state in
      state.isHeld = false
      defer { state.held = [] }
      return state.held
    }
    for commit in held { commit(self) }
  }
  /// How many entries were appended.
  var appended: Int { state.withLock { $0.appended } }
  var waiting: Int { state.withLock { $0.waits.count } }
  /// Forgets what lies before `offset`.
  func advanceStart(_ name: TopicName, _ partition: Int, to offset: Offset) {
    state.withLock { state in
      guard let topic = state.topics[name] else { return }
      state.partitions[topic.id]![partition].start = offset
      state.partitions[topic.id]![partition].batches.removeAll { $0.nextOffset <= offset }
    }
  }
  /// The batches of these offsets cannot be read any more.
  func damage(_ name: TopicName, _ partition: Int, _ offsets: Range<Offset>) {
    state.withLock { state in
      guard let topic = state.topics[name] else { return }
      state.partitions[topic.id]![partition].damage.append(offsets)
      state.partitions[topic.id]![partition].batches.removeAll { offsets.contains($0.baseOffset) }
    }
  }

  func damage(of topic: Topic, partition: Int32) -> [Range<Offset>] {
    state.withLock { $0.partitions[topic.id]?[Int(partition)].damage ?? [] }
  }

  /// Takes a topic's partitions away, as if it were deleted since somebody took the list of topics.
  func deleteSinceListed(_ name: TopicName) {
    state.withLock { state in
      if let topic = state.topics[name] { state.partitions[topic.id] = nil }
    }
  }
  /// Puts `batch` at the end as it is, without a check: what a damaged or foreign log may hold.
  func plant(_ batch: RecordBatch, in name: TopicName, _ partition: Int) {
    var batch = batch
    state.withLock { state in
      let id = state.topics[name]!.id
      batch.stamp(baseOffset: state.partitions[id]![partition].end, leaderEpoch: leaderEpoch)
      state.partitions[id]![partition].batches.append(batch)
      state.partitions[id]![partition].end = batch.nextOffset
      state.partitions[id]![partition].visible = batch.nextOffset
    }
  }

  /// Runs `commit` now, or when commits are released.
  private func commit(_ commit: @escaping @Sendable (MemoryStore) -> Void) {
    let isHeld = state.withLock { state in
      if state.isHeld { state.held.append(commit) }
      return state.isHeld
    }
    if !isHeld { commit(self) }
  }
}

extension MemoryStore {
  func topic(_ name: TopicName) -> Topic? { state.withLock { $0.topics[name] } }

  func topics() -> [Topic] {
    state.withLock { $0.topics.values.sorted { $0.name < $1.name } }
  }

  func create(_ topic: NewTopic, reply: Reply<Topic>) {
    guard topic.partitionCount >= 1, topic.partitionCount <= 10_000 else {
      return reply(.failure(.invalidPartitionCount("A topic has 1 to 10000 partitions.")))
    }
    commit { store in
      let result = store.state.withLock { state -> Result<Topic, StoreError> in
        if let refusal = state.refusal { return .failure(refusal) }
        guard state.topics[topic.name] == nil else { return .failure(.topicExists(topic.name)) }
        let made = Topic(
          name: topic.name, id: TopicID(high: store.entropy.next(), low: store.entropy.next()),
          partitionCount: topic.partitionCount, configuration: topic.configuration)
        state.topics[topic.name] = made
        state.partitions[made.id] = Array(
          repeating: Partition(), count: Int(topic.partitionCount))
        return .success(made)
      }
      reply(result)
      store.fireWaits()
    }
  }

  func alter(_ name: TopicName, _ change: TopicChange, reply: Reply<Topic>) {
    let result = state.withLock { state -> Result<Topic, StoreError> in
      if let refusal = state.refusal { return .failure(refusal) }
      guard let topic = state.topics[name] else { return .failure(.unknownTopic(name)) }
      let count = change.partitionCount ?? topic.partitionCount
      guard change.partitionCount == nil || count > topic.partitionCount else {
        return .failure(
          .invalidPartitionCount("Topic already has \(topic.partitionCount) partitions."))
      }
      guard let configuration = try? topic.configuration.changed(change.settings) else {
        return .failure(.invalidConfiguration("A setting is not acceptable."))
      }
      let made = Topic(
        name: name, id: topic.id, partitionCount: count, configuration: configuration)
      state.topics[name] = made
      let added = Array(repeating: Partition(), count: Int(count - topic.partitionCount))
      state.partitions[made.id]! += added
      return .success(made)
    }
    reply(result)
  }

  func delete(_ name: TopicName, reply: Reply<Void>) {
    let result = state.withLock { state -> Result<Void, StoreError> in
      if let refusal = state.refusal { return .failure(refusal) }
      guard let topic = state.topics.removeValue(forKey: name) else {
        return .failure(.unknownTopic(name))
      }
      state.partitions[topic.id] = nil
      return .success(())
    }
    reply(result)
    fireWaits()
  }

  func size(of topic: Topic, partition: Int32) -> PartitionSize {
    state.withLock { state in
      let batches = state.partitions[topic.id]?[Int(partition)].batches ?? []
      return PartitionSize(
        bytes: Int64(batches.reduce(0) { $0 + $1.size }), segments: batches.isEmpty ? 0 : 1)
    }
  }
}

extension MemoryStore {
  func append(_ entry: consuming Entry, reply: AppendReply) throws(StoreError) {
    let entry = entry
    let outcome = try sequence(entry)
    if entry.acks != .disk { reply(.success(outcome)) }
    commit { store in
      let failed = store.state.withLock { state in
        guard !state.commitFails else { return true }
        for append in entry.appends {
          guard var partitions = state.partitions[append.topic.id] else { continue }
          let end = partitions[Int(append.partition)].end
          partitions[Int(append.partition)].visible = end
          state.partitions[append.topic.id] = partitions
        }
        return false
      }
      if entry.acks == .disk { reply(failed ? .failure(.commitUnknown) : .success(outcome)) }
      store.fireWaits()
    }
  }

  private func sequence(_ entry: Entry) throws(StoreError) -> AppendOutcome {
    let epoch = leaderEpoch
    let result = state.withLock { state -> Result<AppendOutcome, StoreError> in
      if let refusal = state.refusal { return .failure(refusal) }
      for append in entry.appends {
        guard state.topics[append.topic.name]?.id == append.topic.id else {
          return .failure(.unknownTopic(append.topic.name))
        }
        let least = append.topic.configuration.minDurability
        guard entry.acks.meets(least) else {
          return .failure(
            .durabilityTooLow(append.topic.name, asked: entry.acks, least: least))
        }
        guard append.batch.size <= append.topic.configuration.maxMessageBytes else {
          return .failure(
            .batchTooLarge(
              size: append.batch.size, limit: append.topic.configuration.maxMessageBytes))
        }
      }
      var offsets: [Offset] = []
      for var append in entry.appends {
        let index = Int(append.partition)
        var partition = state.partitions[append.topic.id]![index]
        append.batch.stamp(baseOffset: partition.end, leaderEpoch: epoch)
        offsets.append(partition.end)
        partition.end = append.batch.nextOffset
        partition.batches.append(append.batch)
        state.partitions[append.topic.id]![index] = partition
      }
      state.appended += 1
      return .success(
        AppendOutcome(baseOffsets: offsets, leaderEpoch: epoch, durability: entry.acks))
    }
    return try result.get()
  }

  func fetch(_ fetch: Fetch, reply: Reply<Fetched>) -> Answer<Fetched> {
    let (result, later) = state.withLock { state in (find(fetch, state), state.fetchLater) }
    guard later else {
      switch result {
      case .success(let fetched): return .now(fetched)
      case .failure(let error): return .refused(error)
      }
    }
    reply(result)
    return .later
  }

  private func find(_ fetch: Fetch, _ state: State) -> Result<Fetched, StoreError> {
    if let refusal = state.fetchRefusal { return .failure(refusal) }
    guard let partitions = state.partitions[fetch.topic.id] else {
      return .failure(.unknownTopic(fetch.topic.name))
    }
    guard fetch.partition >= 0, Int(fetch.partition) < partitions.count else {
      return .failure(
        .unknownPartition(
          fetch.topic.name, partition: fetch.partition, count: Int32(partitions.count)))
    }
    let partition = partitions[Int(fetch.partition)]
    guard fetch.offset >= partition.start, fetch.offset <= partition.visible else {
      return .failure(
        .offsetOutOfRange(
          requested: fetch.offset, start: partition.start, end: partition.visible))
    }
    if let damage = partition.damage.first(where: { $0.contains(fetch.offset) }) {
      return .failure(
        .damaged(
          fetch.topic.name, partition: fetch.partition, from: damage.lowerBound,
          to: damage.upperBound))
    }
    var found: [RecordBatch] = []
    var bytes = 0
    let limit = partition.damage.map(\.lowerBound).filter { $0 > fetch.offset }.min() ?? .max
    for batch in partition.batches
    where batch.baseOffset < limit && batch.nextOffset > fetch.offset
      && batch.nextOffset <= partition.visible
    {
      guard found.isEmpty || bytes + batch.size <= fetch.maxBytes else { break }
      found.append(batch)
      bytes += batch.size
    }
    let behind = partition.damage.first { $0.lowerBound == found.last?.nextOffset }
    return .success(Fetched(batches: found, range: Self.range(partition), damage: behind))
  }

  private static func range(_ partition: Partition) -> OffsetRange {
    OffsetRange(start: partition.start, end: partition.visible, lastStable: partition.visible)
  }

  func deleteRecords(
    of topic: Topic, partition: Int32, before offset: Offset, reply: Reply<OffsetRange>
  ) -> Answer<OffsetRange> {
    do throws(StoreError) {
      let range = try range(of: topic, partition: partition)
      if let refusal = state.withLock({ $0.refusal }) { throw refusal }
      guard (0...range.end).contains(offset) else {
        throw .offsetOutOfRange(requested: offset, start: range.start, end: range.end)
      }
      if offset <= range.start { return .now(range) }
      advanceStart(topic.name, Int(partition), to: offset)
      let moved = try self.range(of: topic, partition: partition)
      commit { _ in reply(.success(moved)) }
      return .later
    } catch {
      return .refused(error)
    }
  }

  func range(of topic: Topic, partition: Int32) throws(StoreError) -> OffsetRange {
    guard let partitions = state.withLock({ $0.partitions[topic.id] }) else {
      throw .unknownTopic(topic.name)
    }
    guard partition >= 0, Int(partition) < partitions.count else {
      throw .unknownPartition(topic.name, partition: partition, count: Int32(partitions.count))
    }
    return Self.range(partitions[Int(partition)])
  }

  func offset(
    of topic: Topic, partition: Int32, at timestamp: Timestamp, reply: Reply<Offset>
  ) -> Answer<Offset> {
    let later = state.withLock { $0.fetchLater }
    do throws(StoreError) {
      let found = try firstOffset(of: topic, partition, at: timestamp)
      guard later else { return .now(found) }
      reply(.success(found))
      return .later
    } catch {
      return .refused(error)
    }
  }

  private func firstOffset(
    of topic: Topic, _ partition: Int32, at timestamp: Timestamp
  ) throws(StoreError) -> Offset {
    let range = try range(of: topic, partition: partition)
    let batches = state.withLock { $0.partitions[topic.id]?[Int(partition)].batches ?? [] }
    for batch in batches where batch.maxTimestamp >= timestamp {
      var cursor = RecordCursor(batch)
      while let record = try? cursor.next() {
        if record.timestamp >= timestamp, (range.start..<range.end).contains(record.offset) {
          return record.offset
        }
      }
    }
    return range.end
  }

  func wait(
    for targets: [WaitTarget], names: [TopicName], on queue: (any CompletionQueue)?,
    fire: @escaping @Sendable () -> Void
  ) -> any Wait {
    let id = state.withLock { state in
      state.nextWait += 1
      state.waits[state.nextWait] = Waiting(
        targets: targets, names: names, queue: queue, fire: fire)
      return state.nextWait
    }
    fireWaits()
    return MemoryWait(id: id, store: self)
  }

  private func fireWaits() {
    let due = state.withLock { state in
      let due = state.waits.filter { isDue($0.value, state) }
      for id in due.keys { state.waits[id] = nil }
      return due.values.map { ($0.queue, $0.fire) }
    }
    for (queue, fire) in due {
      if let queue { queue.deliver(fire) } else { fire() }
    }
  }

  private func isDue(_ wait: Waiting, _ state: State) -> Bool {
    wait.names.contains { state.topics[$0] != nil }
      || wait.targets.contains { target in
        guard let partitions = state.partitions[target.topic.id] else { return true }
        return partitions[Int(target.partition)].visible > target.offset
      }
  }
}
