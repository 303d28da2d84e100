/// A node that shows what it was given, and refuses all else.
final class Shown: SimulatedNode {
  private let logs: [[NodeRecord]]
  private let listing: [TopicListing]
  private let isRestless: Bool
  private var refused: [Int] = []

  init(logs: [[NodeRecord]], listing: [TopicListing], isRestless: Bool = false) {
    self.isRestless = isRestless
    self.logs = logs
    self.listing = listing
  }

  func submit(_ request: NodeRequest, ticket: Int) { refused.append(ticket) }
  func topics() -> [TopicListing]? { listing }
  func step(_ thread: NodeThread) -> Bool { isRestless }
  func stop() {}

  func takeAnswers() -> [(ticket: Int, answer: NodeAnswer)] {
    defer { refused = [] }
    return refused.map { ($0, .refused("it only shows")) }
  }

  func read(_ topic: String, _ partition: Int, from offset: Int64, maxBytes: Int) -> ReadAnswer {
    let log = logs[partition]
    guard offset <= log.count else { return .outOfRange(start: 0, end: Int64(log.count)) }
    return .records(
      (Int(offset)..<log.count).map { (Int64($0), log[$0]) }, end: Int64(log.count))
  }
}
