internal import CommitLog
internal import Model
internal import Platform
internal import Store
internal import Synchronization

/// Gives every record its offset. Everything that another request can change is checked here, under
/// one lock; after it only a failure of the journal exists, and that stops the node.
final class Sequencer: Sendable {
  /// A partition as far as it has been sequenced, ahead of what is durable.
  struct Slot: Sendable {
    let number: PartitionNumber
    var end: Offset
    var logStart: Offset = 0
    /// The active segment: its size and the append time of its first batch.
    var segmentBytes: Int64
    var segmentStart: Timestamp?
  }

  /// An entry with its offsets, on its way to the journal.
  struct Sequenced: Sendable {
    var rows: [RowContent]
    /// Bytes of memory that it holds until segments have it.
    var cost: Int
    /// Whether somebody is to be told when it is durable.
    var isAwaited: Bool
  }

  /// What goes into one frame, and what is answered once that is durable: for each entry that is
  /// awaited, in order. Apart, so that answers are handed over whole.
  struct Group: Sendable {
    var entries: [Sequenced] = []
    var answers: [AppendAnswer] = []
  }

  /// An entry that waits for room.
  struct Waiting: Sendable {
    var entry: Entry
    var cost: Int
    var reply: AppendReply
    var deadline: Instant
  }

  struct State: Sendable {
    var names: [TopicName: TopicID] = [:]
    var topics: [TopicID: [PartitionNumber]] = [:]
    var slots: [PartitionNumber: Slot] = [:]
    var queue = Group()
    var queuedBytes = 0
    /// Bytes sequenced and not yet in segments.
    var unwritten = 0
    var waiting: [Waiting] = []
    var waitingBytes = 0
    var isJournalFull = false
    /// Bytes that may still be admitted before less than the mark is free on the disk.
    var diskRoom = Int64.max
    var stop: Stop?
  }

  /// Why nothing is accepted any more.
  enum Stop: Sendable, Equatable {
    case closing
    case failed(String)
    case outOfSpace
    /// The store was opened to be read only.
    case readOnly
  }

  static let patience = Duration.seconds(1)
  /// About what a row takes in the journal and in memory, beside its batch.
  static let rowBytes = 64

  let incarnation: UInt32
  let entryLimit: Int
  let limits: Limits
  /// `limits.waitingBytes`, or what was said since.
  let waitingLimit: Atomic<Int>
  let time: any TimeSource
  /// Stands where a batch has been taken out of its entry.
  private let taken = RecordBatch([UInt8](repeating: 0, count: RecordBatch.headerSize))
  /// A sync reaches nothing that lasts: no answer may say so.
  let isVolatile: Bool
  /// Where segments end at the latest, whatever their topics say.
  private let segmentBytes: Int
  let commitParking = Parking()
  /// Who gives room back sleeps here: an entry that begins to wait wakes it, to be told in time.
  let roomParking: Parking
  let state: Lock<State>

  init(
    incarnation: UInt32, entryLimit: Int, limits: Limits, time: any TimeSource,
    isVolatile: Bool, segmentBytes: Int = .max, roomParking: Parking = Parking(),
    state: consuming State
  ) {
    self.incarnation = incarnation
    self.entryLimit = entryLimit
    self.limits = limits
    waitingLimit = Atomic(limits.waitingBytes)
    self.time = time
    self.isVolatile = isVolatile
    self.segmentBytes = segmentBytes
    self.roomParking = roomParking
    self.state = Lock(state)
  }

  var leaderEpoch: Int32 { Int32(truncatingIfNeeded: incarnation) }

  /// Sequences `entry`, or lets it wait for room. Throws, and nothing was done.
  func append(_ entry: consuming Entry, reply: AppendReply) throws(StoreError) {
    var entry = consume entry
    let cost = entry.appends.reduce(0) { $0 + $1.batch.size + 192 }
    guard cost <= entryLimit else {
      throw .entryTooLarge(size: cost, limit: entryLimit)
    }
    let acks = entry.acks
    let wall = time.wallMilliseconds
    let result: Result<(AppendOutcome?, wake: Bool), StoreError> = state.withLock { state in
      do throws(StoreError) {
        try state.checkOpen()
        try state.checkDisk(cost)
        guard state.waiting.isEmpty, state.hasRoom(cost, limits) else {
          try wait(entry, cost, reply, &state)
          return .success((nil, false))
        }
        let wasEmpty = state.queue.entries.isEmpty
        let outcome = try sequence(&entry, cost, acks == .disk ? reply : nil, wall, &state)
        return .success((outcome, wasEmpty))
      } catch {
        return .failure(error)
      }
    }
    let (outcome, wake) = try result.get()
    if wake { wakeCommit(behind: reply.queue) }
    if outcome == nil { roomParking.wake() }
    if acks != .disk, let outcome { reply(.success(outcome)) }
  }

