/// A name and a value beside a record's own; names may repeat.
public struct RecordHeader: Hashable, Sendable {
  /// The name.
  public let key: String
  /// The bytes; `nil` is not the same as none.
  public let value: [UInt8]?

  /// The header `key` with `value`.
  public init(key: String, value: [UInt8]?) {
    self.key = key
    self.value = value
  }
}
