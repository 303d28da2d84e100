internal import Bytes
public import CommitLog
public import Model
public import Platform
public import StateLog
public import Store

// The catalogue's topic is `__curlew_catalogue`, partition number 0. Its records, little-endian:
//
//   key "topic:" and the name in UTF-8; value, `nil` where the topic was deleted:
//     u8 version, 1; topic id, high u64 and low u64; u32 partitions, for each its u32 number;
//     u32 settings, for each name and value (u16 length, UTF-8 each)
//   key "next-partition"; value:
//     u8 version, 1; u32 the number that the next new partition gets
//   key "damage:" and the u32 number of a partition; value, `nil` where it has none any more:
//     u8 version, 1; u32 ranges, for each i64 first offset and i64 offset behind the last
//
// Partition numbers are never used again, so the second record outlives the topics.

/// The topics of the node and which partition numbers they have: a pure state machine.
public struct Catalogue: StateMachine, Equatable {
  /// A topic as the catalogue knows it.
  public struct Entry: Sendable, Equatable {
    /// Its identity.
    public var id: TopicID
    /// The numbers of its partitions, by index.
    public var partitions: [PartitionNumber]
    /// The settings that were given to it.
    public var configuration: TopicConfiguration
  }

  /// What can be asked for.
  public enum Command: Sendable {
    /// Make a topic of this identity.
    case create(NewTopic, id: TopicID)
    /// Change one.
    case alter(TopicName, TopicChange)
    /// Remove one.
    case delete(TopicName)
    /// Keep in mind that these offsets cannot be read.
    case damage([PartitionRange])
    /// These ranges, which were damaged, can be read again.
    case healed([PartitionRange])
  }

  /// What happened.
  public enum Record: Sendable, Equatable {
    /// The topic is now this.
    case topic(TopicName, Entry)
    /// The topic is gone.
    case deleted(TopicName)
    /// New partitions are numbered from here on.
    case nextPartition(UInt32)
    /// These are all offsets of the partition that cannot be read.
    case damage(PartitionNumber, [Range<Offset>])
  }

  /// How many partitions a node holds at most.
  public static let partitionLimit = 100_000
  /// The topic that holds the catalogue itself.
  static let topicName: TopicName = {
    guard let name = TopicName("__curlew_catalogue") else { preconditionFailure("a legal name") }
    return name
  }()
  /// The partition that holds the catalogue itself.
  static let identity = PartitionIdentity(
    number: .catalogue, topicID: TopicID(high: 0, low: 0), topic: topicName, index: 0)

  /// All topics by name.
  public private(set) var topics: [TopicName: Entry] = [:]
  /// The offsets of each partition that cannot be read.
  public private(set) var damage: [PartitionNumber: [Range<Offset>]] = [:]
  private var nextPartition: UInt32 = 1
  private var partitionCount = 0

  /// No topics.
  public init() {}

  public func decide(
    _ command: Command, now: Instant
  ) throws(StoreError) -> Decision<Record, Topic?> {
    switch command {
    case .create(let new, let id): try create(new, id)
    case .alter(let name, let change): try alter(name, change)
    case .delete(let name): try delete(name)
    case .damage(let ranges): note(ranges)
    case .healed(let ranges): forget(ranges)
    }
  }

  /// Ranges that are known, or of partitions that are gone, change nothing.
  private func note(_ ranges: [PartitionRange]) -> Decision<Record, Topic?> {
    let known = Set(topics.values.flatMap(\.partitions))
    var changed: [PartitionNumber: [Range<Offset>]] = [:]
    for range in ranges where known.contains(range.partition) {
      let before = changed[range.partition] ?? damage[range.partition] ?? []
      changed[range.partition] = before.union(range.offsets)
    }
    let records = changed.keys.sorted().compactMap { number -> Record? in
      guard let ranges = changed[number], ranges != damage[number] else { return nil }
      return .damage(number, ranges)
    }
    return Decision(records: records, reply: nil)
  }

