/// Who is calling.
public struct Principal: Hashable, Sendable {
  /// The name that rules and the audit trail know.
  public let name: String

  /// A caller that has not said who it is. Kafka's name for it, with which rules are written.
  public static let anonymous = Principal(name: "ANONYMOUS")

  /// The caller of this name.
  public init(name: String) { self.name = name }
}

extension Principal: CustomStringConvertible {
  /// `User:NAME`, as Kafka writes principals.
  public var description: String { "User:\(name)" }
}
