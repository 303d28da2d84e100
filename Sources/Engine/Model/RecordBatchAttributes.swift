/// The attributes of a record batch, Kafka's bits.
public struct RecordBatchAttributes: OptionSet, Hashable, Sendable {
  /// The bits as they stand in the header.
  public let rawValue: UInt16

  /// These bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The greatest timestamp in the header is when the batch was appended, and every record's.
  public static let logAppendTime = Self(rawValue: 1 << 3)
  /// The batch belongs to a transaction.
  public static let transactional = Self(rawValue: 1 << 4)
  /// The batch is a mark of the log's own.
  public static let control = Self(rawValue: 1 << 5)
  /// The base timestamp is the time when tombstones and abort marks may go.
  public static let deleteHorizon = Self(rawValue: 1 << 6)

  static let codecBits: UInt16 = 0b111

  /// How the records are compressed; `nil` where the bits name nothing.
  public var codec: CompressionCodec? {
    CompressionCodec(rawValue: UInt8(truncatingIfNeeded: rawValue & Self.codecBits))
  }

  /// The same bits with another codec.
  public func with(_ codec: CompressionCodec) -> Self {
    Self(rawValue: rawValue & ~Self.codecBits | UInt16(codec.rawValue))
  }
}