  private func forget(_ ranges: [PartitionRange]) -> Decision<Record, Topic?> {
    let numbers = Set(ranges.map(\.partition)).sorted()
    let records = numbers.compactMap { number -> Record? in
      guard let known = damage[number] else { return nil }
      let left = known.filter { !ranges.contains(PartitionRange(number, $0)) }
      return left == known ? nil : .damage(number, left)
    }
    return Decision(records: records, reply: nil)
  }

  private func create(_ new: NewTopic, _ id: TopicID) throws(StoreError) -> Decision<Record, Topic?>
  {
    guard topics[new.name] == nil else { throw .topicExists(new.name) }
    let entry = Entry(
      id: id, partitions: try numbers(new.partitionCount), configuration: new.configuration)
    return decision(new.name, entry, grownBy: new.partitionCount)
  }

  private func alter(
    _ name: TopicName, _ change: TopicChange
  ) throws(StoreError) -> Decision<Record, Topic?> {
    guard var entry = topics[name] else { throw .unknownTopic(name) }
    do throws(SettingFault) {
      entry.configuration = try entry.configuration.changed(change.settings)
    } catch {
      throw .invalidConfiguration(error.description)
    }
    var growth: Int32 = 0
    if let count = change.partitionCount {
      growth = count - Int32(entry.partitions.count)
      guard growth > 0 else {
        throw .invalidPartitionCount(
          "Topic already has \(entry.partitions.count) partitions; their number can only grow.")
      }
      entry.partitions += try numbers(growth)
    }
    return decision(name, entry, grownBy: growth)
  }

  private func delete(_ name: TopicName) throws(StoreError) -> Decision<Record, Topic?> {
    guard topics[name] != nil else { throw .unknownTopic(name) }
    return Decision(records: [.deleted(name)], reply: nil)
  }

  private func numbers(_ count: Int32) throws(StoreError) -> [PartitionNumber] {
    guard count > 0, partitionCount + Int(count) <= Self.partitionLimit else {
      throw .invalidPartitionCount(
        count > 0
          ? "A node holds at most \(Self.partitionLimit) partitions; \(partitionCount) exist."
          : "Number of partitions must be larger than 0.")
    }
    return (0..<UInt32(count)).map { PartitionNumber(nextPartition + $0) }
  }

  private func decision(
    _ name: TopicName, _ entry: Entry, grownBy growth: Int32
  ) -> Decision<Record, Topic?> {
    var records: [Record] = [.topic(name, entry)]
    if growth > 0 { records.append(.nextPartition(nextPartition + UInt32(growth))) }
    return Decision(records: records, reply: entry.topic(name))
  }

  public mutating func apply(_ record: Record) {
    switch record {
    case .topic(let name, let entry):
      partitionCount += entry.partitions.count - (topics[name]?.partitions.count ?? 0)
      topics[name] = entry
    case .deleted(let name):
      partitionCount -= topics[name]?.partitions.count ?? 0
      for number in topics[name]?.partitions ?? [] { damage[number] = nil }
      topics[name] = nil
    case .damage(let number, let ranges): damage[number] = ranges.isEmpty ? nil : ranges
    case .nextPartition(let number): nextPartition = max(nextPartition, number)
    }
  }

  /// Everything that it knows, as records that rebuild it.
  var records: [Record] {
    [.nextPartition(nextPartition)]
      + topics.sorted { $0.key < $1.key }.map { .topic($0.key, $0.value) }
      + damage.sorted { $0.key < $1.key }.map { .damage($0.key, $0.value) }
  }
}

extension Catalogue.Entry {
  /// The topic as the store hands it out.
  func topic(_ name: TopicName) -> Topic {
    Topic(
      name: name, id: id, partitionCount: Int32(partitions.count), configuration: configuration)
  }

