import Bytes
import Model
import Platform
import Testing

@Suite struct TopicNameTests {
  @Test(arguments: ["a", "Orders.v2", "_x-9", "...", String(repeating: "n", count: 249)])
  func `a name of Kafka's characters is accepted`(text: String) throws {
    #expect(try TopicName(validating: text).text == text)
    #expect(TopicName(text) != nil)
    #expect(TopicName(Array(text.utf8).span)?.text == text)
  }

  @Test(arguments: [
    ("", InvalidTopicName.Reason.empty),
    (".", .dots),
    ("..", .dots),
    (String(repeating: "n", count: 250), .tooLong(250)),
    ("a/b", .character("/")),
    ("a b", .character(" ")),
    ("größe", .character("ö")),
    ("a\0", .character("\0")),
    // A letter that equals its decomposed form in Swift, but is other bytes.
    ("caf\u{65}\u{301}", .character("é")),
    ("１", .character("１")),
  ])
  func `any other is refused with the rule that it breaks`(
    text: String, reason: InvalidTopicName.Reason
  ) {
    #expect(TopicName(text) == nil)
    #expect(TopicName(Array(text.utf8).span) == nil)
    #expect(throws: InvalidTopicName(text: text, reason: reason)) {
      try TopicName(validating: text)
    }
  }

  @Test func `bytes that are no UTF-8 are no name`() {
    #expect(TopicName(([0x61, 0xFF] as [UInt8]).span) == nil)
  }

  @Test func `a refusal is a sentence with the character`() {
    let fault = InvalidTopicName(text: "a/b", reason: .character("/"))

    #expect(fault.description.contains("'/' in 'a/b'"))
  }

  @Test func `names that begin with __curlew, and _schemas, are internal`() throws {
    #expect(try TopicName(validating: "__curlew_groups").isInternal)
    #expect(try TopicName(validating: "_schemas").isInternal)
    #expect(try !TopicName(validating: "_schemas2").isInternal)
    #expect(try !TopicName(validating: "__consumer_offsets").isInternal)
    #expect(try !TopicName(validating: "curlew").isInternal)
  }

  @Test func `names sort by their bytes`() throws {
    let names = try ["b", "a.b", "a-b", "B", "a_b", "a"].map { try TopicName(validating: $0) }

    #expect(names.sorted().map(\.text) == ["B", "a", "a-b", "a.b", "a_b", "b"])
  }

  @Test func `partitions sort by topic, then by number, and read as Kafka's directories`() throws {
    let (a, b) = (try TopicName(validating: "a"), try TopicName(validating: "b"))
    let sorted = [
      TopicPartition(topic: b, partition: 0), TopicPartition(topic: a, partition: 10),
      TopicPartition(topic: a, partition: 9),
    ].sorted()

    #expect(sorted.map(\.description) == ["a-9", "a-10", "b-0"])
  }
}

/// Random numbers that a test has written down.
final class ScriptedEntropy: Entropy, @unchecked Sendable {
  private var numbers: [UInt64]

  init(_ numbers: [UInt64]) { self.numbers = numbers }

  func next() -> UInt64 { numbers.removeFirst() }
}

@Suite struct TopicIDTests {
  @Test func `its text is base64url of the sixteen bytes`() {
    let id = TopicID(high: 0xFFEF_0000_0000_0001, low: 0x0203_0405_0607_08FB)

    // By hand: FF EF 00 | 00 00 00 | 00 01 02 | 03 04 05 | 06 07 08 | FB
    #expect(id.text == "_-8AAAAAAAECAwQFBgcI-w")
    #expect(TopicID("_-8AAAAAAAECAwQFBgcI-w") == id)
  }

  @Test(arguments: [
    "", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAA!", "AAAAAAAAAAAAAAAAAAAAAB",
  ])
  func `other text is no id`(text: String) {
    #expect(TopicID(text) == nil)
  }

  @Test func `a new id is neither reserved nor takes a dash for its first letter`() {
    let entropy = ScriptedEntropy([0, 99, 0xF800_0000_0000_0000, 1, 0xFBFF_0000_0000_0000, 1, 7, 8])

    let id = TopicID(from: entropy)

    #expect(id == TopicID(high: 7, low: 8))
  }
}

@Suite struct WordsTests {
  @Test func `words in requests are read as they are written`() {
    #expect(AckLevel.allCases.map(\.rawValue) == ["disk", "memory", "none"])
    #expect(IsolationLevel(rawValue: "read_committed") == .readCommitted)
    #expect(IsolationLevel(rawValue: "read_uncommitted") == .readUncommitted)
    #expect(AckLevel(rawValue: "all") == nil)
  }

  @Test func `the catalogue is partition 0 and numbers sort by value`() {
    #expect(PartitionNumber.catalogue == PartitionNumber(0))
    #expect(PartitionNumber(9) < PartitionNumber(10))
    #expect("\(PartitionNumber(10))" == "10")
  }

  @Test func `callers and what they call for read as in Kafka's rules`() throws {
    let topic = try TopicName(validating: "orders")

    #expect("\(Principal.anonymous)" == "User:ANONYMOUS")
    #expect("\(Resource.topic(topic))" == "Topic:orders")
    #expect("\(Resource.group("g"))" == "Group:g")
    #expect("\(Resource.cluster)" == "Cluster")
  }
}
