internal import CommitLog
internal import Model
internal import Platform
internal import Store

/// Moves log starts as the topics' retention says. It only decides and has the entry written; the
/// files go when no checkpoint can need them any more.
final class Expiry {
  /// How soon another pass follows one that was braked although the size is exceeded.
  static let hurry = Duration.seconds(1)
  /// How many partitions share one entry.
  private static let partitionsAtOnce = 256

  private let topics: PublishedTopics
  private let materialiser: Materialiser
  private let sequencer: Sequencer
  private let interval: Duration
  private var wall: SteadyWall
  private var due: Instant
  /// The topics as of the last pass: after a change another one is due at once.
  private var version: UInt64 = 0

  init(
    topics: PublishedTopics, materialiser: Materialiser, sequencer: Sequencer, interval: Duration,
    newest: Timestamp?
  ) {
    self.topics = topics
    self.materialiser = materialiser
    self.sequencer = sequencer
    self.interval = interval
    let time = sequencer.time
    wall = SteadyWall(newest: newest, now: time.now, wall: time.wallMilliseconds)
    due = time.now
  }

  /// Makes a pass over all topics if one is due. Returns whether any log start is to be moved.
  func tick() -> Bool {
    let now = sequencer.time.now
    let clock = wall.read(now: now, wall: sequencer.time.wallMilliseconds)
    let current = topics.version
    guard now >= due || current != version else { return false }
    version = current
    due = now + interval
    var advances: [LogStartAdvance] = []
    for known in topics.known where !known.topic.name.isInternal {
      let retention = Retention(known.topic.configuration)
      guard !retention.keepsAll else { continue }
      for partition in known.partitions {
        let number = partition.identity.number
        let decision = retention.decide(materialiser.segments(of: number), now: clock)
        if decision.isBraked { due = min(due, now + Self.hurry) }
        if let start = decision.logStart {
          advances.append(LogStartAdvance(partition: number, offset: start))
        }
      }
    }
    return advance(advances)
  }

  /// Nothing is sequenced any more where the store is closing or has failed.
  private func advance(_ advances: [LogStartAdvance]) -> Bool {
    var rest = advances[...]
    while !rest.isEmpty {
      let some = rest.prefix(Self.partitionsAtOnce)
      rest = rest.dropFirst(Self.partitionsAtOnce)
      do throws(StoreError) { try sequencer.advance(Array(some)) } catch { return false }
    }
    return !advances.isEmpty
  }
}
