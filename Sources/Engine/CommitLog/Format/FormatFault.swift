/// What is wrong with bytes that should be one of our formats.
public enum FormatFault: Error, Equatable, Sendable {
  /// The bytes end too early, or lengths in them do not fit together.
  case short
  /// Another magic number.
  case magic
  /// A version, or a feature bit, that this program does not know.
  case unsupported(String)
  /// A checksum does not match.
  case checksum
  /// A row of a type that this version does not know.
  case unknownRowType(UInt16)
  /// Fields that contradict each other; the sentence says which.
  case inconsistent(String)
}