  /// The commit thread sleeps: it is woken behind the requests that came together with this one, so
  /// that they share a frame.
  private func wakeCommit(behind queue: (any CompletionQueue)?) {
    guard let queue else { return commitParking.wake() }
    queue.afterRound { [commitParking] in commitParking.wake() }
  }

  private func wait(
    _ entry: Entry, _ cost: Int, _ reply: AppendReply, _ state: inout State
  ) throws(StoreError) {
    guard state.waitingBytes + cost <= waitingLimit.load(ordering: .relaxed) else {
      throw .busy(retryAfterSeconds: 1)
    }
    state.waitingBytes += cost
    state.waiting.append(
      Waiting(entry: entry, cost: cost, reply: reply, deadline: time.now + Self.patience))
  }

  /// Checks and sequences an entry under the lock. Takes its batches out of it, so that stamping
  /// copies nothing.
  private func sequence(
    _ entry: inout Entry, _ cost: Int, _ reply: AppendReply?, _ wall: Timestamp,
    _ state: inout State
  ) throws(StoreError) -> AppendOutcome {
    // The first is looked up when it is pushed: nothing has changed until then.
    for index in entry.appends.indices.dropFirst() { _ = try state.number(of: index, in: entry) }
    var rows: [RowContent] = []
    rows.reserveCapacity(entry.appends.count)
    var offsets: [Offset] = []
    offsets.reserveCapacity(entry.appends.count)
    for index in entry.appends.indices {
      let number = try state.number(of: index, in: entry)
      let roll = RollRule(entry.appends[index].topic.configuration, atMost: segmentBytes)
      var batch = taken
      swap(&batch, &entry.appends[index].batch)
      offsets.append(
        state.push(
          &batch, to: number, epoch: leaderEpoch, wall: wall, roll: roll, into: &rows))
    }
    let outcome = AppendOutcome(
      baseOffsets: offsets, leaderEpoch: leaderEpoch,
      durability: isVolatile && entry.acks == .disk ? .memory : entry.acks)
    let total = rows.reduce(0) { $0 + $1.cost }
    state.enqueue(Sequenced(rows: rows, cost: total, isAwaited: reply != nil))
    if let reply { state.queue.answers.append(AppendAnswer(reply, .success(outcome))) }
    return outcome
  }

  /// Sequences an entry of the catalogue: its own batch, other appends, and what the change means
  /// for partitions.
  /// Internal entries are not held back for room: what frees space goes through here too.
  func appendCatalogue(
    _ batch: RecordBatch, records: [Catalogue.Record], with appends: [Entry.Append]
  ) throws(StoreError) -> Offset {
    let wall = time.wallMilliseconds
    let result: Result<(Offset, wake: Bool), StoreError> = state.withLock { state in
      do throws(StoreError) {
        try state.checkOpen()
        let size = batch.size + state.rows(for: records) * Self.rowBytes
        guard size <= entryLimit else { throw .entryTooLarge(size: size, limit: entryLimit) }
        let wasEmpty = state.queue.entries.isEmpty
        var rows: [RowContent] = []
        var batch = batch
        let base = state.push(
          &batch, to: .catalogue, epoch: leaderEpoch, wall: wall, roll: .internalTopic, into: &rows)
        for record in records { state.apply(record, wall: wall, into: &rows) }
        for append in appends {
          guard let number = state.topics[append.topic.id]?[Int(append.partition)] else { continue }
          var other = append.batch
          _ = state.push(
            &other, to: number, epoch: leaderEpoch, wall: wall,
            roll: RollRule(append.topic.configuration, atMost: segmentBytes), into: &rows)
        }
        let cost = rows.reduce(0) { $0 + $1.cost }
        state.enqueue(Sequenced(rows: rows, cost: cost, isAwaited: false))
        return .success((base + Offset(records.count) - 1, wasEmpty))
      } catch {
        return .failure(error)
      }
    }
    let (last, wake) = try result.get()
    if wake { commitParking.wake() }
    return last
  }

