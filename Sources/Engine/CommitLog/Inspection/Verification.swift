internal import Model
internal import Platform

/// What a check of a whole data directory came to.
public struct Verification: Sendable {
  /// Files that were read.
  public internal(set) var files = 0
  /// Batches that are whole, in segments and where only the journal has them yet.
  public internal(set) var batches = 0
  /// Records in them.
  public internal(set) var records: Int64 = 0
  /// How the journal ends; `nil` where it cannot be replayed.
  public internal(set) var verdict: JournalScan.Verdict?
  /// Live frames from the newest checkpoint on.
  public internal(set) var frames = 0
  /// What is damaged. Empty where nothing is.
  public internal(set) var findings: [Finding] = []
  /// What is not as it will be, but is no damage: the next start makes it good, or it does not
  /// matter.
  public internal(set) var notes: [Finding] = []

  /// Checks everything in `directory` that has a checksum or must fit something else. Where a node
  /// is running on it, what is found once must be found again. `progress` is told how many bytes of
  /// segments are done, of how many. Throws where the directory holds no log.
  public static func run(
    _ directory: DataDirectory, _ catalogue: some CatalogueReplay,
    progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
  ) throws(LogError) -> Verification {
    let first = try verify(directory, catalogue, progress)
    guard !first.findings.isEmpty else { return first }
    var second = try verify(directory, catalogue, progress)
    let suspects = Set(first.findings.map(\.path))
    second.findings.removeAll { !suspects.contains($0.path) }
    return second
  }

  private static func verify(
    _ directory: DataDirectory, _ catalogue: some CatalogueReplay,
    _ progress: (Int64, Int64) -> Void
  ) throws(LogError) -> Verification {
    let inspector = try Inspector(directory, catalogue)
    return try withoutActuallyEscaping(progress) { (progress) throws(LogError) in
      var verifier = Verifier(inspector, progress)
      try verifier.run()
      var result = verifier.result
      guard !verifier.ahead.isEmpty else { return result }
      // A node may have gone on since the journal was read: what is ahead of it now is no proof.
      let later = try? Inspector(directory, catalogue).chain.get()
      for segment in verifier.ahead {
        let end = later?.ends[segment.partition] ?? 0
        guard later?.damage == nil, end < segment.end,
          later?.deleted.contains(segment.partition) == false
        else { continue }
        result.findings.append(
          Finding(
            path: segment.path, position: segment.position,
            sentence: "the journal has lost acknowledged records from offset \(end) on, which "
              + "still stand here"))
      }
      return result
    }
  }
}
