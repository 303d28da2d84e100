internal import CommitLog
internal import Model
internal import Platform
internal import StateLog
internal import Store

/// Partition 0 as the catalogue's state log stands on it.
final class CatalogueLog: StatePartition {
  private let sequencer: Sequencer
  private let table: PartitionTable
  private let time: any TimeSource

  init(_ sequencer: Sequencer, _ table: PartitionTable, time: any TimeSource) {
    self.sequencer = sequencer
    self.table = table
    self.time = time
  }

  func append(
    _ records: [StateRecord], with appends: [Entry.Append]
  ) throws(StoreError) -> Offset {
    var builder = RecordBatchBuilder(reserving: 256)
    let now = time.wallMilliseconds
    for record in records {
      builder.append(key: record.key.span, value: record.value?.span, timestamp: now)
    }
    let decoded = records.compactMap { Catalogue.decode(key: $0.key, value: $0.value) }
    precondition(decoded.count == records.count, "the catalogue writes only its own records")
    return try sequencer.appendCatalogue(builder.finish(), records: decoded, with: appends)
  }

  func whenDurable(_ offset: Offset, reply: Reply<Void>) {
    guard let partition = table[.catalogue] else { return reply(.failure(.commitUnknown)) }
    let isWaiting = partition.register(id: 0, offset: offset) { reason in
      reply(reason == .failed ? .failure(.commitUnknown) : .success(()))
    }
    guard !isWaiting else {
      // The journal may have failed before the registration: then nobody will come by again.
      if let stop = sequencer.stopReason, stop != .closing, partition.range.end <= offset {
        for wake in partition.fail() { wake(.failed) }
      }
      return
    }
    reply(.success(()))
  }

  /// The catalogue starts from the snapshot and the journal; its topic alone is never replayed.
  func replay(_ body: (Offset, StateRecord) -> Void) throws(StoreError) {
    throw .unsupported("The catalogue starts from a snapshot.")
  }
}
