internal import HTTP
public import Model

/// Who may do what. Every handler passes it after it knows what is asked for and before it does anything.
public protocol Gate: Sendable {
  /// The caller, where it may do `operation` to `resource`.
  func admit(_ caller: Principal, _ operation: Operation, _ resource: Resource) -> Bool
}

/// Everyone may do everything: the gate until there are users.
public struct OpenGate: Gate {
  /// A gate without a rule.
  public init() {}

  public func admit(_ caller: Principal, _ operation: Operation, _ resource: Resource) -> Bool { true }
}
