/// Holds a node to its promise: what was answered or read is there, at its offset, with its
/// bytes, after any number of crashes; what was refused is not; what is neither is there whole or
/// not at all.
final class Checker {
  private(set) var violations: [Violation] = []
  var lives: [TopicLife] = []
  /// The latest life of each name.
  private(set) var current: [String: Int] = [:]
  var appends: [AppendHistory] = []
  private var open: [Int: Open] = [:]
  /// Whether records may also go because they are too many or too old.
  let allowsExpiry: Bool

  init(allowsExpiry: Bool = false) { self.allowsExpiry = allowsExpiry }

  private enum Open {
    case append(Int)
    case create(life: Int)
    case delete(life: Int)
    case advance(life: Int, partition: Int, before: Int64)
  }

  /// So many answers are still due.
  var openCount: Int { open.count }

  func report(_ violation: Violation) { violations.append(violation) }

  func place(_ life: Int, _ partition: Int, _ offset: Int64) -> Violation.Place {
    Violation.Place(topic: lives[life].name, partition: partition, offset: offset)
  }

  // Requests and answers.

  /// A client hands in a request; the number of an append is the number of appends before it.
  func submitted(_ request: NodeRequest, ticket: Int) {
    switch request {
    case .append(let parts, _):
      open[ticket] = .append(appends.count)
      appends.append(
        AppendHistory(
          parts: parts.map { part in
            let life = current[part.topic]!
            return AppendHistory.Part(
              life: life, partition: part.partition, count: part.records.count,
              floor: lives[life].logs[part.partition].end)
          }))
    case .createTopic(let name, let partitions):
      open[ticket] = .create(life: lives.count)
      current[name] = lives.count
      lives.append(TopicLife(name: name, partitions: partitions))
    case .deleteTopic(let name):
      let life = current[name]!
      open[ticket] = .delete(life: life)
      lives[life].isDeleted = .maybe
      lives[life].isBusy = true
    case .deleteRecords(let name, let partition, let before):
      let life = current[name]!
      open[ticket] = .advance(life: life, partition: partition, before: before)
      let asked = lives[life].logs[partition].askedStart
      lives[life].logs[partition].askedStart = max(asked, before)
    }
  }

  /// The client gets its answer.
  func answered(_ answer: NodeAnswer, ticket: Int, level: NodeRequest.Level = .disk) {
    guard let request = open.removeValue(forKey: ticket) else {
      return report(.nonsense(ticket: ticket, "twice: \(answer)"))
    }
    switch (request, answer) {
    case (.append(let number), .appended(let bases))
    where bases.count == appends[number].parts.count:
      appended(number, at: bases, level)
    case (.append(let number), .refused): appends[number].state = .refused
    case (.append(let number), .unknown): appends[number].state = .unanswered
    case (.create(let life), .created(let id)):
      lives[life].isCreated = .yes
      lives[life].isBusy = false
      identify(life, as: id)
    case (.create(let life), .refused):
      lives[life].isCreated = .no
      lives[life].isBusy = false
    case (.delete(let life), .deleted):
      lives[life].isDeleted = .yes
      lives[life].isBusy = false
    case (.delete(let life), .refused):
      lives[life].isDeleted = .no
      lives[life].isBusy = false
    case (.advance(let life, let partition, let before), .advanced(let start)):
      if start < before { report(.nonsense(ticket: ticket, "\(answer)")) }
      observed(start: start, life, partition)
    case (.advance, .refused), (.advance, .unknown): break
    case (.create, .unknown), (.delete, .unknown):
      // It stays busy until the next start tells what became of it.
      break
    default: report(.nonsense(ticket: ticket, "\(answer)"))
    }
  }

  private func appended(_ number: Int, at bases: [Int64], _ level: NodeRequest.Level) {
    if level == .memory {
      // Only the place is promised, and only if the record survives.
      appends[number].state = .unanswered
      for (part, base) in bases.enumerated() {
        if let known = appends[number].parts[part].base, known != base {
          let life = appends[number].parts[part].life
          let place = place(life, appends[number].parts[part].partition, base)
          report(.moved(RecordName(append: number, part: part, index: 0), place, otherBase: known))
        }
        appends[number].parts[part].base = base
      }
      return
    }
    appends[number].state = .present
    for (part, base) in bases.enumerated() {
      let (life, partition) = (
        appends[number].parts[part].life, appends[number].parts[part].partition
      )
      for index in 0..<appends[number].parts[part].count {
        stand(
          RecordName(append: number, part: part, index: index), life, partition,
          at: base + Int64(index))
      }
    }
  }

  /// The process is gone; what was on its way will not be answered.
  func crashed() {
    for request in open.values {
      if case .append(let number) = request { appends[number].state = .unanswered }
    }
    open = [:]
  }

  // What stands where.

  /// A record was acknowledged or read at `offset`: it must be its own place, and it must stay
  /// there.
  func stand(_ name: RecordName, _ life: Int, _ partition: Int, at offset: Int64) {
    let place = place(life, partition, offset)
    guard name.append < appends.count, name.part < appends[name.append].parts.count else {
      return report(.damaged(place))
    }
    let part = appends[name.append].parts[name.part]
    guard part.life == life, part.partition == partition, name.index < part.count else {
      return report(.misplaced(name, place))
    }
    switch appends[name.append].state {
    case .refused: report(.refusedButWritten(name, place))
    case .absent: report(.resurrected(name, place))
    case .open, .present, .unanswered: break
    }
    let base = offset - Int64(name.index)
    if base < part.floor { report(.reordered(name, place, floor: part.floor)) }
    if let known = part.base, known != base {
      return report(.moved(name, place, otherBase: known))
    }
    appends[name.append].parts[name.part].base = base
    if let was = lives[life].logs[partition][offset] {
      if was != name { report(.reused(place, was: was, now: name)) }
      return
    }
    lives[life].logs[partition][offset] = name
    lives[life].logs[partition].end = max(lives[life].logs[partition].end, offset + 1)
    appends[name.append].parts[name.part].seen += 1
  }

  func identify(_ life: Int, as id: String) {
    if lives[life].id ?? id != id { report(.topicChanged(lives[life].name)) }
    if lives.indices.contains(where: { $0 != life && lives[$0].id == id }) {
      report(.topicReturned(lives[life].name))
    }
    lives[life].id = id
  }
}
