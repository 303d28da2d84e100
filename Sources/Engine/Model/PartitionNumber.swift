/// A partition's number on this node, over all topics. It is never used again after a delete, so
/// that what the journal says about it stays true.
public struct PartitionNumber: Hashable, Comparable, Sendable {
  /// The number as it stands in journal rows and directory names.
  public let rawValue: UInt32

  /// The catalogue, which names all others.
  public static let catalogue = PartitionNumber(0)

  /// The partition of this number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// By number, which is the order of birth.
  @inlinable public static func < (left: PartitionNumber, right: PartitionNumber) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension PartitionNumber: CustomStringConvertible {
  /// The number in decimal.
  public var description: String { String(rawValue) }
}
