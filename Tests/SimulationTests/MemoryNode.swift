import Platform
import TestSupport

/// How a node can break its promise, to see that the checker notices.
enum Breach: CaseIterable {
  case repliesBeforeSync, readsAhead, splitsEntries, tearsBatches, flipsBits, losesTheLast
  case losesAmid, leavesGaps, writesTwice, resurrects, writesTheRefused, losesTopics
  case forgetsLogStarts, deletesTooMuch, readsBelowTheStart
  case returnsTopics, showsAnEarlierEnd, missesThePartition, changesTopics, losesFromReads
}

/// A node without files, for the checker's own tests: right unless told to break a promise. It
/// touches the disk only so that crashes come amid its work.
final class MemoryFactory: NodeFactory {
  fileprivate struct Log {
    var records: [NodeRecord] = []
    var start: Int64 = 0
  }

  fileprivate struct Topic {
    var id: Int
    var logs: [Log]
  }

  /// A request in the order in which it was sequenced.
  fileprivate struct Sequenced {
    var ticket: Int
    var request: NodeRequest
    var isAnswered = false
  }

  fileprivate let breach: Breach?
  fileprivate var random: SeededRandom
  fileprivate var topics: [String: Topic] = [:]
  fileprivate var deleted: [String: Topic] = [:]
  fileprivate var queue: [Sequenced] = []
  fileprivate var lost: [Sequenced] = []
  fileprivate var nextID = 1

  init(seed: UInt64, breach: Breach? = nil) {
    self.breach = breach
    random = SeededRandom(seed: seed)
  }

  func start(
    on files: any FileSystem, time: any TimeSource, entropy: any Entropy
  ) throws(StartFailure) -> any SimulatedNode {
    do throws(SystemError) {
      try files.makeDirectory("/data")
      for name in ["a", "b", "c"] { try files.put([1], to: "/data/" + name) }
    } catch { throw .disk(error) }
    recover()
    return MemoryNode(self, files)
  }

  /// Of what was sequenced some may have become durable before the crash, in its order.
  private func recover() {
    if breach == .resurrects {
      for old in lost { _ = apply(old.request) }
      lost = []
    }
    // What was answered early is lost more often than by chance.
    let survivors = breach == .repliesBeforeSync ? 0 : random.within(0...queue.count)
    for (index, entry) in queue.prefix(survivors).enumerated() {
      if index == survivors - 1, breach == .splitsEntries,
        case .append(let parts, let level) = entry.request
      {
        _ = apply(.append(Array(parts.prefix(1)), level: level))
      } else {
        _ = apply(entry.request)
      }
    }
    lost += queue.dropFirst(survivors)
    queue = []
    damage()
  }

  private func damage() {
    for name in topics.keys.sorted() {
      for index in topics[name]!.logs.indices where topics[name]!.logs[index].records.count > 2 {
        damage(&topics[name]!.logs[index])
      }
    }
    switch breach {
    case .losesTopics: if let name = topics.keys.min() { topics[name] = nil }
    case .returnsTopics:
      for (name, topic) in deleted where topics[name] == nil { topics[name] = topic }
    case .changesTopics:
      if let name = topics.keys.min() { topics[name]!.logs.append(Log()) }
    default: break
    }
  }

  private func damage(_ log: inout Log) {
    let count = log.records.count
    switch breach {
    case .forgetsLogStarts: log.start = 0
    case .flipsBits: log.records[count / 2].value[15] ^= 1
    case .losesTheLast: log.records.removeLast()
    case .losesAmid: log.records.remove(at: random.below(count))
    case .writesTwice: log.records.append(log.records[count - 1])
    default: break
    }
  }

  /// Makes a request's effect durable; the answer that it deserves.
  fileprivate func apply(_ request: NodeRequest) -> NodeAnswer {
    switch request {
    case .createTopic(let name, let partitions):
      if topics[name] != nil { return .refused("exists") }
      nextID += 1
      topics[name] = Topic(id: nextID, logs: Array(repeating: Log(), count: partitions))
      return .created(id: "id-\(nextID)")
    case .deleteTopic(let name):
      guard let topic = topics.removeValue(forKey: name) else { return .refused("unknown") }
      deleted[name] = topic
      return .deleted
    case .append(let parts, _):
      guard parts.allSatisfy({ $0.partition < topics[$0.topic]?.logs.count ?? 0 }) else {
        return .refused("unknown topic or partition")
      }
      if breach == .writesTheRefused, random.below(8) == 0 {
        for part in parts { _ = append(part) }
        return .refused("busy")
      }
      return .appended(parts.map(append))
    case .deleteRecords(let name, let partition, let before):
      guard let logs = topics[name]?.logs, logs.indices.contains(partition),
        case let log = logs[partition], before <= log.records.count
      else {
        return .refused("unknown topic, or out of range")
      }
      let more: Int64 = breach == .deletesTooMuch && before < log.records.count ? 1 : 0
      topics[name]!.logs[partition].start = max(log.start, before + more)
      return .advanced(start: topics[name]!.logs[partition].start)
    }
  }

