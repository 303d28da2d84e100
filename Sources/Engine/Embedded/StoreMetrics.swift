internal import Platform
internal import Telemetry

/// What the store counts and measures, by the names of the metrics page.
struct StoreMetrics: Sendable {
  let syncSeconds: Histogram
  let groupRecords: Histogram
  let groupBytes: Histogram
  let syncErrors: Counter
  let checkpoints: Counter
  let checkpointSeconds: Histogram

  init(_ registry: MetricsRegistry) {
    syncSeconds = registry.histogram(
      "wal_sync_seconds", "Time of one synced journal write.", .seconds)
    groupRecords = registry.histogram(
      "wal_group_records", "Records that share one journal write.", .amount)
    groupBytes = registry.histogram(
      "wal_group_bytes", "Bytes of batches that share one journal write.", .bytes)
    syncErrors = registry.counter(
      "sync_errors_total", "Journal writes that failed; after one the node stops accepting.")
    checkpoints = registry.counter("checkpoints_total", "Checkpoints written.")
    checkpointSeconds = registry.histogram(
      "checkpoint_seconds", "Time of one checkpoint.", .seconds)
  }

  func committed(records: Int, bytes: Int, took: Duration) {
    syncSeconds.observe(nanoseconds: took.nanoseconds)
    groupRecords.observe(records)
    groupBytes.observe(bytes)
  }
}
