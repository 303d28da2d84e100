internal import HTTP
internal import JSON
internal import Model
internal import Platform
internal import Store
internal import Synchronization
internal import Telemetry

/// What all handlers share.
final class Context: Sendable {
  let store: any EventStore
  private let live: Lock<APISettings>
  let gate: any Gate
  let time: any TimeSource
  let metrics: APIMetrics
  let registry: MetricsRegistry
  let scanners = ScannerPool()
  private let turn = Atomic<UInt32>(0)

  init(
    store: any EventStore, settings: APISettings, gate: any Gate, time: any TimeSource,
    registry: MetricsRegistry
  ) {
    self.store = store
    live = Lock(settings)
    self.gate = gate
    self.time = time
    self.registry = registry
    metrics = APIMetrics(registry, store: store)
  }

  /// Read where topics are made and cluster names are compared, not with every record.
  var settings: APISettings {
    get { live.withLock { $0 } }
    set { live.withLock { $0 = newValue } }
  }

  /// The partition for a request's records without a key: each in turn.
  func stickyPartition(of count: Int32) -> Int32 {
    guard count > 1 else { return 0 }
    return Int32(turn.wrappingAdd(1, ordering: .relaxed).oldValue % UInt32(count))
  }
}
