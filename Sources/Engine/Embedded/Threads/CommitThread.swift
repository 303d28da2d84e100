internal import CommitLog
internal import Model
internal import Platform
internal import Store
internal import Telemetry

/// Writes what is queued to the journal, one frame after the other, and lets everybody know when it
/// is durable. The next group forms while this one is being synced; nothing ever waits for a group
/// to fill.
final class CommitThread {
  /// What one step came to.
  enum Step: Equatable {
    /// A frame was written.
    case wrote
    /// Nothing is queued.
    case idle
    /// A group is ready, but the journal's next file is not, or is not filled so far.
    case waitsForJournal
    /// The journal has failed; nothing is written any more.
    case failed
  }

  /// How long a store that closes waits for a journal file.
  static let closingPatience = Duration.seconds(10)

  /// How long it stays awake for the next entry behind a frame of one: a single caller that posts
  /// again as soon as it is answered comes within it, and costs no switch of threads. Where many
  /// call, the processor has better to do.
  static let spinning = Duration.microseconds(50)

  /// Whether the thread still comes round.
  let pulse = Pulse()
  private let sequencer: Sequencer
  private let journal: Journal
  private let publisher: Publisher
  private let metrics: StoreMetrics
  private let sabotage: Sabotage
  /// A group that waits for the journal's next file.
  private var pending = Sequencer.Group()
  /// Since when it waits.
  private var waitingSince: Instant?
  /// The newest frame held one entry.
  private var wasAlone = false
  /// The newest frame is not proven yet by one behind it.
  private var needsSeal = false
  private var hasFailed = false
  /// The journal file that the newest frame went to.
  private var sequence: UInt64

  init(
    sequencer: Sequencer, journal: Journal, publisher: Publisher, metrics: StoreMetrics,
    sabotage: Sabotage
  ) {
    self.sequencer = sequencer
    self.journal = journal
    sequence = journal.sequence
    self.publisher = publisher
    self.metrics = metrics
    self.sabotage = sabotage
  }

  /// Writes one frame if there is one to write.
  func step() -> Step {
    guard !hasFailed else { return .failed }
    if pending.entries.isEmpty { pending = sequencer.takeGroup(atMost: journal.groupBytes) }
    guard !pending.entries.isEmpty else { return .idle }
    let contents = Self.contents(pending.entries)
    let bytes = contents.reduce(0) { $0 + Int($1.row.length) }
    let payload = journal.payload(rows: contents.count, bytes: bytes)
    guard journal.room(forPayload: payload).room == .ready else { return waitForJournal() }
    waitingSince = nil
    let answers = pending.answers
    wasAlone = pending.entries.count == 1
    pending = Sequencer.Group()
    if sabotage.contains(.replyBeforeSync) { publisher.publish(answers, contents, head: nil) }
    return write(answers, contents)
  }

  /// The journal's next file comes from housekeeping. Where that has failed it never comes, and
  /// while the store closes it may not come in time, on a full disk.
  private func waitForJournal() -> Step {
    let since = waitingSince ?? sequencer.time.now
    waitingSince = since
    switch sequencer.stopReason {
    case nil: return .waitsForJournal
    case .closing where sequencer.time.now - since < Self.closingPatience: return .waitsForJournal
    case .closing, .failed, .outOfSpace:
      let answers = pending.answers
      pending = Sequencer.Group()
      hasFailed = true
      publisher.fail(answers + sequencer.takeAll().answers)
      return .failed
    }
  }

  private func write(_ answers: [AppendAnswer], _ contents: [RowContent]) -> Step {
    let started = sequencer.time.now
    do throws(SystemError) {
      let head = try journal.write(contents)
      metrics.committed(
        records: contents.reduce(0) { $0 + Int($1.row.count) }, bytes: Int(head.bytes),
        took: sequencer.time.now - started)
      publisher.publish(
        answers, contents, head: head, again: sabotage.contains(.replyBeforeSync))
      needsSeal = true
      if journal.sequence != sequence {
        sequence = journal.sequence
        publisher.stepOver()
      }
      return .wrote
    } catch {
      // Who breaks the rule has answered already.
      fail(error, sabotage.contains(.replyBeforeSync) ? [] : answers)
      return .failed
    }
  }

  /// The rows of a group, each with the number of its entry.
  private static func contents(_ group: [Sequencer.Sequenced]) -> [RowContent] {
    if group.count == 1 { return group[0].rows }
    var contents: [RowContent] = []
    contents.reserveCapacity(group.reduce(0) { $0 + $1.rows.count })
    for number in group.indices {
      let first = contents.count
      contents.append(contentsOf: group[number].rows)
      for index in first..<contents.count { contents[index].row.entry = UInt32(number) }
    }
    return contents
  }

  /// Writes an empty frame behind the last one, which proves it. Never two in a row.
  func seal() -> Step {
    guard needsSeal, !hasFailed, pending.entries.isEmpty else { return .idle }
    guard journal.room(forPayload: journal.payload(rows: 1, bytes: 0)).room == .ready else {
      return .idle
    }
    let row = Row(
      entry: 0, kind: .seal, partition: .catalogue, baseOffset: 0,
      appendTime: sequencer.time.wallMilliseconds)
    do throws(SystemError) {
      let head = try journal.write([RowContent(row: row)])
      publisher.publishSeal(head)
      needsSeal = false
      return .wrote
    } catch {
      fail(error, [])
      return .failed
    }
  }

  /// The journal failed: whatever had an offset may be on disk or not, and no sync is ever tried
  /// again.
  private func fail(_ error: SystemError, _ answers: [AppendAnswer]) {
    hasFailed = true
    metrics.syncErrors.add(1)
    sequencer.stop(error.isOutOfSpace ? .outOfSpace : .failed("\(error)")).deliver()
    publisher.fail(answers + sequencer.takeAll().answers)
  }

  /// The thread's life: until the sequencer is stopped and all that it holds is written.
  func run() {
    while true {
      pulse.beat()
      switch step() {
      case .wrote: continue
      case .idle:
        if sequencer.stopReason != nil {
          _ = seal()
          return
        }
        let woken = sequencer.commitParking.park(
          atMost: needsSeal ? .milliseconds(5) : nil, spinning: wasAlone ? Self.spinning : .zero)
        if !woken { _ = seal() }
      case .waitsForJournal: publisher.waitForJournal()
      case .failed: return
      }
    }
  }
}
