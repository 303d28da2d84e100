public import Model

/// Offsets of one partition, from the first up to but without the last.
public struct PartitionRange: Sendable, Hashable {
  /// The partition.
  public var partition: PartitionNumber
  /// The offsets; not empty.
  public var offsets: Range<Offset>

  /// `offsets` of `partition`.
  public init(_ partition: PartitionNumber, _ offsets: Range<Offset>) {
    self.partition = partition
    self.offsets = offsets
  }
}

extension [Range<Offset>] {
  /// The same offsets with those of `range`: sorted, and none touching another.
  public func union(_ range: Range<Offset>) -> [Range<Offset>] {
    guard !range.isEmpty else { return self }
    var (low, high) = (range.lowerBound, range.upperBound)
    var others: [Range<Offset>] = []
    for known in self {
      if known.upperBound < low || known.lowerBound > high {
        others.append(known)
      } else {
        (low, high) = (Swift.min(low, known.lowerBound), Swift.max(high, known.upperBound))
      }
    }
    return (others + [low..<high]).sorted { $0.lowerBound < $1.lowerBound }
  }
}
