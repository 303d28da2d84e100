internal import Platform
internal import Store
internal import Synchronization

/// A few threads that may wait for the disk, so that event loops never do. Bounded: what does not
/// fit is refused.
final class ReadPool: Sendable {
  private struct State: Sendable {
    var jobs: [@Sendable () -> Void] = []
    var isStopping = false
  }

  private let limit: Int
  private let state = Lock(State())
  private let parkings: [Parking]
  private let next = Atomic(0)

  init(threads: Int = 2, limit: Int) {
    self.limit = limit
    parkings = (0..<threads).map { _ in Parking() }
  }

  /// Queues a job; false where the queue is full or the pool is closing.
  func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
    let isQueued = state.withLock { state in
      guard !state.isStopping, state.jobs.count < limit else { return false }
      state.jobs.append(job)
      return true
    }
    if isQueued {
      parkings[next.add(1, ordering: .relaxed).oldValue % parkings.count].wake()
    }
    return isQueued
  }

  /// The life of thread `index`.
  func run(_ index: Int) {
    while true {
      let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
      if let job {
        job()
      } else if state.withLock({ $0.isStopping }) {
        return
      } else {
        parkings[index].park()
      }
    }
  }

  /// Lets all threads end after what is queued.
  func stop() {
    state.withLock { $0.isStopping = true }
    for parking in parkings { parking.wake() }
  }
}
