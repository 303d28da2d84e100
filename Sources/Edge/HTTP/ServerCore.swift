internal import Platform
internal import Synchronization

/// What all loops of a server share.
final class ServerCore: Sendable {
  let configuration: ServerConfiguration
  let router: Router
  let observer: (any RequestObserver)?
  let fault: FaultRenderer
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
  }
}
