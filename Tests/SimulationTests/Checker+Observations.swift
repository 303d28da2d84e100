/// What reads and lists show, and what a start settles.
extension Checker {
  /// A read was answered. `faulty` when the disk was known to fail.
  func observed(
    _ answer: ReadAnswer, of topic: String, _ partition: Int, from offset: Int64,
    faulty: Bool = false
  ) {
    guard let life = current[topic] else { return report(.topicNeverCreated(topic)) }
    switch answer {
    case .records(let records, let end):
      sawTopic(life)
      observed(records, end: end, life, partition, from: offset)
    case .outOfRange(let start, let end):
      sawTopic(life)
      observed(start: start, life, partition)
      if offset >= start, offset < lives[life].logs[partition].end {
        report(.lost(place(life, partition, offset)))
      } else {
        observed(end: end, life, partition)
      }
    case .unknownTopic: missedTopic(life)
    case .damaged(let range):
      sawTopic(life)
      observed(damage: range, life, partition, from: offset)
    case .unavailable(let why):
      if !faulty { report(.unavailable(place(life, partition, offset), why)) }
    }
  }

  private func observed(
    _ records: [(Int64, NodeRecord)], end: Int64, _ life: Int, _ partition: Int, from offset: Int64
  ) {
    observed(end: end, life, partition)
    let start = lives[life].logs[partition].start
    if offset < start { report(.belowStart(place(life, partition, offset), start: start)) }
    var next = offset
    for (found, record) in records {
      if found != next { report(.gap(place(life, partition, next), found: found)) }
      if found >= end { report(.beyondEnd(place(life, partition, found), end: end)) }
      if let (name, _) = Payload.name(of: record) {
        stand(name, life, partition, at: found)
      } else {
        report(.damaged(place(life, partition, found)))
      }
      next = found + 1
    }
    if records.isEmpty, offset < end { report(.lost(place(life, partition, offset))) }
  }

  /// Damage is damage only where something befell the disk, and all of it.
  private func observed(
    damage range: Range<Int64>, _ life: Int, _ partition: Int, from offset: Int64
  ) {
    lives[life].logs[partition].isDamaged = true
    if !range.contains(offset) || !range.allSatisfy(lives[life].logs[partition].doomed.contains) {
      report(.notDamaged(place(life, partition, range.lowerBound), to: range.upperBound))
    }
  }

  /// What the node reports as damaged.
  func observed(_ damage: [DamagedRecords]) {
    for records in damage {
      guard let life = lives.firstIndex(where: { $0.id == records.topic }) else { continue }
      observed(
        damage: records.offsets, life, records.partition, from: records.offsets.lowerBound)
    }
  }

  /// Something befalls these records on the disk.
  func doom(_ records: DamagedRecords) {
    guard let life = lives.firstIndex(where: { $0.id == records.topic }) else { return }
    lives[life].logs[records.partition].doomed.formUnion(records.offsets)
  }

  /// A start was shown: records below it are gone for good, and somebody wanted that.
  func observed(start: Int64, _ life: Int, _ partition: Int) {
    let log = lives[life].logs[partition]
    if start < log.start {
      report(.startWentBack(place(life, partition, start), from: log.start))
    }
    if start > log.askedStart, !allowsExpiry {
      report(.lost(place(life, partition, log.askedStart)))
    }
    lives[life].logs[partition].start = max(log.start, start)
  }

  private func observed(end: Int64, _ life: Int, _ partition: Int) {
    let known = lives[life].logs[partition].end
    if end < known { report(.endWentBack(place(life, partition, end), from: known)) }
    lives[life].logs[partition].end = max(known, end)
  }

  /// A list of the topics was answered. `settled` right after a start, when nothing is on its way.
  func observed(_ topics: [TopicListing], settled: Bool) {
    for topic in topics {
      guard let life = current[topic.name] else {
        report(.topicNeverCreated(topic.name))
        continue
      }
      sawTopic(life)
      identify(life, as: topic.id)
      if topic.partitions != lives[life].partitions { report(.topicChanged(topic.name)) }
    }
    let names = Set(topics.map(\.name))
    for (name, life) in current where !names.contains(name) { missedTopic(life) }
    guard settled else { return }
    for life in current.values {
      if lives[life].isCreated == .maybe { lives[life].isCreated = .no }
      if lives[life].isDeleted == .maybe { lives[life].isDeleted = .no }
      lives[life].isBusy = false
    }
  }

  private func sawTopic(_ life: Int) {
    if lives[life].isCreated == .no || lives[life].isDeleted == .yes {
      report(.topicReturned(lives[life].name))
    }
    if lives[life].isCreated == .maybe { lives[life].isCreated = .yes }
  }

  private func missedTopic(_ life: Int) {
    guard lives[life].isCreated == .yes else { return }
    switch lives[life].isDeleted {
    case .no: report(.topicLost(lives[life].name))
    // Somebody was told that it is gone, so it must stay gone.
    case .maybe: lives[life].isDeleted = .yes
    case .yes: break
    }
  }

  /// Reads all that a node holds right after its start, and settles what was unanswered.
  func verify(_ node: any SimulatedNode) {
    guard let topics = node.topics() else {
      return report(.unavailable(.init(topic: "", partition: 0, offset: 0), "no list of topics"))
    }
    observed(topics, settled: true)
    observed(node.damage())
    for topic in topics {
      guard let life = current[topic.name] else { continue }
      for partition in 0..<min(topic.partitions, lives[life].partitions) {
        readAll(node, life, partition)
      }
    }
    for number in appends.indices where appends[number].state == .unanswered { settle(number) }
  }

  private func readAll(_ node: any SimulatedNode, _ life: Int, _ partition: Int) {
    var offset: Int64 = 0
    while true {
      let answer = node.read(lives[life].name, partition, from: offset, maxBytes: 1 << 20)
      observed(answer, of: lives[life].name, partition, from: offset)
      if case .damaged(let range) = answer, range.upperBound > offset {
        offset = range.upperBound
        if offset >= lives[life].logs[partition].end { break }
        continue
      }
      if case .outOfRange(let start, _) = answer, start > offset {
        offset = start
        continue
      }
      guard case .records(let records, let end) = answer, let last = records.last else { break }
      offset = last.0 + 1
      if offset >= end { break }
    }
    for missing in offset..<max(offset, lives[life].logs[partition].end) {
      report(.lost(place(life, partition, missing)))
    }
  }

  /// After a start an append is there as a whole or not at all, and so it stays.
  private func settle(_ number: Int) {
    // What is damaged of it nobody can tell.
    if appends[number].parts.contains(where: { lives[$0.life].logs[$0.partition].isDamaged }) {
      return
    }
    var (present, absent): ([Int], [Int]) = ([], [])
    var hidden = 0
    for (index, part) in appends[number].parts.enumerated()
    where lives[part.life].isCreated == .yes && lives[part.life].isDeleted != .yes {
      let start = lives[part.life].logs[part.partition].start
      if part.seen == 0 {
        // It may have stood below the start, where nobody can look any more.
        if start <= part.floor { absent.append(index) } else { hidden += 1 }
      } else {
        present.append(index)
        let below = part.base.map { max(0, min(Int64(part.count), start - $0)) } ?? 0
        if Int64(part.seen) + below < part.count {
          report(.torn(append: number, part: index, present: part.seen, of: part.count))
        }
      }
    }
    if !present.isEmpty, !absent.isEmpty {
      report(.split(append: number, present: present, absent: absent))
    }
    if present.isEmpty, absent.isEmpty, hidden > 0 { return }
    appends[number].state = present.isEmpty ? .absent : .present
  }
}
