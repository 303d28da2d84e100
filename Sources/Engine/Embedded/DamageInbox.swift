internal import CommitLog
internal import Model
internal import Platform

/// Damage that readers have met, on its way to the catalogue. Any thread.
final class DamageInbox: Sendable {
  private let found = Lock<[PartitionRange]>([])
  private let parking: Parking

  /// Wakes `parking` when there is something to take.
  init(waking parking: Parking) { self.parking = parking }

  /// Takes in what a read of `log` has found.
  func look(at log: PartitionLog) {
    let news = log.newDamage.map { PartitionRange(log.identity.number, $0) }
    guard !news.isEmpty else { return }
    let isNews = found.withLock { found in
      let before = found.count
      for range in news where !found.contains(range) { found.append(range) }
      return found.count > before
    }
    if isNews { parking.wake() }
  }

  /// Takes all that was found since the last call.
  func takeAll() -> [PartitionRange] {
    found.withLock { found in
      defer { found = [] }
      return found
    }
  }
}
