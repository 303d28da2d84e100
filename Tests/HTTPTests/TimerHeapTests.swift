import Platform
import TestSupport
import Testing

@testable import HTTP

@Suite struct `A loop's deadlines` {
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `come out in order, whatever was taken out between`(seed: UInt64) {
    var random = Stepper(state: seed)
    var heap = TimerHeap()
    var model: [TimedEntry] = []

    for _ in 0..<2000 {
      switch random.next() % 4 {
      case 0, 1:
        let entry = TimedEntry()
        entry.deadline = Instant(nanoseconds: Int64(random.next() % 100))
        heap.insert(entry)
        model.append(entry)
      case 2 where !model.isEmpty:
        let entry = model.remove(at: Int(random.next() % UInt64(model.count)))
        heap.remove(entry)
        heap.remove(entry)
        #expect(entry.place == -1)
      default:
        let now = Instant(nanoseconds: Int64(random.next() % 100))
        let due = heap.removeDue(now)
        let least = model.map(\.deadline).min()
        #expect(due?.deadline == least.flatMap { $0 <= now ? $0 : nil })
        if let due { model.removeAll { $0 === due } }
      }
      #expect(heap.entries.count == model.count)
      #expect(heap.next == model.map(\.deadline).min())
    }
  }

  struct Stepper {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }
}
