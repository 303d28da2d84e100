/// What a running server can be told anew. Each loop holds the one that is in force, and a request
/// keeps the one that it began under, so that no lock is needed and no request sees two.
final class ServerPolicy: Sendable {
  /// Who may call.
  let gate: Gatekeeper
  /// Bytes of a body, decoded.
  let maximumBody: Int
  /// Bytes of bodies that one loop may hold.
  let bodyBudget: Int

  /// The part of `configuration` that may change, for a server of so many loops.
  init(_ configuration: ServerConfiguration, loops: Int) {
    gate = Gatekeeper(origins: configuration.allowedOrigins, hosts: configuration.allowedHosts)
    maximumBody = configuration.maximumBody
    bodyBudget = configuration.bodyBudget / max(1, loops)
  }
}
