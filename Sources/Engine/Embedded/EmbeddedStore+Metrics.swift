internal import CommitLog
internal import Model
internal import Platform
internal import Store
internal import Telemetry

extension EmbeddedStore {
  /// Registers what is read at each scrape: what readers may see, and how the threads are doing.
  func registerMetrics(_ registry: MetricsRegistry, recovery: Duration) {
    registry.gauge("recovery_seconds", "Time that this start spent on opening and recovery.") {
      Double(recovery.nanoseconds) / 1e9
    }
    registry.gauge("wal_queue_bytes", "Bytes that wait for the journal.") { [sequencer] in
      Double(sequencer.state.withLock { $0.queuedBytes })
    }
    registry.gauge("materialise_lag_bytes", "Bytes durable or queued, and not in segments yet.") {
      [sequencer] in Double(sequencer.state.withLock { $0.unwritten })
    }
    registry.gauge("open_segment_files", "Segment files held open.") { [cache] in
      Double(cache.count)
    }
    registry.gauge("disk_free_bytes", "Bytes free on the file system of the data directory.") {
      [directory] in Double((try? directory.fileSystem.freeBytes(directory.path)) ?? 0)
    }
    registry.gauge("ready", "1 where a durable produce would be acknowledged.") { [weak self] in
      self?.health.canAcknowledge == true ? 1 : 0
    }
  }
}