  /// Its partitions, by index.
  func identities(_ name: TopicName) -> [PartitionIdentity] {
    partitions.enumerated().map { index, number in
      PartitionIdentity(number: number, topicID: id, topic: name, index: Int32(index))
    }
  }
}

extension Catalogue {
  private static let topicPrefix = Array("topic:".utf8)
  private static let counterKey = Array("next-partition".utf8)
  private static let damagePrefix = Array("damage:".utf8)

  public static func encode(_ record: Record) -> (key: [UInt8], value: [UInt8]?) {
    switch record {
    case .deleted(let name): return (topicPrefix + name.text.utf8, nil)
    case .nextPartition(let number):
      var value: [UInt8] = [1]
      value.append(littleEndian: number)
      return (counterKey, value)
    case .damage(let number, let ranges):
      var key = damagePrefix
      key.append(littleEndian: number.rawValue)
      guard !ranges.isEmpty else { return (key, nil) }
      var value: [UInt8] = [1]
      value.append(littleEndian: UInt32(ranges.count))
      for range in ranges {
        value.append(littleEndian: range.lowerBound)
        value.append(littleEndian: range.upperBound)
      }
      return (key, value)
    case .topic(let name, let entry):
      var value: [UInt8] = [1]
      value.append(littleEndian: entry.id.high)
      value.append(littleEndian: entry.id.low)
      value.append(littleEndian: UInt32(entry.partitions.count))
      for number in entry.partitions { value.append(littleEndian: number.rawValue) }
      let settings = entry.configuration.explicit.sorted { $0.key < $1.key }
      value.append(littleEndian: UInt32(settings.count))
      for (name, text) in settings {
        value.append(text: name)
        value.append(text: text)
      }
      return (topicPrefix + name.text.utf8, value)
    }
  }

  public static func decode(key: [UInt8], value: [UInt8]?) -> Record? {
    if key == counterKey {
      guard let value, value.count == 5, value[0] == 1 else { return nil }
      return .nextPartition(value.load(littleEndianAt: 1))
    }
    if key.starts(with: damagePrefix), key.count == damagePrefix.count + 4 {
      let number = PartitionNumber(key.load(littleEndianAt: damagePrefix.count))
      guard let value else { return .damage(number, []) }
      return (try? ranges(value)).map { .damage(number, $0) }
    }
    guard key.starts(with: topicPrefix),
      let name = TopicName(String(decoding: key.dropFirst(topicPrefix.count), as: UTF8.self))
    else { return nil }
    guard let value else { return .deleted(name) }
    return (try? entry(value)).map { .topic(name, $0) }
  }

  private static func ranges(_ value: [UInt8]) throws(ByteReader.Short) -> [Range<Offset>] {
    var reader = ByteReader(value)
    guard try reader.little(UInt8.self) == 1 else { throw ByteReader.Short() }
    let count: UInt32 = try reader.little()
    var ranges: [Range<Offset>] = []
    for _ in 0..<count {
      let (first, end): (Offset, Offset) = (try reader.little(), try reader.little())
      guard first < end else { throw ByteReader.Short() }
      ranges.append(first..<end)
    }
    return ranges
  }

  private static func entry(_ value: [UInt8]) throws(ByteReader.Short) -> Entry {
    var reader = ByteReader(value)
    guard try reader.little(UInt8.self) == 1 else { throw ByteReader.Short() }
    let id = TopicID(high: try reader.little(), low: try reader.little())
    let count: UInt32 = try reader.little()
    var partitions: [PartitionNumber] = []
    for _ in 0..<count { partitions.append(PartitionNumber(try reader.little())) }
    let settings: UInt32 = try reader.little()
    var explicit: [String: String] = [:]
    for _ in 0..<settings {
      let name = try reader.text()
      explicit[name] = try reader.text()
    }
    return Entry(
      id: id, partitions: partitions, configuration: TopicConfiguration(recorded: explicit))
  }
}
