import Model
import Store
import TestSupport
import Testing

@testable import API

struct AssemblyTests {
  private func topic(_ partitions: Int32) -> Topic {
    Topic(
      name: TopicName("a")!, id: TopicID(high: 1, low: 2), partitionCount: partitions,
      configuration: TopicConfiguration())
  }

  @Test(arguments: 1...40)
  func `every record stands once, in order within its partition, in batches that fit`(
    _ seed: UInt64
  ) throws {
    var random = Seeded(seed)
    let partitions = Int32.random(in: 1...30, using: &random)
    let limit = Int.random(in: 150...2_000, using: &random)
    var assembly = Assembly(
      .init(partitionCount: partitions, maxMessageBytes: limit, timestamps: .min ... .max),
      sticky: 0, now: 1_000,
      expectedBytes: 0)
    var wanted: [(partition: Int32, value: [UInt8])] = []
    for number in 0..<Int.random(in: 1...300, using: &random) {
      let partition = Int32.random(in: 0..<partitions, using: &random)
      let value =
        Array("\(number)".utf8)
        + [UInt8](repeating: 46, count: Int.random(in: 0...60, using: &random))
      try assembly.add(key: nil, value: value, partition: partition, timestamp: nil, headers: [])
      wanted.append((partition, value))
    }

    let placements = assembly.places.placements
    let appends = assembly.appends(to: topic(partitions))

    #expect(appends.map(\.partition) == assembly.places.partitions, "seed \(seed)")
    var found: [[[UInt8]]] = []
    for append in appends {
      #expect(append.batch.size <= limit)
      var cursor = RecordCursor(append.batch)
      var values: [[UInt8]] = []
      while let record = try cursor.next() {
        #expect(record.timestamp == 1_000)
        values.append(Array(append.batch.storage[try #require(record.value)]))
      }
      found.append(values)
    }
    #expect(found.reduce(0) { $0 + $1.count } == wanted.count)
    var last: [Int32: (Int32, Int32)] = [:]
    for (placement, (partition, value)) in zip(placements, wanted) {
      let (batch, delta) = (placement.batch, placement.delta)
      try #require(batch >= 0, "seed \(seed)")
      #expect(appends[Int(batch)].partition == partition)
      #expect(found[Int(batch)][Int(delta)] == value)
      if let before = last[partition] { #expect(before < (batch, delta)) }
      last[partition] = (batch, delta)
    }
  }

  @Test func `a record that fits no batch is refused with its size`() throws {
    var assembly = Assembly(
      .init(partitionCount: 1, maxMessageBytes: 100, timestamps: .min ... .max), sticky: 0, now: 0,
      expectedBytes: 0)

    #expect(throws: Refusal.self) {
      try assembly.add(
        key: nil, value: [UInt8](repeating: 0, count: 100), partition: nil, timestamp: nil,
        headers: [])
    }
    try assembly.add(key: nil, value: [1], partition: nil, timestamp: nil, headers: [])

    #expect(assembly.places.placements == [.init(batch: 0, delta: 0)])
    #expect(assembly.appends(to: topic(1)).count == 1)
  }

  @Test func `records without a key go to the partition whose turn it is`() throws {
    let client = try InProcess(MemoryStore())
    _ = try client.send(.make("a", partitions: 3))

    let partitions = try (0..<6).map { _ in
      let text = try client.send(.v2("/topics/a", #"{"records":[{"value":1},{"value":2}]}"#)).text
      let found = text.matches(of: /"partition":(\d)/).map { String($0.1) }
      #expect(found.count == 2 && found[0] == found[1], "a request stays together")
      return found[0]
    }

    #expect(Set(partitions) == ["0", "1", "2"])
    #expect(partitions[..<3] == partitions[3...])
  }
}
