internal import Platform

/// Something that the loop ends when its time has come.
class TimedEntry {
  final var deadline = Instant(nanoseconds: .max)
  /// Its place in the loop's heap; -1 outside.
  final var place = -1

  /// Called on the loop's thread, once the deadline has passed and the entry is out of the heap.
  func expire() {}
}

/// A loop's deadlines, the next on top. Entries know their place, so that one that ended early
/// leaves at once: a wait of 30 seconds that data ended after a millisecond must not stay for the
/// other 29,999.
struct TimerHeap {
  private(set) var entries: [TimedEntry] = []

  /// The next deadline.
  var next: Instant? { entries.first?.deadline }

  mutating func insert(_ entry: TimedEntry) {
    entry.place = entries.count
    entries.append(entry)
    rise(entry.place)
  }

  /// Takes `entry` out; nothing happens when it is not in.
  mutating func remove(_ entry: TimedEntry) {
    let place = entry.place
    guard place >= 0 else { return }
    entry.place = -1
    let last = entries.removeLast()
    guard last !== entry else { return }
    entries[place] = last
    last.place = place
    rise(place)
    sink(last.place)
  }

  /// Takes out the next entry that is due at `now`.
  mutating func removeDue(_ now: Instant) -> TimedEntry? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    remove(first)
    return first
  }

  private mutating func rise(_ start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard entries[place].deadline < entries[parent].deadline else { return }
      swap(place, parent)
      place = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < entries.count && entries[child].deadline < entries[least].deadline {
        least = child
      }
      guard least != place else { return }
      swap(place, least)
      place = least
    }
  }

  private mutating func swap(_ a: Int, _ b: Int) {
    entries.swapAt(a, b)
    entries[a].place = a
    entries[b].place = b
  }
}