  private func append(_ part: AppendPart) -> Int64 {
    var partition = part.partition
    let count = topics[part.topic]!.logs.count
    if breach == .missesThePartition, random.below(8) == 0 { partition = (partition + 1) % count }
    var records = part.records
    if breach == .tearsBatches, records.count > 2 { records.remove(at: 1) }
    let base = topics[part.topic]!.logs[partition].records.count
    topics[part.topic]!.logs[partition].records += records
    return Int64(base)
  }
}

private final class MemoryNode: SimulatedNode {
  private let store: MemoryFactory
  private let files: any FileSystem
  private var answers: [(ticket: Int, answer: NodeAnswer)] = []
  private var isPoisoned = false

  init(_ store: MemoryFactory, _ files: any FileSystem) {
    self.store = store
    self.files = files
  }

  func submit(_ request: NodeRequest, ticket: Int) {
    if isPoisoned { return answers.append((ticket, .refused("the journal has failed"))) }
    var entry = MemoryFactory.Sequenced(ticket: ticket, request: request)
    if case .append(let parts, _) = request, store.breach == .repliesBeforeSync {
      answers.append((ticket, .appended(parts.map(sequencedEnd))))
      entry.isAnswered = true
    }
    store.queue.append(entry)
  }

  /// Where a part will begin once everything in the queue is durable.
  private func sequencedEnd(_ part: AppendPart) -> Int64 {
    let durable = store.topics[part.topic]?.logs[part.partition].records.count ?? 0
    return Int64(durable + sequenced(part.topic, part.partition).count)
  }

  private func sequenced(_ topic: String, _ partition: Int) -> [NodeRecord] {
    store.queue.flatMap { entry -> [NodeRecord] in
      guard case .append(let parts, _) = entry.request else { return [] }
      return parts.filter { $0.topic == topic && $0.partition == partition }.flatMap(\.records)
    }
  }

  func takeAnswers() -> [(ticket: Int, answer: NodeAnswer)] {
    defer { answers = [] }
    return answers
  }

  func read(_ topic: String, _ partition: Int, from offset: Int64, maxBytes: Int) -> ReadAnswer {
    guard let logs = store.topics[topic]?.logs, partition < logs.count else { return .unknownTopic }
    var records = logs[partition].records
    if store.breach == .readsAhead { records += sequenced(topic, partition) }
    if store.breach == .showsAnEarlierEnd, records.count > 3, store.random.below(4) == 0 {
      records.removeLast(2)
    }
    let end = Int64(records.count)
    let start = store.breach == .readsBelowTheStart ? 0 : min(logs[partition].start, end)
    guard (start...end).contains(offset) else { return .outOfRange(start: start, end: end) }
    var found: [(Int64, NodeRecord)] = []
    var bytes = 0
    for index in Int(offset)..<records.count where bytes < maxBytes || found.isEmpty {
      found.append((Int64(index), records[index]))
      bytes += records[index].value.count
    }
    if store.breach == .leavesGaps, found.count > 2 { found.remove(at: 1) }
    if store.breach == .losesFromReads, store.random.below(4) == 0 { found = [] }
    return .records(found, end: end)
  }

  func topics() -> [TopicListing]? {
    store.topics.sorted { $0.key < $1.key }.map { name, topic in
      TopicListing(name: name, id: "id-\(topic.id)", partitions: topic.logs.count)
    }
  }

  func step(_ thread: NodeThread) -> Bool {
    guard thread == .commit, !store.queue.isEmpty, !isPoisoned else { return false }
    guard (try? files.put([2], to: "/data/journal")) != nil else {
      isPoisoned = true
      for entry in store.queue where !entry.isAnswered {
        answers.append((entry.ticket, .unknown("the journal has failed")))
      }
      return true
    }
    let entry = store.queue.removeFirst()
    let answer = store.apply(entry.request)
    if !entry.isAnswered { answers.append((entry.ticket, answer)) }
    return true
  }

  func stop() { while step(.commit) {} }
}
