internal import CommitLog
internal import Model
internal import Platform
internal import Store

/// The topics as everybody may know them: only what is durable. Follows partition 0 as its records
/// become durable.
final class PublishedTopics: Sendable {
  /// A topic and its partitions, by index.
  struct Known: Sendable {
    let topic: Topic
    let partitions: [PartitionLog]
  }

  fileprivate struct NameWaiter: Sendable {
    var id: UInt64
    var names: [TopicName]
    var wake: @Sendable (PartitionLog.WakeReason) -> Void
  }

  fileprivate struct State: Sendable {
    var byName: [TopicName: Known] = [:]
    var byID: [TopicID: Known] = [:]
    var waiters: [NameWaiter] = []
    var version: UInt64 = 0
  }

  private let table: PartitionTable
  private let state: Lock<State>

  init(_ catalogue: Catalogue, table: PartitionTable) {
    self.table = table
    var initial = State()
    for (name, entry) in catalogue.topics { initial.show(name, entry, table) }
    for (number, ranges) in catalogue.damage { table[number]?.show(damage: ranges) }
    state = Lock(initial)
  }

  func known(_ name: TopicName) -> Known? { state.withLock { $0.byName[name] } }

  func known(_ id: TopicID) -> Known? { state.withLock { $0.byID[id] } }

  var all: [Topic] {
    state.withLock { $0.byName.values.map(\.topic) }.sorted { $0.name < $1.name }
  }

  /// Damaged offsets of user topics and others, as far as known, by topic and partition.
  var damage: [(topic: TopicName, partition: PartitionIndex, range: Range<Offset>)] {
    known.sorted { $0.topic.name < $1.topic.name }.flatMap { known in
      known.partitions.flatMap { log in
        log.damage.map { (known.topic.name, log.identity.index, $0) }
      }
    }
  }

  /// All topics with their partitions, in no order.
  var known: [Known] { state.withLock { Array($0.byName.values) } }

  /// Another number after every change of any topic.
  var version: UInt64 { state.withLock { $0.version } }

  /// Applies a durable batch of partition 0. Returns whom to wake, with no lock held.
  func publish(_ batch: RecordBatch) -> [@Sendable (PartitionLog.WakeReason) -> Void] {
    let records = Catalogue.records(in: batch)
    for case .damage(let number, let ranges) in records { table[number]?.show(damage: ranges) }
    return state.withLock { state in
      var due: [@Sendable (PartitionLog.WakeReason) -> Void] = []
      state.version += 1
      for record in records {
        switch record {
        case .topic(let name, let entry):
          state.show(name, entry, table)
          state.waiters.removeAll { waiter in
            guard waiter.names.contains(name) else { return false }
            due.append(waiter.wake)
            return true
          }
        case .deleted(let name):
          if let known = state.byName.removeValue(forKey: name) {
            state.byID[known.topic.id] = nil
          }
        case .damage, .nextPartition: break
        }
      }
      return due
    }
  }

  /// Registers a wait for topics to come; false, and nothing is kept, where one of them is there.
  func register(
    id: UInt64, names: [TopicName], wake: @escaping @Sendable (PartitionLog.WakeReason) -> Void
  ) -> Bool {
    state.withLock { state in
      guard !names.contains(where: { state.byName[$0] != nil }) else { return false }
      state.waiters.append(NameWaiter(id: id, names: names, wake: wake))
      return true
    }
  }

  func unregister(id: UInt64) { state.withLock { $0.waiters.removeAll { $0.id == id } } }
}

extension PublishedTopics.State {
  fileprivate mutating func show(
    _ name: TopicName, _ entry: Catalogue.Entry, _ table: PartitionTable
  ) {
    let partitions = entry.identities(name).map { table.insert($0) }
    let known = PublishedTopics.Known(topic: entry.topic(name), partitions: partitions)
    byName[name] = known
    byID[entry.id] = known
  }
}
