import CommitLog
import Model
import Platform
import StateLog
import Store
import TestSupport

@testable import Embedded

/// Starts the embedded engine on a simulated disk.
struct EngineFactory: NodeFactory {
  var profile: EngineProfile
  var sabotage: Sabotage = []

  func start(
    on files: any FileSystem, time: any TimeSource, entropy: any Entropy
  ) throws(StartFailure) -> any SimulatedNode {
    var options = StoreOptions(directory: "/data")
    options.geometry = profile.geometry
    options.limits = profile.limits
    options.fileSystem = files
    options.time = time
    options.entropy = entropy
    options.segmentBytes = profile.segmentBytes
    options.diskReserve = profile.diskReserve
    options.retentionInterval = .seconds(1)
    options.sabotage = sabotage
    do throws(LogError) {
      return EngineNode(
        try Node(options), profile.configuration, SeededRandom(seed: entropy.next()))
    } catch {
      switch error {
      case .system(let error): throw .disk(error)
      case .uncertainFrame(let path, let block):
        let start = Int64(block) * Int64(JournalGeometry.blockSize)
        throw .uncertain(path: path, range: start..<start + Int64(JournalGeometry.blockSize))
      default: throw .refused("\(error)")
      }
    }
  }
}

/// The engine without its threads: the simulation steps them.
final class EngineNode: SimulatedNode {
  private let node: Node
  private let configuration: TopicConfiguration
  private var random: SeededRandom
  private let answers = Answers()

  /// Answers on their way to the clients.
  private final class Answers: Sendable {
    private let held = Lock<[(ticket: Int, answer: NodeAnswer)]>([])

    func add(_ ticket: Int, _ answer: NodeAnswer) { held.withLock { $0.append((ticket, answer)) } }

    func takeAll() -> [(ticket: Int, answer: NodeAnswer)] {
      held.withLock { held in
        defer { held = [] }
        return held
      }
    }
  }

  init(_ node: Node, _ configuration: TopicConfiguration, _ random: SeededRandom) {
    self.node = node
    self.configuration = configuration
    self.random = random
  }

  // Requests.

  func submit(_ request: NodeRequest, ticket: Int) {
    switch request {
    case .append(let parts, let level): append(parts, level, ticket)
    case .createTopic(let name, let partitions):
      let topic = NewTopic(
        name: TopicName(name)!, partitionCount: Int32(partitions), configuration: configuration)
      let id = TopicID(from: node.options.entropy)
      submit(.create(topic, id: id), ticket) { .created(id: $0!.id.text) }
    case .deleteTopic(let name):
      submit(.delete(TopicName(name)!), ticket) { _ in .deleted }
    case .deleteRecords(let name, let partition, let before):
      deleteRecords(name, partition, before, ticket)
    }
  }

  private func append(_ parts: [AppendPart], _ level: NodeRequest.Level, _ ticket: Int) {
    var appends: [Entry.Append] = []
    for part in parts {
      guard let topic = node.topics.known(TopicName(part.topic)!)?.topic else {
        return answers.add(ticket, .refused("no topic \(part.topic)"))
      }
      appends.append(
        Entry.Append(topic: topic, partition: Int32(part.partition), batch: batch(part.records)))
    }
    let entry = Entry(appends: appends, acks: level == .disk ? .disk : .memory)
    do throws(StoreError) {
      try node.sequencer.append(
        entry,
        reply: AppendReply { [answers] result in
          answers.add(ticket, Self.answer(result) { .appended($0.baseOffsets) })
        })
    } catch {
      answers.add(ticket, Self.refusal(error))
    }
  }

  private func deleteRecords(_ name: String, _ partition: Int, _ before: Int64, _ ticket: Int) {
    guard let log = node.topics.known(TopicName(name)!)?.partitions[partition] else {
      return answers.add(ticket, .refused("no topic \(name)"))
    }
    guard before <= log.range.end else { return answers.add(ticket, .refused("out of range")) }
    do throws(StoreError) {
      try node.sequencer.advance(
        [LogStartAdvance(partition: log.identity.number, offset: before)],
        reply: AppendReply { [answers] result in
          answers.add(ticket, Self.answer(result) { _ in .advanced(start: log.range.start) })
        })
    } catch {
      answers.add(ticket, Self.refusal(error))
    }
  }

  private func batch(_ records: [NodeRecord]) -> RecordBatch {
    var builder = RecordBatchBuilder()
    let now = node.options.time.wallMilliseconds
    for record in records {
      builder.append(key: record.key?.span, value: record.value.span, timestamp: now)
    }
    return builder.finish()
  }

