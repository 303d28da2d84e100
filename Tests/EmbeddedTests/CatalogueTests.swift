import CommitLog
import Model
import Platform
import StateLog
import Store
import Testing

@testable import Embedded

@Suite struct CatalogueTests {
  private let events = TopicName("events")!
  private let now = Instant(nanoseconds: 1)

  private func new(_ name: String, _ partitions: Int32) -> NewTopic {
    NewTopic(
      name: TopicName(name)!, partitionCount: partitions, configuration: TopicConfiguration())
  }

  private func id(_ low: UInt64) -> TopicID { TopicID(high: 1, low: low) }

  @discardableResult
  private func run(
    _ catalogue: inout Catalogue, _ command: Catalogue.Command
  ) throws(StoreError) -> Topic? {
    let decision = try catalogue.decide(command, now: now)
    for record in decision.records { catalogue.apply(record) }
    return decision.reply
  }

  private func numbers(_ catalogue: Catalogue, _ name: String = "events") -> [UInt32] {
    catalogue.topics[TopicName(name)!]?.partitions.map(\.rawValue) ?? []
  }

  @Test func `topics get the numbers that come next`() throws {
    var catalogue = Catalogue()

    let topic = try run(&catalogue, .create(new("events", 3), id: id(200)))
    try run(&catalogue, .create(new("other", 1), id: id(201)))
    try run(&catalogue, .alter(events, TopicChange(partitionCount: 5)))

    #expect(topic?.id == id(200) && topic?.partitionCount == 3)
    #expect(numbers(catalogue) == [1, 2, 3, 5, 6])
    #expect(numbers(catalogue, "other") == [4])
  }

  @Test func `changes of settings add up, also of callers that know nothing of each other`() throws
  {
    var catalogue = Catalogue()
    try run(&catalogue, .create(new("events", 1), id: id(200)))

    try run(&catalogue, .alter(events, TopicChange(settings: ["retention.ms": "1h"])))
    try run(&catalogue, .alter(events, TopicChange(settings: ["segment.ms": "2h"])))
    let topic = try run(
      &catalogue,
      .alter(events, TopicChange(settings: ["retention.ms": nil, "retention.bytes": "5"])))

    let explicit = ["segment.ms": "7200000", "retention.bytes": "5"]
    #expect(topic?.configuration.explicit == explicit)
    #expect(throws: StoreError.self) {
      try run(&catalogue, .alter(events, TopicChange(settings: ["segment.bytes": "1"])))
    }
    #expect(catalogue.topics[events]?.configuration.explicit == explicit)
  }

  @Test func `deciding changes nothing`() throws {
    let catalogue = Catalogue()

    _ = try catalogue.decide(.create(new("events", 3), id: id(200)), now: now)

    #expect(catalogue == Catalogue())
  }

  @Test func `numbers are never used again, not after a delete and not after a restart`() throws {
    var catalogue = Catalogue()
    try run(&catalogue, .create(new("events", 2), id: id(200)))
    try run(&catalogue, .delete(events))
    var image = CatalogueReplayer()
    _ = image.restore(
      CatalogueImage(
        newest: 7,
        records: catalogue.records.map { record in
          let (key, value) = Catalogue.encode(record)
          return CatalogueImage.Pair(key: key, value: value!)
        }))

    var restarted = image.catalogue
    try run(&restarted, .create(new("events", 2), id: id(201)))

    #expect(image.newest == 7)
    #expect(numbers(restarted) == [3, 4])
  }

  @Test func `what cannot be is refused, with its reason`() throws {
    var catalogue = Catalogue()
    try run(&catalogue, .create(new("events", 2), id: id(200)))
    let none = TopicName("none")!

    func refusal(_ command: Catalogue.Command) -> StoreError? {
      do throws(StoreError) {
        _ = try catalogue.decide(command, now: now)
        return nil
      } catch { return error }
    }
    #expect(refusal(.create(new("events", 1), id: id(201))) == .topicExists(events))
    #expect(refusal(.delete(none)) == .unknownTopic(none))
    #expect(refusal(.alter(none, TopicChange())) == .unknownTopic(none))
    for count: Int32 in [0, 1, 2] {
      guard
        case .invalidPartitionCount? = refusal(
          .alter(events, TopicChange(partitionCount: count)))
      else {
        Issue.record("\(count) partitions")
        continue
      }
    }
    for count: Int32 in [-1, 0, 100_001] {
      guard case .invalidPartitionCount? = refusal(.create(new("more", count), id: id(201))) else {
        Issue.record("\(count) partitions")
        continue
      }
    }
  }

  @Test func `the limit of partitions counts those that exist`() throws {
    var catalogue = Catalogue()
    try run(&catalogue, .create(new("events", 100_000), id: id(200)))
    #expect(throws: StoreError.self) {
      try catalogue.decide(.create(new("one", 1), id: id(201)), now: now)
    }

    try run(&catalogue, .delete(events))

    try run(&catalogue, .create(new("one", 100_000), id: id(201)))
    #expect(numbers(catalogue, "one").first == 100_001)
  }

  @Test func `records stand as the format says`() throws {
    let configuration = try TopicConfiguration(["segment.ms": "1000"])
    let entry = Catalogue.Entry(
      id: TopicID(high: 0x0102_0304_0506_0708, low: 9),
      partitions: [PartitionNumber(5), PartitionNumber(0x0001_0000)], configuration: configuration)

    let topic = Catalogue.encode(.topic(events, entry))
    let deleted = Catalogue.encode(.deleted(events))
    let next = Catalogue.encode(.nextPartition(0x0A0B_0C0D))

    #expect(topic.key == Array("topic:events".utf8))
    #expect(
      topic.value == [1, 8, 7, 6, 5, 4, 3, 2, 1, 9, 0, 0, 0, 0, 0, 0, 0]
        + [2, 0, 0, 0, 5, 0, 0, 0, 0, 0, 1, 0]
        + [1, 0, 0, 0, 10, 0] + Array("segment.ms".utf8) + [4, 0] + Array("1000".utf8))
    #expect(deleted.key == topic.key && deleted.value == nil)
    #expect(next.key == Array("next-partition".utf8))
    #expect(next.value == [1, 0x0D, 0x0C, 0x0B, 0x0A])
    for record in [Catalogue.Record.topic(events, entry), .deleted(events), .nextPartition(7)] {
      let (key, value) = Catalogue.encode(record)
      #expect(Catalogue.decode(key: key, value: value) == record)
    }
  }

  @Test func `foreign and cut records are nobody's`() {
    let entry = Catalogue.Entry(
      id: id(200), partitions: [PartitionNumber(5)], configuration: TopicConfiguration())
    let (key, value) = Catalogue.encode(.topic(events, entry))

    for count in 0..<value!.count {
      #expect(Catalogue.decode(key: key, value: Array(value!.prefix(count))) == nil)
    }
    #expect(Catalogue.decode(key: Array("topic:not a name".utf8), value: value) == nil)
    #expect(Catalogue.decode(key: Array("other".utf8), value: value) == nil)
    #expect(Catalogue.decode(key: key, value: [2] + value!.dropFirst()) == nil)
    #expect(Catalogue.decode(key: Array("next-partition".utf8), value: [1, 0]) == nil)
  }
}
