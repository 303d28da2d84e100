public import Model
internal import Platform

/// All partitions of the node by number. Any thread.
public final class PartitionTable: Sendable {
  private let partitions = Lock<[PartitionNumber: PartitionLog]>([:])

  /// No partitions.
  public init() {}

  /// The partition of that number; `nil` where it was never made, or is gone.
  public subscript(number: PartitionNumber) -> PartitionLog? {
    partitions.withLock { $0[number] }
  }

  /// Adds a partition; one of that number that is there already stays.
  @discardableResult
  public func insert(_ identity: PartitionIdentity) -> PartitionLog {
    partitions.withLock { partitions in
      if let known = partitions[identity.number] { return known }
      let made = PartitionLog(identity)
      partitions[identity.number] = made
      return made
    }
  }

  /// Forgets a partition; whoever holds it still can.
  public func remove(_ number: PartitionNumber) {
    partitions.withLock { $0[number] = nil }
  }

  /// All partitions, in no order.
  public var all: [PartitionLog] { partitions.withLock { Array($0.values) } }
}
