/// A promise that was broken.
enum Violation: Equatable, CustomStringConvertible {
  /// Where it was seen.
  struct Place: Equatable, CustomStringConvertible {
    var topic: String
    var partition: Int
    var offset: Int64
    var description: String { "\(topic)-\(partition)@\(offset)" }
  }

  /// An offset that was acknowledged, read or below a shown end has no record any more.
  case lost(Place)
  /// A read did not go on at the next offset.
  case gap(Place, found: Int64)
  /// The bytes are no record that anybody appended.
  case damaged(Place)
  /// A record is in a partition that it was not appended to.
  case misplaced(RecordName, Place)
  /// An offset shows another record than before.
  case reused(Place, was: RecordName, now: RecordName)
  /// A record stands at a second offset.
  case moved(RecordName, Place, otherBase: Int64)
  /// A record stands before records that its client could see when it appended.
  case reordered(RecordName, Place, floor: Int64)
  /// A record of an append that was refused.
  case refusedButWritten(RecordName, Place)
  /// A record that was absent after an earlier start.
  case resurrected(RecordName, Place)
  /// Some records of a batch are there, others are not.
  case torn(append: Int, part: Int, present: Int, of: Int)
  /// Some parts of an entry are there, others are not.
  case split(append: Int, present: [Int], absent: [Int])
  /// A partition's end went back.
  case endWentBack(Place, from: Int64)
  /// A partition's start went back.
  case startWentBack(Place, from: Int64)
  /// A read showed records below the start that somebody was told.
  case belowStart(Place, start: Int64)
  /// A read showed a record at or past the end that it named.
  case beyondEnd(Place, end: Int64)
  /// An answer has not the form of its request.
  case nonsense(ticket: Int, String)
  case topicLost(String)
  /// A deleted topic, or one that was absent after an earlier start.
  case topicReturned(String)
  case topicNeverCreated(String)
  /// It has another id or another number of partitions than before.
  case topicChanged(String)
  /// The bytes could not be had though nothing was wrong with the disk.
  case unavailable(Place, String)
  /// Records that nothing befell are said to be damaged.
  case notDamaged(Place, to: Int64)
  /// The node did not start though nothing but crashes befell it.
  case doesNotStart(String)
  /// Requests to a node that has nothing left to do, and that nobody answered.
  case unanswered(Int)
  /// The node works and works and never comes to rest.
  case restless(String)

  var description: String {
    switch self {
    case .lost(let place): "lost \(place)"
    case .gap(let place, let found): "a gap: asked for \(place), found \(found)"
    case .damaged(let place): "damaged bytes at \(place)"
    case .misplaced(let name, let place): "record \(name) is not of the partition of \(place)"
    case .reused(let place, let was, let now): "\(place) was record \(was), is now \(now)"
    case .moved(let name, let place, let base):
      "record \(name) at \(place), though its batch began at \(base)"
    case .reordered(let name, let place, let floor):
      "record \(name) at \(place), though offsets below \(floor) were seen before it was appended"
    case .refusedButWritten(let name, let place): "refused record \(name) at \(place)"
    case .resurrected(let name, let place): "record \(name) came back at \(place)"
    case .torn(let append, let part, let present, let all):
      "append \(append) part \(part): \(present) of \(all) records"
    case .split(let append, let present, let absent):
      "append \(append): parts \(present) present, \(absent) absent"
    case .endWentBack(let place, let from): "the end went back from \(from) to \(place)"
    case .startWentBack(let place, let from): "the start went back from \(from) to \(place)"
    case .belowStart(let place, let start): "records at \(place), below the start \(start)"
    case .beyondEnd(let place, let end): "a record at \(place), past the end \(end)"
    case .nonsense(let ticket, let answer): "request \(ticket) was answered \(answer)"
    case .topicLost(let name): "topic \(name) is gone"
    case .topicReturned(let name): "topic \(name) came back"
    case .topicNeverCreated(let name): "topic \(name) was never created"
    case .topicChanged(let name): "topic \(name) has other partitions or another id"
    case .unavailable(let place, let why): "cannot read \(place): \(why)"
    case .notDamaged(let place, let to):
      "said to be damaged though it is not: \(place) up to \(to)"
    case .doesNotStart(let why): "does not start: \(why)"
    case .unanswered(let count): "\(count) requests are never answered"
    case .restless(let thread): "never comes to rest: \(thread)"
    }
  }

  /// The kind without its values, to count by.
  var kind: String { String(describing: Mirror(reflecting: self).children.first?.label ?? "") }
}
