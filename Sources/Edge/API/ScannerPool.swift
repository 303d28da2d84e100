internal import JSON
internal import Platform

/// Scanners that are at rest between two bodies: as many as were ever in use at once, which is one
/// a loop.
final class ScannerPool: Sendable {
  // SAFETY: a scanner is in the pool or with the one that took it, never both; the lock hands it
  // over.
  private struct Resting: @unchecked Sendable {
    let scanner: JSONScanner
  }

  private let resting = Lock<[Resting]>([])

  /// Lends a scanner to `body`, which must not await.
  func lend<Result>(_ body: (JSONScanner) throws(Refusal) -> Result) throws(Refusal) -> Result {
    let taken = resting.withLock { $0.popLast() } ?? Resting(scanner: JSONScanner())
    defer { resting.withLock { $0.append(taken) } }
    return try body(taken.scanner)
  }
}
