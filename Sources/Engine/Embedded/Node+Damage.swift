internal import CommitLog
internal import Model
internal import Platform
internal import StateLog
internal import Store
internal import Telemetry

extension Node {
  /// What recovery could not bring back becomes a record of the catalogue, and a checkpoint holds
  /// it and what was healed, before anything is served: no later start needs the evidence again.
  func settleDamage() throws(LogError) {
    let log = options.log.named("store")
    for range in recovery.healed {
      log.warning("the journal had lost records; segments still held them", describe(range))
    }
    let isRepair = options.repair != nil && !options.isReadOnly
    let healed = healedDamage()
    guard
      !recovery.damage.isEmpty || !recovery.healed.isEmpty || isRepair
        || !healed.isEmpty
    else { return }
    noteDamage(recovery.damage)
    if !healed.isEmpty {
      for range in healed { log.info("damaged records can be read again", describe(range)) }
      catalogue.submit(.healed(healed), reply: Reply { _ in })
    }
    try finishCommits()
    guard try housekeeper.checkpoint() else {
      throw .refused("\(directory.path): the disk is full; free some space and start again")
    }
  }

  /// What was damaged in segments and is not any more: replay has written over it, or somebody has
  /// restored the file.
  private func healedDamage() -> [PartitionRange] {
    catalogue.peek { $0.damage }.flatMap { number, ranges -> [PartitionRange] in
      guard let log = table[number] else { return [] }
      let path = directory.path(of: log.identity)
      return ranges.filter { log.isWhole($0, in: path, cache: cache) }.map {
        PartitionRange(number, $0)
      }
    }
  }

  /// Makes `ranges` records of the catalogue, and says so.
  func noteDamage(_ ranges: [PartitionRange]) {
    guard !ranges.isEmpty else { return }
    let log = options.log.named("store")
    for range in ranges { log.error("acknowledged records are damaged", describe(range)) }
    catalogue.submit(
      .damage(ranges),
      reply: Reply { result in
        if case .failure(let error) = result {
          log.error("damage could not be recorded", ["reason": "\(error)"])
        }
      })
  }

  private func describe(_ range: PartitionRange) -> KeyValuePairs<String, LogValue> {
    let identity = table[range.partition]?.identity
    return [
      "topic": .of(identity?.topic.text ?? "?"), "partition": .of(identity?.index ?? -1),
      "from": .of(range.offsets.lowerBound), "to": .of(range.offsets.upperBound - 1),
    ]
  }

  /// Lets the commit thread's work be done before there is one.
  private func finishCommits() throws(LogError) {
    while true {
      switch commit.step() {
      case .wrote: continue
      case .idle: return
      case .waitsForJournal:
        guard housekeeper.step() else {
          throw housekeeper.failure ?? .refused("\(directory.path): the journal is full")
        }
      case .failed: throw .refused("\(directory.path): the journal cannot be written")
      }
    }
  }
}