  private func submit(
    _ command: Catalogue.Command, _ ticket: Int,
    _ success: @escaping @Sendable (Topic?) -> NodeAnswer
  ) {
    node.catalogue.submit(
      command,
      reply: Reply { [answers] result in
        answers.add(ticket, Self.answer(result.flatMap { $0 }, success))
      })
  }

  private static func answer<Value>(
    _ result: Result<Value, StoreError>, _ success: (Value) -> NodeAnswer
  ) -> NodeAnswer {
    switch result {
    case .success(let value): success(value)
    case .failure(let error): refusal(error)
    }
  }

  private static func refusal(_ error: StoreError) -> NodeAnswer {
    error == .commitUnknown ? .unknown("\(error)") : .refused("\(error)")
  }

  func takeAnswers() -> [(ticket: Int, answer: NodeAnswer)] { answers.takeAll() }

  // Reads.

  func read(_ topic: String, _ partition: Int, from offset: Int64, maxBytes: Int) -> ReadAnswer {
    guard let known = node.topics.known(TopicName(topic)!) else { return .unknownTopic }
    let log = known.partitions[partition]
    do throws(LogError) {
      var outcome = try read(log, offset, maxBytes, mayBlock: random.coin())
      if case .wouldBlock = outcome {
        outcome = try read(log, offset, maxBytes, mayBlock: true)
      }
      switch outcome {
      case .batches(let batches):
        return .records(try records(in: batches, from: offset), end: log.range.end)
      case .outOfRange(let start, let end): return .outOfRange(start: start, end: end)
      case .deleted: return .unknownTopic
      case .damaged(let range): return .damaged(range)
      case .wouldBlock: return .unavailable("a read that may block would have to")
      }
    } catch {
      return .unavailable("\(error)")
    }
  }

  private func read(
    _ log: PartitionLog, _ offset: Int64, _ maxBytes: Int, mayBlock: Bool
  ) throws(LogError) -> ReadOutcome {
    defer { node.damage.look(at: log) }
    return try log.read(
      from: offset, maxBytes: maxBytes, in: node.directory.path(of: log.identity),
      cache: node.cache, mayBlock: mayBlock)
  }

  private func records(
    in batches: [RecordBatch], from offset: Int64
  ) throws(LogError) -> [(Int64, NodeRecord)] {
    var records: [(Int64, NodeRecord)] = []
    for batch in batches {
      var cursor = RecordCursor(batch)
      do throws(RecordBatchFault) {
        while let record = try cursor.next() {
          guard record.offset >= offset else { continue }
          records.append(
            (
              record.offset,
              NodeRecord(
                key: record.key.map { Array(batch.storage[$0]) },
                value: record.value.map { Array(batch.storage[$0]) } ?? [])
            ))
        }
      } catch {
        throw .refused("records of a batch at \(batch.baseOffset): \(error)")
      }
    }
    return records
  }

  func topics() -> [TopicListing]? {
    node.topics.all.map { topic in
      TopicListing(
        name: topic.name.text, id: topic.id.text, partitions: Int(topic.partitionCount))
    }
  }

  func damage() -> [DamagedRecords] {
    node.topics.all.flatMap { topic in
      (node.topics.known(topic.id)?.partitions ?? []).flatMap { log in
        log.damage.map {
          DamagedRecords(topic: topic.id.text, partition: Int(log.identity.index), offsets: $0)
        }
      }
    }
  }

  // Threads.

  func step(_ thread: NodeThread) -> Bool {
    switch thread {
    case .commit:
      switch node.commit.step() {
      case .wrote: return true
      // Five milliseconds with nothing queued are one of the things that may happen now.
      case .idle: return random.coin() && node.commit.seal() == .wrote
      case .waitsForJournal, .failed: return false
      }
    case .materialise: return node.materialiser.step()
    case .checkpoint, .housekeep:
      let before = (node.sequencer.isIdle, node.sequencer.stopReason)
      // Room that it made may have let waiting entries go on; its failure is news for the others.
      return node.collectDamage() || node.housekeeper.step() || before != (node.sequencer.isIdle, node.sequencer.stopReason)
    }
  }

  func stop() {
    node.sequencer.stop(.closing).deliver()
    var rounds = 0
    while rounds < 10_000, NodeThread.allCases.map(step).contains(true) { rounds += 1 }
    _ = node.commit.seal()
    guard node.housekeeper.failure == nil, node.sequencer.stopReason == .closing else { return }
    _ = try? node.housekeeper.checkpoint(clean: true)
  }
}
