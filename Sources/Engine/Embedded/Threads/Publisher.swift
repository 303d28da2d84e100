internal import CommitLog
internal import Model
internal import Platform
internal import Store

/// Makes durable frames known: raises high watermarks, wakes who waits, answers who asked, and
/// hands the frames on to the materialiser.
final class Publisher: Sendable {
  private let table: PartitionTable
  private let topics: PublishedTopics
  private let frames: FrameQueue
  private let journalParking: Parking
  private let housekeeping: Parking

  init(
    table: PartitionTable, topics: PublishedTopics, frames: FrameQueue, journalParking: Parking,
    housekeeping: Parking
  ) {
    self.table = table
    self.topics = topics
    self.frames = frames
    self.journalParking = journalParking
    self.housekeeping = housekeeping
  }

  /// Shows the rows of a durable frame to readers and gives its answers. `again`: the records have
  /// been shown already.
  func publish(
    _ answers: [AppendAnswer], _ contents: [RowContent], head: FrameHead?, again: Bool = false
  ) {
    if !again { show(contents) }
    if let head { frames.push(DurableFrame(head, contents)) }
    guard !again else { return }
    answers.deliver()
  }

  private func show(_ contents: [RowContent]) {
    var due: [@Sendable (PartitionLog.WakeReason) -> Void] = []
    for content in contents {
      let row = content.row
      guard let partition = table[row.partition] else { continue }
      switch row.kind {
      case .append:
        guard let batch = content.batch else { continue }
        // The catalogue first: a waiter for its offset may ask for the topic at once.
        if row.partition == .catalogue { due += topics.publish(batch) }
        let woken = partition.publish(batch, end: row.end)
        if !woken.isEmpty { due += woken }
      case .delete: call(partition.publishDelete(), .deleted)
      case .logStart: partition.publish(logStart: row.baseOffset)
      case .roll, .replace, .seal: break
      }
    }
    call(due, .durable)
  }

  /// A seal carries nothing but its position.
  func publishSeal(_ head: FrameHead) { frames.push(DurableFrame(head, [])) }

  /// The journal failed: everything that had an offset may be there or not.
  func fail(_ answers: [AppendAnswer]) {
    answers.map { AppendAnswer($0.reply, .failure(.commitUnknown)) }.deliver()
    for partition in table.all { call(partition.fail(), .failed) }
  }

  /// The journal went on to its next file: the one after it is to be prepared.
  func stepOver() { housekeeping.wake() }

  /// Sleeps until housekeeping has prepared more of the journal.
  func waitForJournal() {
    housekeeping.wake()
    journalParking.park(atMost: .milliseconds(100))
  }

  private func call(
    _ due: [@Sendable (PartitionLog.WakeReason) -> Void], _ reason: PartitionLog.WakeReason
  ) {
    for wake in due { wake(reason) }
  }
}

/// A frame that is durable and not yet in segments.
struct DurableFrame: Sendable {
  let contents: [RowContent]
  /// Where it begins, and where the journal goes on behind it.
  let position: Position
  let end: Position
  /// What it counts in the sequencer's room.
  let cost: Int

  init(_ head: FrameHead, _ contents: [RowContent]) {
    self.contents = contents
    position = head.position
    end = head.position + UInt64(head.blocks)
    cost = contents.reduce(0) { $0 + $1.cost }
  }
}

extension RowContent {
  /// Bytes of memory that it holds, with what a batch takes beside its bytes.
  var cost: Int { batch.map { $0.size + 192 } ?? Sequencer.rowBytes }
}

/// Durable frames on their way to the materialiser. Bounded by the sequencer's room.
final class FrameQueue: Sendable {
  private struct State: Sendable {
    var frames: [DurableFrame] = []
    var cost = 0
  }

  /// From here on the materialiser looks for partitions that have much to write.
  static let eager = 1 << 20

  let parking = Parking()
  private let state = Lock(State())

  /// Wakes the materialiser when it has nothing yet, and when there is much.
  func push(_ frame: DurableFrame) {
    let wake = state.withLock { state in
      let before = state.cost
      let wasEmpty = state.frames.isEmpty
      state.frames.append(frame)
      state.cost += frame.cost
      return wasEmpty || before < Self.eager && state.cost >= Self.eager
    }
    if wake { parking.wake() }
  }

  func takeAll() -> [DurableFrame] {
    state.withLock { state in
      defer {
        state.frames = []
        state.cost = 0
      }
      return state.frames
    }
  }

  var isEmpty: Bool { state.withLock { $0.frames.isEmpty } }
  var cost: Int { state.withLock { $0.cost } }
}