  /// Takes what is queued for one frame: up to `frameBytes`, or one entry.
  func takeGroup(atMost frameBytes: Int) -> Group {
    state.withLock { state in
      guard state.queuedBytes > frameBytes else {
        var group = Group()
        swap(&group, &state.queue)
        state.queue.entries.reserveCapacity(group.entries.count)
        state.queue.answers.reserveCapacity(group.answers.count)
        state.queuedBytes = 0
        return group
      }
      var count = 0
      var bytes = 0
      for entry in state.queue.entries {
        let size = entry.cost
        if count > 0, bytes + size > frameBytes { break }
        bytes += size
        count += 1
      }
      state.queuedBytes -= bytes
      return state.queue.takeFirst(count)
    }
  }

  /// Only what is internal goes on while the journal has no more than one file left: else a full
  /// journal could never be emptied, since that needs entries too.
  func set(journalFull: Bool) -> [AppendAnswer] {
    state.withLock { $0.isJournalFull = journalFull }
    return journalFull ? [] : release(0)
  }

  /// Takes everything that is queued.
  func takeAll() -> Group {
    state.withLock { state in
      defer {
        state.queue = Group()
        state.queuedBytes = 0
      }
      return state.queue
    }
  }

  /// Whether any entry waits for room.
  var hasWaiting: Bool { state.withLock { !$0.waiting.isEmpty } }

  /// Whether anything is queued.
  var isIdle: Bool { state.withLock { $0.queue.entries.isEmpty } }

  /// Segments hold `cost` more: entries that wait for room may go on. Returns answers to give, with
  /// no lock held.
  func release(_ cost: Int) -> [AppendAnswer] {
    let wall = time.wallMilliseconds
    var answers: [AppendAnswer] = []
    var wake = false
    state.withLock { state in
      state.unwritten -= cost
      wake = state.queue.entries.isEmpty
      while var next = state.waiting.first, state.hasRoom(next.cost, limits) {
        state.waiting.removeFirst()
        state.waitingBytes -= next.cost
        do throws(StoreError) {
          try state.checkDisk(next.cost)
          let isDurable = next.entry.acks == .disk
          let outcome = try sequence(
            &next.entry, next.cost, isDurable ? next.reply : nil, wall, &state)
          if !isDurable { answers.append(AppendAnswer(next.reply, .success(outcome))) }
        } catch {
          answers.append(AppendAnswer(next.reply, .failure(error)))
        }
      }
      wake = wake && !state.queue.entries.isEmpty
    }
    if wake { commitParking.wake() }
    return answers
  }

  /// Entries that have waited too long are told so. Returns the answers, to be given with no lock
  /// held.
  func expireWaiting() -> [AppendAnswer] {
    let now = time.now
    var answers: [AppendAnswer] = []
    state.withLock { state in
      while let first = state.waiting.first, first.deadline <= now {
        state.waiting.removeFirst()
        state.waitingBytes -= first.cost
        answers.append(AppendAnswer(first.reply, .failure(.busy(retryAfterSeconds: 1))))
      }
    }
    return answers
  }

  /// Accepts nothing any more. What waits for room is refused; what is queued stays queued.
  func stop(_ reason: Stop) -> [AppendAnswer] {
    var answers: [AppendAnswer] = []
    state.withLock { state in
      if state.stop == nil || reason != .closing { state.stop = reason }
      for waiting in state.waiting {
        answers.append(AppendAnswer(waiting.reply, .failure(reason.error)))
      }
      state.waiting = []
      state.waitingBytes = 0
    }
    commitParking.wake()
    return answers
  }

  var stopReason: Stop? { state.withLock { $0.stop } }
}

extension Sequencer.Stop {
  var error: StoreError {
    switch self {
    case .closing: .unavailable("The server is stopping.")
    case .failed(let reason):
      .unavailable("The journal has failed (\(reason)); restart the server.")
    case .outOfSpace: .outOfSpace
    case .readOnly: .unavailable("The server runs with --read-only: nothing can be written.")
    }
  }
}
