internal import CommitLog
public import Model
internal import Platform
public import Store

extension EmbeddedStore {
  public func append(_ entry: consuming Entry, reply: AppendReply) throws(StoreError) {
    var entry = consume entry
    guard entry.producer == nil, entry.idempotencyKey == nil, entry.transaction == nil else {
      throw .unsupported("Idempotent and transactional produce come with a later version.")
    }
    guard !entry.appends.isEmpty else { throw .invalidRecords("There are no records.") }
    let wall = time.wallMilliseconds
    let acks = entry.acks
    for index in entry.appends.indices { try check(&entry.appends[index], acks, wall) }
    try sequencer.append(consume entry, reply: reply)
  }

  /// What no other request can change: sizes, timestamps, and what is promised.
  private func check(
    _ append: inout Entry.Append, _ acks: AckLevel, _ wall: Timestamp
  ) throws(StoreError) {
    let settings = append.topic.configuration
    guard acks.meets(settings.minDurability) else {
      throw .durabilityTooLow(append.topic.name, asked: acks, least: settings.minDurability)
    }
    guard append.batch.size <= settings.maxMessageBytes else {
      throw .batchTooLarge(size: append.batch.size, limit: settings.maxMessageBytes)
    }
    if settings.timestampType == .logAppendTime {
      append.batch.stamp(appendTime: wall)
      return
    }
    let (latest, _) = wall.addingReportingOverflow(settings.timestampAfterMaxMilliseconds)
    guard append.batch.maxTimestamp <= latest || latest < wall else {
      throw .invalidRecords(
        "A timestamp lies \(append.batch.maxTimestamp - wall) ms in the future; "
          + "message.timestamp.after.max.ms allows \(settings.timestampAfterMaxMilliseconds).")
    }
    let (earliest, overflow) = wall.subtractingReportingOverflow(
      settings.timestampBeforeMaxMilliseconds)
    guard overflow || append.batch.baseTimestamp >= earliest else {
      throw .invalidRecords(
        "A timestamp lies \(wall - append.batch.baseTimestamp) ms in the past; "
          + "message.timestamp.before.max.ms allows \(settings.timestampBeforeMaxMilliseconds).")
    }
  }

  public func fetch(_ fetch: Fetch, reply: Reply<Fetched>) -> Answer<Fetched> {
    let log: PartitionLog
    do throws(StoreError) { log = try partition(fetch.topic, fetch.partition) } catch {
      return .refused(error)
    }
    return answer(on: log, reply) { [directory, cache] (mayBlock) throws(LogError) in
      try log.read(
        from: fetch.offset, maxBytes: fetch.maxBytes, in: directory.path(of: log.identity),
        cache: cache, mayBlock: mayBlock)
    } as: { batches in
      Fetched(
        batches: batches, range: Self.range(of: log),
        damage: batches.last.flatMap { log.damage(at: $0.nextOffset) })
    } outOfRange: { start, end in
      .failure(.offsetOutOfRange(requested: fetch.offset, start: start, end: end))
    }
  }

  public func deleteRecords(
    of topic: Topic, partition index: Int32, before offset: Offset, reply: Reply<OffsetRange>
  ) -> Answer<OffsetRange> {
    do throws(StoreError) {
      let log = try partition(topic, index)
      let range = Self.range(of: log)
      guard (0...range.end).contains(offset) else {
        throw .offsetOutOfRange(requested: offset, start: range.start, end: range.end)
      }
      if offset <= range.start { return .now(range) }
      try sequencer.advance(
        [LogStartAdvance(partition: log.identity.number, offset: offset)],
        reply: AppendReply(on: reply.queue) { result in
          reply.body(result.map { _ in Self.range(of: log) })
        })
      return .later
    } catch {
      return .refused(error)
    }
  }

  public func range(of topic: Topic, partition index: Int32) throws(StoreError) -> OffsetRange {
    Self.range(of: try partition(topic, index))
  }

