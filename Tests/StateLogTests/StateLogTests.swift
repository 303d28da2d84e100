import Platform
import StateLog
import Store
import TestSupport
import Testing

/// Names and how often each was added, at most three times.
private struct Tally: StateMachine, Equatable {
  struct TooOften: Error, Equatable { var name: String }

  private(set) var counts: [String: Int] = [:]

  func decide(
    _ command: String, now: Instant
  ) throws(TooOften) -> Decision<(String, Int), Int> {
    // An empty name changes nothing.
    if command.isEmpty { return Decision(records: [], reply: counts.count) }
    let count = counts[command, default: 0] + 1
    guard count <= 3 else { throw TooOften(name: command) }
    return Decision(records: [(command, count)], reply: count)
  }

  mutating func apply(_ record: (String, Int)) { counts[record.0] = record.1 }

  static func encode(_ record: (String, Int)) -> (key: [UInt8], value: [UInt8]?) {
    (Array(record.0.utf8), [UInt8(record.1)])
  }

  static func decode(key: [UInt8], value: [UInt8]?) -> (String, Int)? {
    guard let value, value.count == 1 else { return nil }
    return (String(decoding: key, as: UTF8.self), Int(value[0]))
  }
}

/// Answers in the order in which they came.
private final class Answers: Sendable {
  private let held = Lock<[String]>([])

  var all: [String] { held.withLock { $0 } }

  func reply<Value>() -> Reply<Value> {
    Reply { [self] result in
      let text =
        switch result {
        case .success(let value): "\(value)"
        case .failure(let error): "store: \(error)"
        }
      held.withLock { $0.append(text) }
    }
  }
}

@Suite struct StateLogTests {
  private let partition = MemoryPartition()
  private let log: StateLog<Tally>
  private let answers = Answers()

  init() { log = StateLog(Tally(), partition: partition, time: ManualTime()) }

  private func submit(_ name: String) { log.submit(name, reply: answers.reply()) }

  @Test func `a reply waits until its records are durable`() {
    submit("a")
    #expect(answers.all == [])

    partition.sync()

    #expect(answers.all == ["success(1)"])
    #expect(partition.records == [StateRecord(key: Array("a".utf8), value: [1])])
  }

  @Test func `a refusal waits for the records that it rests on`() {
    for _ in 0..<4 { submit("a") }
    #expect(answers.all == [])

    partition.sync()

    #expect(answers.all.last?.contains("TooOften") == true)
    #expect(answers.all.count == 4 && partition.records.count == 3)
  }

  @Test func `a read waits for the newest record that it shows`() {
    submit("a")
    log.read({ $0.counts["a"] }, reply: answers.reply())
    #expect(answers.all == [])

    partition.sync()

    #expect(answers.all == ["success(1)", "Optional(1)"])
  }

  @Test func `commands in one sync window see each other`() {
    submit("a")
    submit("a")
    submit("")
    partition.sync()

    #expect(answers.all == ["success(1)", "success(2)", "success(1)"])
    #expect(log.peek { $0.counts } == ["a": 2])
  }

  @Test func `an answer that rests on nothing new comes at once`() {
    submit("")
    #expect(answers.all == ["success(0)"])

    submit("a")
    partition.sync()
    log.read({ $0.counts.count }, reply: answers.reply())

    #expect(answers.all == ["success(0)", "success(1)", "1"])
  }

  @Test func `a store that refuses leaves the machine as it was`() {
    partition.refuse(.busy(retryAfterSeconds: 1))
    submit("a")
    #expect(answers.all == ["store: busy(retryAfterSeconds: 1)"])
    #expect(log.peek { $0.counts } == [:])

    partition.refuse(nil)
    submit("a")
    partition.sync()

    #expect(answers.all.last == "success(1)")
  }

  @Test func `a failure of the journal leaves every answer open`() {
    submit("a")
    log.read({ $0.counts }, reply: answers.reply())

    partition.fail()

    #expect(answers.all == ["store: commitUnknown", "store: commitUnknown"])
  }

  @Test func `the topic alone rebuilds the machine, foreign records left out`() throws {
    submit("a")
    submit("a")
    submit("b")
    _ = try partition.append([StateRecord(key: [0xFF], value: nil)], with: [])
    partition.sync()
    let again = StateLog(Tally(), partition: partition, time: ManualTime())

    try again.load(from: Tally())

    #expect(again.peek { $0.counts } == ["a": 2, "b": 1])
    again.submit("a", reply: answers.reply())
    #expect(partition.records.last == StateRecord(key: Array("a".utf8), value: [3]))
  }
}
