public import HTTP
public import Model

/// Who is calling, and who may do what. Every handler passes it when it knows what is asked for and
/// before it does anything. Open to everyone are `/`, `/healthz` and `/readyz`, which tell nothing,
/// and the files of the console, which are the same on every server.
public protocol Gate: Sendable {
  /// Who sends `request`.
  func principal(of request: Request) -> Principal

  /// Whether `principal` may do `operation` to `resource`.
  func admits(_ principal: Principal, to operation: Operation, _ resource: Resource) -> Bool
}

/// Everyone is the same caller and may do everything: the gate until there are users.
public struct OpenGate: Gate {
  /// A gate without a rule.
  public init() {}

  public func principal(of request: Request) -> Principal { .anonymous }

  public func admits(_ principal: Principal, to operation: Operation, _ resource: Resource) -> Bool
  {
    true
  }
}