  public func offset(
    of topic: Topic, partition index: Int32, at timestamp: Timestamp, reply: Reply<Offset>
  ) -> Answer<Offset> {
    let log: PartitionLog
    do throws(StoreError) { log = try partition(topic, index) } catch { return .refused(error) }
    return answer(on: log, reply) { [directory, cache] (mayBlock) throws(LogError) in
      try log.read(
        at: timestamp, in: directory.path(of: log.identity), cache: cache, mayBlock: mayBlock)
    } as: { batches in
      let range = Self.range(of: log)
      return Self.firstOffset(in: batches, at: timestamp, from: range.start) ?? range.end
    } outOfRange: { _, end in
      .success(end)
    }
  }

  public func wait(
    for targets: [WaitTarget], names: [TopicName], on queue: (any CompletionQueue)?,
    fire: @escaping @Sendable () -> Void
  ) -> any Wait {
    let wait = StoreWait(id: makeWaitID(), topics: published, queue: queue, fire: fire)
    for target in targets {
      guard let log = try? partition(target.topic, target.partition) else {
        wait.complete()
        return wait
      }
      if !wait.add(log, offset: target.offset) { return wait }
    }
    if !names.isEmpty { _ = wait.add(names) }
    return wait
  }

  private func partition(_ topic: Topic, _ index: Int32) throws(StoreError) -> PartitionLog {
    guard let known = published.known(topic.id) else { throw .unknownTopic(topic.name) }
    guard known.partitions.indices.contains(Int(index)) else {
      throw .unknownPartition(
        topic.name, partition: index, count: Int32(known.partitions.count))
    }
    return known.partitions[Int(index)]
  }

  private static func range(of log: PartitionLog) -> OffsetRange {
    let range = log.range
    return OffsetRange(start: range.start, end: range.end, lastStable: range.end)
  }

  private static func firstOffset(
    in batches: [RecordBatch], at timestamp: Timestamp, from start: Offset
  ) -> Offset? {
    for batch in batches where batch.maxTimestamp >= timestamp {
      var cursor = RecordCursor(batch)
      while let record = try? cursor.next() {
        if record.offset >= start, record.timestamp >= timestamp { return record.offset }
      }
    }
    return nil
  }

  /// Reads at once if memory and page cache hold what is asked for, else on a thread that may wait
  /// for the disk.
  private func answer<Value: Sendable>(
    on log: PartitionLog, _ reply: Reply<Value>,
    _ read: @escaping @Sendable (_ mayBlock: Bool) throws(LogError) -> ReadOutcome,
    as make: @escaping @Sendable ([RecordBatch]) -> Value,
    outOfRange: @escaping @Sendable (Offset, Offset) -> Result<Value, StoreError>
  ) -> Answer<Value> {
    let inbox = node.damage
    let attempt: @Sendable (Bool) -> Result<Value, StoreError>? = { mayBlock in
      do throws(LogError) {
        let outcome = try read(mayBlock)
        // Nothing is ever damaged below a read that needs no device.
        if mayBlock { inbox.look(at: log) }
        switch outcome {
        case .batches(let batches): return .success(make(batches))
        case .outOfRange(let start, let end): return outOfRange(start, end)
        case .deleted: return .failure(.unknownTopic(log.identity.topic))
        case .damaged(let range):
          return .failure(
            .damaged(
              log.identity.topic, partition: log.identity.index, from: range.lowerBound,
              to: range.upperBound))
        case .wouldBlock: return nil
        }
      } catch {
        // A deleted partition's directory has another name: the reader came too late, nothing is
        // damaged.
        return .failure(
          log.range.isDeleted ? .unknownTopic(log.identity.topic) : .readFailed("\(error)"))
      }
    }
    switch attempt(false) {
    case .success(let value): return .now(value)
    case .failure(let error): return .refused(error)
    case nil: break
    }
    let isQueued = pool.submit {
      reply(attempt(true) ?? .failure(.readFailed("The read did not finish.")))
    }
    return isQueued ? .later : .refused(.busy(retryAfterSeconds: 1))
  }
}
