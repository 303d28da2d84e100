/// How much a log line matters.
public enum LogLevel: Int8, Sendable, Comparable, CaseIterable {
  /// For someone who looks for a fault: a line a request.
  case debug
  /// What an operator wants to have seen: started, stopped, opened.
  case info
  /// Something is wrong and the server goes on: a full disk, damage, a setting that does nothing.
  case warning
  /// Something that was promised cannot be kept.
  case error

  /// The level of that name.
  public init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// Its name in lower case.
  public var name: String {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }

  @inlinable public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}
