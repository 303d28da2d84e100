internal import CommitLog
internal import Model
internal import Platform
internal import Store
internal import Synchronization

/// Brings durable frames into segment files, off the acknowledgement path, and keeps the tail in
/// memory within bounds.
///
/// Its lock is held while files are written: only housekeeping shares it, for a snapshot between
/// two frames.
final class Materialiser: Sendable {
  /// A batch in some partition's tail, in the order in which they may go.
  private struct Kept {
    let log: PartitionLog
    let cost: Int
  }

  private struct State: ~Copyable {
    let segments: SegmentStore
    var catalogue: CatalogueReplayer
    /// Everything below is applied; the last frame below begins at `lastFrame`.
    var position: Position
    var lastFrame: Position
    /// Room that is given back once what was applied is written.
    var applied = 0
    var kept: [Kept] = []
    var keptHead = 0
    var keptCost = 0
    var failure: LogError?
  }

  private let frames: FrameQueue
  private let sequencer: Sequencer
  private let table: PartitionTable
  private let tailBytes: Int
  private let state: Lock<State>
  private let isStopping = Atomic(false)

  init(
    segments: SegmentStore, catalogue: CatalogueReplayer, cursor: JournalCursor,
    frames: FrameQueue, sequencer: Sequencer, table: PartitionTable, tailBytes: Int
  ) {
    self.frames = frames
    self.sequencer = sequencer
    self.table = table
    self.tailBytes = tailBytes
    state = Lock(
      State(
        segments: segments, catalogue: catalogue, position: cursor.position,
        lastFrame: cursor.previous))
  }

  /// Applies all that is queued and writes it, or only what partitions have gathered at least
  /// `least` bytes of. Returns false where nothing was to do, or the disk is full.
  @discardableResult
  func step(atLeast least: Int = 0) -> Bool {
    let (released, progressed) = state.withLock { state in
      guard state.failure == nil else { return (0, false) }
      let taken = frames.takeAll()
      do throws(LogError) {
        for frame in taken { try apply(frame, &state) }
        guard !taken.isEmpty || state.segments.hasPending || state.applied > 0 else {
          return (0, false)
        }
        try state.segments.write(atLeast: least)
      } catch {
        state.failure = error
        return (0, false)
      }
      guard !state.segments.isStalled else { return (0, false) }
      // Room is given back for all that was applied at once, when all of it is written.
      guard state.segments.pendingBytes == 0 else { return (0, true) }
      evict(&state)
      defer { state.applied = 0 }
      return (state.applied, true)
    }
    if released > 0 { sequencer.release(released).deliver() }
    sequencer.expireWaiting().deliver()
    return progressed
  }

  private func apply(_ frame: DurableFrame, _ state: inout State) throws(LogError) {
    for content in frame.contents {
      let row = content.row
      if row.kind == .append, let log = table[row.partition] {
        state.kept.append(Kept(log: log, cost: content.cost))
        state.keptCost += content.cost
      }
      try state.segments.apply(content)
      if row.partition == .catalogue, let batch = content.batch {
        _ = state.catalogue.replay(batch)
      }
    }
    state.position = frame.end
    state.lastFrame = frame.position
    state.segments.settle(at: frame.end)
    state.applied += frame.cost
  }

  /// Drops the oldest batches from memory until the bound is met. A batch in an open interval can
  /// go only when its interval is closed: that is done with the next write.
  private func evict(_ state: inout State) {
    while state.keptCost > tailBytes, state.keptHead < state.kept.count {
      let oldest = state.kept[state.keptHead]
      guard oldest.log.evictOldest() else {
        state.segments.closeInterval(of: oldest.log.identity.number)
        break
      }
      state.keptCost -= oldest.cost
      state.keptHead += 1
    }
    if state.keptHead > 4096, state.keptHead * 2 > state.kept.count {
      state.kept.removeFirst(state.keptHead)
      state.keptHead = 0
    }
  }

  /// Everything that has been applied, written and complete. Throws `outOfSpace` where the disk is
  /// full.
  func snapshot(node: NodeID) throws(LogError) -> Snapshot {
    let result: Result<Snapshot, LogError> = state.withLock { state in
      do throws(LogError) {
        if let failure = state.failure { throw failure }
        return .success(
          Snapshot(
            node: node, position: state.position, lastFrame: state.lastFrame,
            partitions: try state.segments.images(), catalogue: state.catalogue.image))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Removes the files of deleted partitions.
  func removeDeleted() throws(LogError) {
    let result: Result<Void, LogError> = state.withLock { state in
      do throws(LogError) { return .success(try state.segments.removeDeleted()) } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// The segments of a partition as far as frames have been applied, oldest first.
  func segments(of number: PartitionNumber) -> [SegmentImage] {
    state.withLock { $0.segments.segments(of: number) }
  }

  /// Up to where the older checkpoint must reach before files of expired segments can go; `nil`
  /// where none wait.
  var awaitedCheckpoint: Position? { state.withLock { $0.segments.awaitedCheckpoint } }

  /// Removes some files of expired segments that no checkpoint from `older` on can need. Returns
  /// whether there may be more.
  func removeExpired(below older: Position) throws(SystemError) -> Bool {
    let result: Result<Bool, SystemError> = state.withLock { state in
      do throws(SystemError) {
        return .success(try state.segments.removeCondemned(below: older))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Where the applied journal ends.
  var position: Position { state.withLock { $0.position } }

  /// Why it stopped writing; `nil` while all is well.
  var failure: LogError? { state.withLock { $0.failure } }

  /// The disk was full at the last write.
  var isStalled: Bool { state.withLock { $0.segments.isStalled } }

  /// How long frames gather, so that a partition gets one write for many batches.
  static let gathering = Duration.milliseconds(100)

  /// The thread's life. What one partition has much of is written while the rest gathers: in small
  /// pieces, since a commit waits for the device behind each of them.
  func run() {
    while !isStopping.load(ordering: .acquiring) {
      if frames.isEmpty, !hasPending, !sequencer.hasWaiting { frames.parking.park() }
      gather(until: sequencer.time.now + Self.gathering)
      step()
    }
    step()
  }

  private func gather(until end: Instant) {
    while !isStopping.load(ordering: .acquiring), !sequencer.hasWaiting {
      if frames.cost >= FrameQueue.eager { step(atLeast: SegmentStore.passingBytes) }
      let rest = end - sequencer.time.now
      guard rest > .zero else { return }
      frames.parking.park(atMost: rest)
    }
  }

  private var hasPending: Bool {
    state.withLock { $0.failure == nil && ($0.segments.hasPending || $0.applied > 0) }
  }

  /// Lets `run` end after everything queued is written.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    frames.parking.wake()
  }
}
