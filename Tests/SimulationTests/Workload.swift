import TestSupport

/// What clients do, at random but repeatably: they create and delete topics, append small and large
/// entries to one partition or several, and read, mostly at the tail.
struct Workload {
  struct Limits {
    var topics = 4
    var partitions = 3
    /// Requests on their way at once.
    var open = 8
    /// The most parts of an append, and records of a part.
    var parts = 4
    var records = 20
    /// Bytes of a large value.
    var large = 40_000
    /// One append in so many has such a value.
    var largeShare = 20
  }

  enum Action: Equatable {
    case submit(NodeRequest)
    case read(String, Int, from: Int64, maxBytes: Int)
    case list
  }

  private var random: SeededRandom
  private let limits: Limits

  init(seed: UInt64, limits: Limits = Limits()) {
    random = SeededRandom(seed: seed)
    self.limits = limits
  }

  /// What the next client does, given what clients know.
  mutating func next(_ checker: Checker) -> Action {
    let isFull = checker.openCount >= limits.open
    let usable = checker.current.keys.sorted().filter { name in
      let life = checker.lives[checker.current[name]!]
      return life.isCreated == .yes && life.isDeleted == .no && !life.isBusy
    }
    switch random.below(100) {
    case _ where usable.isEmpty, 0..<4: return isFull ? .list : create(checker) ?? .list
    case 4..<6: return isFull ? .list : .submit(.deleteTopic(pick(usable)))
    case 6..<9: return isFull ? .list : deleteRecords(usable, checker)
    case 9..<70: return isFull ? read(usable, checker) : append(usable, checker)
    case 70..<96: return read(usable, checker)
    default: return .list
    }
  }

  private mutating func create(_ checker: Checker) -> Action? {
    let free = (0..<limits.topics).map { "topic-\($0)" }.filter { name in
      checker.current[name].map { checker.lives[$0].isOver } ?? true
    }
    guard !free.isEmpty else { return nil }
    return .submit(.createTopic(pick(free), partitions: random.within(1...limits.partitions)))
  }

  private mutating func append(_ topics: [String], _ checker: Checker) -> Action {
    let number = checker.appends.count
    var targets: [(topic: String, partition: Int)] = []
    for _ in 0..<(random.below(3) == 0 ? random.within(1...limits.parts) : 1) {
      let topic = pick(topics)
      let partition = random.below(checker.lives[checker.current[topic]!].partitions)
      if !targets.contains(where: { $0 == (topic, partition) }) {
        targets.append((topic, partition))
      }
    }
    // A large entry has one large part.
    let large = random.below(limits.largeShare) == 0 ? random.below(targets.count) : -1
    let parts = targets.enumerated().map { index, target in
      let records = (0..<(random.below(4) == 0 ? random.within(1...limits.records) : 1)).map {
        record in
        Payload.record(
          RecordName(append: number, part: index, index: record),
          length: index == large && record == 0 ? limits.large : length())
      }
      return AppendPart(topic: target.topic, partition: target.partition, records: records)
    }
    return .submit(.append(parts, level: random.below(10) == 0 ? .memory : .disk))
  }

  /// Up to some record that somebody has seen, and now and then beyond the end.
  private mutating func deleteRecords(_ topics: [String], _ checker: Checker) -> Action {
    let topic = pick(topics)
    let life = checker.lives[checker.current[topic]!]
    let partition = random.below(life.partitions)
    let end = Int(life.logs[partition].end)
    let before =
      random.below(20) == 0 ? end + 100 : random.below(3) == 0 ? end : random.within(0...end)
    return .submit(.deleteRecords(topic, partition: partition, before: Int64(before)))
  }

  private mutating func length() -> Int {
    switch random.below(10) {
    case 0..<7: random.within(Payload.smallest...200)
    case 7..<9: random.within(200...2_000)
    default: random.within(2_000...9_000)
    }
  }

  private mutating func read(_ topics: [String], _ checker: Checker) -> Action {
    let topic = pick(topics)
    let life = checker.lives[checker.current[topic]!]
    let partition = random.below(life.partitions)
    let end = Int(life.logs[partition].end)
    let start = random.below(4) == 0 ? 0 : min(Int(life.logs[partition].start), end)
    let offset = random.coin() ? max(start, end - random.below(4)) : random.within(start...end)
    return .read(
      topic, partition, from: Int64(offset), maxBytes: [1, 1_000, 100_000][random.below(3)])
  }

  private mutating func pick(_ names: [String]) -> String { names[random.below(names.count)] }
}
