internal import CommitLog
internal import Model
internal import Platform
internal import Synchronization
internal import Telemetry

/// Reads sealed segments in the background, slowly, so that damage is found while there may be a
/// copy elsewhere, and not when somebody needs the records. Between two rounds it sleeps.
final class Scrubber: Sendable {
  private struct State: Sendable {
    /// Partitions of this round that are still to be read, the next one last.
    var partitions: [PartitionLog] = []
    /// In the partition that is being read.
    var offset: Offset = 0
  }

  /// How long it rests between two rounds.
  static let rest = Duration.seconds(24 * 60 * 60)

  private let table: PartitionTable
  private let directory: DataDirectory
  private let cache: FileCache
  private let inbox: DamageInbox
  private let bytesPerSecond: Int
  private let time: any TimeSource
  private let log: Log
  private let state = Lock(State())
  private let parking = Parking()
  private let isStopping = Atomic(false)

  /// A scrubber that reads `bytesPerSecond` on average, through files of its own.
  init(
    table: PartitionTable, directory: DataDirectory, cache: FileCache, inbox: DamageInbox,
    bytesPerSecond: Int, time: any TimeSource, log: Log
  ) {
    self.table = table
    self.directory = directory
    self.cache = cache
    self.inbox = inbox
    self.bytesPerSecond = bytesPerSecond
    self.time = time
    self.log = log
  }

  /// Begins a round over all partitions that there are.
  func begin() {
    let all = table.all.sorted { $0.identity.number > $1.identity.number }
    state.withLock { $0 = State(partitions: all) }
  }

  /// Checks a stretch of one segment. Returns how many bytes it had; `nil` when the round is over.
  func step() -> Int? {
    while let (partition, offset) = next() {
      do throws(LogError) {
        let path = directory.path(of: partition.identity)
        if let checked = try partition.check(from: offset, in: path, cache: cache) {
          inbox.look(at: partition)
          state.withLock { $0.offset = checked.end }
          return Int(clamping: checked.bytes)
        }
      } catch {
        log.warning("a segment could not be checked", ["reason": .of(error)])
      }
      state.withLock { state in
        state.partitions.removeLast()
        state.offset = 0
      }
    }
    return nil
  }

  private func next() -> (PartitionLog, Offset)? {
    state.withLock { state in
      state.partitions.last.map { ($0, max(state.offset, $0.range.start)) }
    }
  }

  /// The thread's life. It sleeps after each stretch for as long as that may take.
  func run() {
    guard bytesPerSecond > 0 else { return }
    while !isStopping.load(ordering: .acquiring) {
      begin()
      // The round begins with a pause: a start has other things to read.
      var pause = Duration.seconds(60)
      while pause > .zero {
        wait(pause)
        if isStopping.load(ordering: .acquiring) { return }
        pause = step().map { .microseconds(1 + $0 * 1_000_000 / bytesPerSecond) } ?? .zero
      }
      wait(Self.rest)
    }
  }

  private func wait(_ pause: Duration) {
    let end = time.now + pause
    while !isStopping.load(ordering: .acquiring), time.now < end {
      parking.park(atMost: end - time.now)
    }
  }

  /// Lets `run` end.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    parking.wake()
  }
}
