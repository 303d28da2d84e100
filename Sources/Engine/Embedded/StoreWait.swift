internal import CommitLog
internal import Model
internal import Platform
internal import Store
internal import Synchronization

/// A wait for records of several partitions, or for topics to come. It fires once, and lets go of
/// all it registered.
final class StoreWait: Wait {
  private let id: UInt64
  private let topics: PublishedTopics
  private let queue: (any CompletionQueue)?
  private let fire: @Sendable () -> Void
  private let isDone = Atomic(false)
  private let partitions = Lock<[PartitionLog]>([])

  init(
    id: UInt64, topics: PublishedTopics, queue: (any CompletionQueue)?,
    fire: @escaping @Sendable () -> Void
  ) {
    self.id = id
    self.topics = topics
    self.queue = queue
    self.fire = fire
  }

  /// Waits for `offset` of `partition` as well. Returns false, having fired, where it is there
  /// already.
  func add(_ partition: PartitionLog, offset: Int64) -> Bool {
    partitions.withLock { $0.append(partition) }
    guard partition.register(id: id, offset: offset, wake: { [self] _ in complete() }) else {
      complete()
      return false
    }
    // It may have fired for another partition, and let go of all, before this one was registered.
    if isDone.load(ordering: .acquiring) { partition.unregister(id: id) }
    return true
  }

  /// Waits for one of `names` as well. Returns false, having fired, where one is there already.
  func add(_ names: [TopicName]) -> Bool {
    guard topics.register(id: id, names: names, wake: { [self] _ in complete() }) else {
      complete()
      return false
    }
    if isDone.load(ordering: .acquiring) { topics.unregister(id: id) }
    return true
  }

  func complete() {
    guard end() else { return }
    guard let queue else { return fire() }
    queue.deliver(fire)
  }

  func cancel() { _ = end() }

  /// Lets go of everything; false where that was done already.
  private func end() -> Bool {
    guard !isDone.exchange(true, ordering: .acquiringAndReleasing) else { return false }
    for partition in partitions.withLock({ $0 }) { partition.unregister(id: id) }
    topics.unregister(id: id)
    return true
  }
}
