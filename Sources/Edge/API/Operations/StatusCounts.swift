internal import Synchronization

/// How often a route answered with which status. Counting is one atomic addition.
final class StatusCounts: Sendable {
  /// The statuses that are told apart; the last stands for all others.
  static let statuses = [
    200, 201, 202, 204, 400, 401, 403, 404, 405, 406, 409, 413, 415, 416, 421, 422, 429, 500, 501,
    503,
    507, 0,
  ]
  private let counts = InlineArray<22, Atomic<UInt64>> { _ in Atomic(0) }

  func count(_ status: Int) {
    let index = status == 200 ? 0 : Self.statuses.firstIndex(of: status) ?? Self.statuses.count - 1
    counts[index].wrappingAdd(1, ordering: .relaxed)
  }

  /// The statuses that were seen, and how often.
  var seen: [(status: String, count: UInt64)] {
    Self.statuses.indices.compactMap { index in
      let count = counts[index].load(ordering: .relaxed)
      let status = Self.statuses[index]
      return count == 0 ? nil : (status == 0 ? "other" : String(status), count)
    }
  }
}
