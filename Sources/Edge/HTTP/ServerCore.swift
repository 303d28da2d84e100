internal import Platform
internal import Synchronization

/// What all loops of a server share.
final class ServerCore: Sendable {
  let configuration: ServerConfiguration
  let router: Router
  let observer: (any RequestObserver)?
  let fault: FaultRenderer
  let gate: Gatekeeper
  /// Connections over all loops.
  let connections = Atomic<Int>(0)

  init(
    _ configuration: ServerConfiguration, _ router: Router, _ observer: (any RequestObserver)?,
    _ fault: @escaping FaultRenderer
  ) {
    self.configuration = configuration
    self.router = router
    self.observer = observer
    self.fault = fault
    gate = Gatekeeper(
      origins: configuration.allowedOrigins, hosts: configuration.allowedHosts)
  }

  /// Bytes of bodies that one loop may hold.
  var bodyBudget: Int { configuration.bodyBudget / max(1, configuration.loops) }
}
