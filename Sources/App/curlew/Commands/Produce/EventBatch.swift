/// Some lines of standard input, as events.
struct EventBatch {
  /// The lines with their ends.
  var bytes: [UInt8] = []
  /// Where the events stand: lines without their ends.
  var events: [Range<Int>] = []
  /// The number of each event's line, from 1.
  var lines: [Int] = []

  /// The bytes of some of the events, with what stands between them.
  func bytes(of events: Range<Int>) -> [UInt8] {
    guard let first = events.first, let last = events.last else { return [] }
    if events.count == self.events.count { return bytes }
    return Array(bytes[self.events[first].lowerBound..<self.events[last].upperBound])
  }

  /// How an event is called in a message.
  func place(_ event: Int) -> String { "line \(lines[event]) of standard input" }
}
