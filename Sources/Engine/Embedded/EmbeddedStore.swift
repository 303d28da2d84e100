public import CommitLog
internal import Model
internal import Platform
public import Store
internal import Synchronization
internal import Telemetry

/// The durable log of one machine: `EventStore` over a journal that all partitions share, and
/// segments behind it.
///
/// Any thread may call it. It owns six threads: commit, materialiser, housekeeping, one that
/// checks what lies on disk, and two that read cold data.
public final class EmbeddedStore: Sendable {
  /// What the threads share; each part is used by its own thread alone, or guards itself.
  // SAFETY: `Node` is immutable; its mutable parts are each stepped by one thread, started here, or
  // hold their own lock.
  private struct Shared: @unchecked Sendable {
    let node: Node
  }

  private let shared: Shared
  let published: PublishedTopics
  let sequencer: Sequencer
  let cache: FileCache
  let directory: DataDirectory
  let pool: ReadPool
  let time: any TimeSource
  let durability: DurabilityProbe.Finding
  private let workers: Lock<[Worker]>
  private let waitIDs = Atomic<UInt64>(0)

  /// The identity of the data directory, 22 characters of base64url.
  public let nodeID: String
  /// One more at every start.
  public let incarnation: UInt32
  /// How the journal was found to end, and how much was replayed, as a sentence.
  public let recoverySummary: String

  var node: Node { shared.node }

  /// Opens, or makes, the log that `options` name and starts its threads. It can be produced to and
  /// read when it returns.
  public init(_ options: StoreOptions) throws(LogError) {
    let started = options.time.now
    let node = try Node(options)
    shared = Shared(node: node)
    published = node.topics
    sequencer = node.sequencer
    cache = node.cache
    directory = node.directory
    time = options.time
    durability = node.durability
    pool = ReadPool(limit: options.limits.pendingReads)
    nodeID = node.superblock.node.text
    incarnation = node.superblock.incarnation
    let elapsed = options.time.now - started
    let recovery = node.recovery
    recoverySummary =
      "replayed \(recovery.frames) frames in \(elapsed.milliseconds) ms, "
      + "journal end: \(recovery.verdict)"
    workers = Lock([])
    let shared = shared
    do throws(SystemError) {
      if !options.isReadOnly {
        let started = [
          try Worker("commit") { shared.node.commit.run() },
          try Worker("materialise") { shared.node.materialiser.run() },
          try Worker("housekeeping") {
            shared.node.housekeeper.run { shared.node.collectDamage() }
          },
          try Worker("scrub") { shared.node.scrubber.run() },
        ]
        workers.withLock { $0 = started }
      }
      for index in 0..<2 {
        let worker = try Worker("read-\(index)") { [pool] in pool.run(index) }
        workers.withLock { $0.append(worker) }
      }
    } catch {
      throw .system(error)
    }
    registerMetrics(options.metrics, recovery: elapsed)
  }

  /// Stops accepting, writes everything that was accepted, takes a last checkpoint, marks the
  /// directory clean and unlocks it. Blocks until all threads have ended. Call it once, last.
  public func close() {
    sequencer.stop(.closing).deliver()
    var threads = workers.withLock { threads in
      defer { threads = [] }
      return threads
    }
    if threads.count == Self.threads {
      node.scrubber.stop()
      threads.removeFirst().join()
      node.materialiser.stop()
      threads.removeFirst().join()
      node.housekeeper.stop()
      threads.removeFirst().join()
    }
    pool.stop()
    for thread in threads { thread.join() }
    defer { node.lock.release() }
    guard node.housekeeper.failure == nil, sequencer.stopReason == .closing else { return }
    _ = try? node.housekeeper.checkpoint(clean: true)
  }

  /// Commit, materialiser, housekeeping, scrubber and two readers.
  private static let threads = 6

  /// From here on so many bytes may wait for room, instead of `Limits.waitingBytes`.
  public func setWaitingLimit(bytes: Int) {
    sequencer.waitingLimit.store(bytes, ordering: .relaxed)
  }

  /// Whether the commit thread has come round since this was asked before: it has not ended, and
  /// hangs in no write. One thread asks, now and then.
  public func isCommitting() -> Bool {
    node.options.isReadOnly || node.commit.pulse.isBeating { sequencer.commitParking.wake() }
  }

  func makeWaitID() -> UInt64 { waitIDs.add(1, ordering: .relaxed).newValue }
}

extension EmbeddedStore: EventStore {
  public var capabilities: [Capability] {
    [
      Capability("durable_produce", durability.limitation.map { .limited($0) } ?? .yes),
      Capability("atomic_multi_partition_produce", .yes),
      Capability("long_poll", .yes),
      Capability("idempotent_produce", .no("comes with a later version")),
      Capability("transactions", .no("comes with a later version")),
      Capability("compaction", .no("comes with a later version")),
      Capability("retention", .yes),
      Capability("replication", .no("one machine; put Curlew in front of Apache Kafka for that")),
    ]
  }

  public var health: StoreHealth {
    var problems: [String] = []
    if let limitation = durability.limitation {
      problems.append("Durability is limited: \(limitation).")
    }
    problems += damageProblems
    if node.materialiser.isStalled {
      problems.append("The disk is full: segments cannot be written.")
    }
    if sequencer.isDiskLow {
      problems.append(
        "Less than the disk reserve is free: nothing is accepted until topics or records are deleted."
      )
    }
    switch sequencer.stopReason {
    case nil: return StoreHealth(canAcknowledge: !sequencer.isDiskLow, problems: problems)
    case .closing: problems.append("The server is stopping.")
    case .failed(let reason): problems.append("The journal has failed: \(reason).")
    case .readOnly: problems.append("The server runs with --read-only: nothing can be written.")
    case .outOfSpace: problems.append("The journal could not be written: the disk is full.")
    }
    return StoreHealth(canAcknowledge: false, problems: problems)
  }
}
