/// What a simulated disk can be told to refuse.
public enum DiskOperation: Sendable, Hashable, CaseIterable {
  case open, makeDirectory, rename, remove, list, status, synchronizeDirectory, freeBytes
  case read, write, synchronize, truncate, lock, synchronizeVolume
}

/// A rule that makes operations of a simulated disk fail.
public struct Fault: Sendable {
  /// The operations that it applies to.
  public var operations: Set<DiskOperation>
  /// Whether it applies to a path; for an open file the path that it was opened by.
  public var applies: @Sendable (String) -> Bool
  /// The `errno` of the failure.
  public var code: Int32
  /// So many matching operations still succeed first.
  public var skipping: Int
  /// Whether it stays; else it is gone when it has struck once.
  public var isSticky: Bool

  /// A rule with these fields; as it stands, for every path, once.
  public init(
    _ operations: Set<DiskOperation>, code: Int32, skipping: Int = 0, isSticky: Bool = false,
    where applies: @escaping @Sendable (String) -> Bool = { _ in true }
  ) {
    self.operations = operations
    self.applies = applies
    self.code = code
    self.skipping = skipping
    self.isSticky = isSticky
  }
}
