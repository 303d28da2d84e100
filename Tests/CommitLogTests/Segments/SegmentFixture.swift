import Model
import Platform
import TestSupport
import Testing

@testable import CommitLog

/// The segments of one partition, number 1, of the topic `events`.
final class SegmentFixture {
  let disk: SimulatedFileSystem
  let directory: DataDirectory
  let identity = PartitionIdentity(
    number: PartitionNumber(1), topicID: Sample.topicID, topic: Sample.topic("events"), index: 0)
  let table = PartitionTable()
  let cache: FileCache
  let store: SegmentStore
  let log: PartitionLog
  var next: Offset = 0

  init(disk: SimulatedFileSystem = SimulatedFileSystem(seed: 5)) throws {
    self.disk = disk
    directory = DataDirectory("/data", disk)
    try disk.makeDirectory("/data")
    try disk.makeDirectory("/data/topics")
    cache = FileCache(disk)
    log = table.insert(identity)
    store = SegmentStore(directory: directory, table: table, cache: cache, incarnation: 3)
  }

  static let path = "/data/topics/events-0"
  static func log(_ base: Offset) -> String {
    "\(path)/\(DataDirectory.padded(UInt64(base), to: 20)).log"
  }
  static func sidecar(_ base: Offset) -> String {
    "\(path)/\(DataDirectory.padded(UInt64(base), to: 20)).curlew"
  }

  /// Appends one batch, as the materialiser does when its frame is durable.
  @discardableResult
  func append(
    _ bytes: Int, records: Int = 1, timestamp: Timestamp = 1_000, time: Timestamp = 2_000
  ) throws -> RecordBatch {
    let batch = Sample.batch(bytes, at: next, records: records, timestamp: timestamp)
    try store.apply(Sample.append(batch, to: 1, time: time))
    next += Offset(records)
    return batch
  }

  func roll() throws {
    try store.apply(
      RowContent(
        row: Row(
          entry: 0, kind: .roll, partition: PartitionNumber(1), baseOffset: next, appendTime: 0)))
  }

  /// Everything written so far, visible to readers who find nothing in memory.
  func publish() throws {
    try store.write()
    store.publishAll()
  }

  /// The segments that readers see, oldest first.
  var readable: [ReadableSegment] { log.view.withLock { $0.sealed + $0.open } }

  func read(_ offset: Offset, maxBytes: Int = 1) throws -> ReadOutcome {
    try log.read(
      from: offset, maxBytes: maxBytes, in: Self.path, cache: cache, mayBlock: true)
  }

  func batches(_ offset: Offset, maxBytes: Int = 1) throws -> [RecordBatch] {
    guard case .batches(let batches) = try read(offset, maxBytes: maxBytes) else {
      Issue.record("offset \(offset) gives no batches")
      return []
    }
    return batches
  }

  /// Turns a bit over behind everybody's back.
  func flip(_ path: String, _ position: Int64) throws {
    let byte = try #require(try disk.open(path, .read).read(1, at: position).first)
    disk.corrupt(path, at: position, [byte ^ 0x10])
  }
}
