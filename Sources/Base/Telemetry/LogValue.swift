/// The value of a log line's field. Literals and interpolations make one:
/// `["path": "\(path)", "count": 3]`.
public enum LogValue: Sendable, Equatable {
  /// Text.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// Any other number.
  case number(Double)
  /// Yes or no.
  case flag(Bool)

  /// A whole number of any type; one that does not fit becomes the nearest that does.
  public static func of(_ value: some BinaryInteger) -> LogValue {
    .integer(Int64(clamping: value))
  }

  /// What `value` says of itself.
  public static func of(_ value: some CustomStringConvertible) -> LogValue {
    .text(value.description)
  }
}

extension LogValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
}
