/// What a store can do by one name.
public struct Capability: Sendable, Equatable {
  /// Whether, and how far.
  public enum Support: Sendable, Equatable {
    /// As described.
    case yes
    /// Not at all; the sentence says why.
    case no(String)
    /// In part; the sentence says how far.
    case limited(String)
  }

  /// The feature: `produce`, `transactions`.
  public let name: String
  /// Whether it is there.
  public let support: Support

  /// `name` with this support.
  public init(_ name: String, _ support: Support) {
    self.name = name
    self.support = support
  }
}

/// How a store is doing.
public struct StoreHealth: Sendable, Equatable {
  /// Whether a durable produce would be acknowledged now.
  public var canAcknowledge: Bool
  /// What is wrong, a sentence each; may be non-empty although produce works.
  public var problems: [String]

  /// A state of health.
  public init(canAcknowledge: Bool, problems: [String]) {
    self.canAcknowledge = canAcknowledge
    self.problems = problems
  }
}
