public import Model
internal import Platform

/// A segment as readers see it.
struct ReadableSegment: Sendable, Equatable {
  var base: Offset
  var generation: UInt32
  /// Up to where it can be read: the end of a closed interval that has been written.
  var length: Int64
  /// Rows of its sidecar that speak of it.
  var rows: Int
  /// One past the last offset below `length`.
  var end: Offset
  var greatestTimestamp: Timestamp
}

/// One partition as everybody but the materialiser sees it: its high watermark, its tail in memory,
/// what of its segments can be read, and who waits for more. All of it under one lock, held for
/// arithmetic.
///
/// Lock order: a partition's lock is taken with no other lock held but the sequencing lock.
public final class PartitionLog: Sendable {
  /// A batch in the tail.
  struct TailBatch: Sendable {
    var batch: RecordBatch
    var end: Offset
  }

  /// Something that wants to know when an offset is durable. Returns nothing; it is called with no
  /// lock held.
  struct Waiter: Sendable {
    var id: UInt64
    /// Woken as soon as the high watermark is above it.
    var offset: Offset
    var wake: @Sendable (WakeReason) -> Void
  }

  struct View: Sendable {
    var highWatermark: Offset = 0
    var logStart: Offset = 0
    var isDeleted = false
    var tail = Tail()
    var sealed: [ReadableSegment] = []
    /// Segments that still grow, behind the sealed ones.
    var open: [ReadableSegment] = []
    var waiters: [Waiter] = []
    /// Bytes and count of segment files, for people.
    var bytes: Int64 = 0
    /// Offsets that cannot be read: sorted, none touching another.
    var damage: [Range<Offset>] = []
    /// Those of them that the catalogue does not know yet.
    var newDamage: [Range<Offset>] = []
  }

  /// Why a waiter is woken.
  public enum WakeReason: Sendable, Equatable {
    /// The offset is durable.
    case durable
    /// The partition is gone.
    case deleted
    /// The journal failed: it will not become durable in this process.
    case failed
  }

  /// Who it is.
  public let identity: PartitionIdentity
  let view: Lock<View>

  /// A partition without records.
  public init(_ identity: PartitionIdentity) {
    self.identity = identity
    view = Lock(View())
  }

  /// What offsets it holds, and whether it has been deleted.
  public var range: (start: Offset, end: Offset, isDeleted: Bool) {
    view.withLock { ($0.logStart, $0.highWatermark, $0.isDeleted) }
  }

  /// Bytes and segments on disk.
  public var size: (bytes: Int64, segments: Int) {
    view.withLock { ($0.bytes, $0.sealed.count + $0.open.count) }
  }

  /// Shows `batch` to readers: it is durable. Returns the waiters that this satisfies; call them
  /// with no lock held.
  public func publish(_ batch: RecordBatch, end: Offset) -> [@Sendable (WakeReason) -> Void] {
    view.withLock { view in
      view.tail.append(TailBatch(batch: batch, end: end))
      view.highWatermark = end
      guard !view.waiters.isEmpty else { return [] }
      return view.takeWaiters { $0.offset < end }
    }
  }

  /// Moves the first offset that can be read: that is durable.
  public func publish(logStart: Offset) {
    view.withLock { $0.logStart = max($0.logStart, min(logStart, $0.highWatermark)) }
  }

  /// Marks it deleted. Returns all its waiters.
  public func publishDelete() -> [@Sendable (WakeReason) -> Void] {
    view.withLock { view in
      view.isDeleted = true
      view.tail = Tail()
      view.sealed = []
      view.open = []
      return view.takeWaiters { _ in true }
    }
  }

  /// Takes all waiters away, because the journal failed.
  public func fail() -> [@Sendable (WakeReason) -> Void] {
    view.withLock { $0.takeWaiters { _ in true } }
  }

  /// Registers `wake` for when `offset` is durable. Returns false, and keeps nothing, where that is
  /// so already or the partition is deleted: the look comes after the registration, under the lock
  /// that publishes.
  public func register(
    id: UInt64, offset: Offset, wake: @escaping @Sendable (WakeReason) -> Void
  ) -> Bool {
    view.withLock { view in
      guard view.highWatermark <= offset, !view.isDeleted else { return false }
      view.waiters.append(Waiter(id: id, offset: offset, wake: wake))
      return true
    }
  }

  /// Forgets the waiters registered under `id`.
  public func unregister(id: UInt64) {
    view.withLock { $0.waiters.removeAll { $0.id == id } }
  }

  /// How many wait.
  public var waiterCount: Int { view.withLock { $0.waiters.count } }

  /// Takes over what recovery found: everything up to `end` is durable and in segments.
  func restore(logStart: Offset, end: Offset) {
    view.withLock { view in
      view.logStart = logStart
      view.highWatermark = end
    }
  }

  /// Shows what the materialiser has written.
  func publish(sealed: [ReadableSegment], open: [ReadableSegment], bytes: Int64) {
    view.withLock { view in
      guard !view.isDeleted else { return }
      view.sealed = sealed
      view.open = open
      view.bytes = bytes
    }
  }

  /// Drops the oldest batch of the tail if the segments hold it. Returns false where it may not go
  /// yet.
  public func evictOldest() -> Bool {
    view.withLock { view in
      guard let oldest = view.tail.first else { return true }
      guard oldest.end <= view.readableEnd else { return false }
      view.tail.removeFirst()
      return true
    }
  }
}

extension PartitionLog.View {
  /// One past the last offset that segments can be asked for.
  var readableEnd: Offset { max(open.last?.end ?? sealed.last?.end ?? 0, logStart) }

  fileprivate mutating func takeWaiters(
    where isDue: (PartitionLog.Waiter) -> Bool
  ) -> [@Sendable (PartitionLog.WakeReason) -> Void] {
    var due: [@Sendable (PartitionLog.WakeReason) -> Void] = []
    waiters.removeAll { waiter in
      guard isDue(waiter) else { return false }
      due.append(waiter.wake)
      return true
    }
    return due
  }
}
