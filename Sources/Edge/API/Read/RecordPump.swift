internal import HTTP
internal import Model
internal import Platform
internal import Store

/// Moves records from the store into text: batch by batch, a piece of output at a time, so that
/// neither memory nor the loop's time grows with what is read.
struct RecordPump: Sendable {
  /// Why the pump stands still.
  enum Stop: Sendable {
    /// As much output as was asked for is there.
    case full
    /// As many records or bytes as the caller wants have been read.
    case limit
    /// Everything up to the ends has been read.
    case end
  }

  /// How records stand in the output.
  enum Layout: Sendable {
    /// With commas between them.
    case list
    /// Each on a line.
    case lines
  }

  /// The output since it was taken.
  private var output: [UInt8] = []
  /// Where the reader stands.
  private(set) var lanes: LaneSet
  /// How many records were written.
  private(set) var count = 0
  private var painter: RecordPainter
  private let layout: Layout
  private let filter: KeyFilter?
  private var recordsLeft: Int
  private var bytesLeft: Int
  /// Bytes that may be looked at without being written: a filter must not hold the caller for a
  /// whole log.
  private var scanLeft: Int
  private let store: any EventStore

  init(
    _ lanes: LaneSet, _ painter: RecordPainter, _ layout: Layout, _ limits: ReadLimits,
    store: any EventStore
  ) {
    self.lanes = lanes
    self.painter = painter
    self.layout = layout
    self.store = store
    filter = limits.key
    recordsLeft = limits.records ?? .max
    bytesLeft = limits.bytes ?? .max
    scanLeft = limits.records == nil ? .max : ReadLimits.scannedBytes
  }

  /// Reads until `size` bytes of output are there, or it is over.
  mutating func run(to size: Int, on loop: EventLoop) async throws(Refusal) -> Stop {
    while output.count < size {
      try await feed(on: loop)
      guard let (lane, through) = lanes.next() else { return .end }
      do throws(ReadingFault) {
        if try drain(lane, through, size) { return .limit }
      } catch {
        throw .reading(error)
      }
      if scanLeft <= 0 { return .limit }
    }
    return .full
  }

  /// Begins the output with `opening`.
  mutating func begin(_ opening: [UInt8]) { output = opening }

  /// Moves the output out.
  mutating func take() -> [UInt8] {
    var bytes: [UInt8] = []
    // The next piece will be about as large.
    bytes.reserveCapacity(output.count + 1_024)
    swap(&bytes, &output)
    return bytes
  }

  /// Reads on up to what is there by now, also in partitions that have been added.
  mutating func extend() throws(Refusal) {
    do throws(StoreError) {
      for (index, lane) in lanes.lanes.enumerated() {
        lanes.extend(index, to: try store.range(of: lane.topic, partition: lane.partition).end)
      }
      if lanes.partition == nil { try addLanes() }
    } catch {
      throw .store(error)
    }
  }

  private mutating func addLanes() throws(StoreError) {
    for last in lanes.lastOfTopics {
      guard let now = store.topic(last.topic.name), now == last.topic,
        now.partitionCount > last.partition + 1
      else { continue }
      for partition in last.partition + 1..<now.partitionCount {
        let range = try store.range(of: now, partition: partition)
        lanes.add(
          Lane(topic: now, partition: partition, position: range.start, end: range.end))
      }
    }
  }

  /// Fetches for every lane that has nothing at hand.
  private mutating func feed(on loop: EventLoop) async throws(Refusal) {
    var isLong = false
    while let index = lanes.hungry {
      let lane = lanes.lanes[index]
      let fetch = Fetch(
        topic: lane.topic, partition: lane.partition, offset: lane.position,
        maxBytes: lanes.fetchBytes)
      let store = store
      let fetched: Fetched = try await loop.answer { reply in store.fetch(fetch, reply: reply) }
      do throws(ReadingFault) { try lanes.load(fetched, into: index) } catch {
        throw .reading(error)
      }
      if filter != nil {
        scanLeft -= fetched.batches.reduce(0) { $0 + $1.size }
        isLong = true
      }
    }
    // Looking for a key writes little, so that nothing else makes room for other connections.
    if isLong { _ = await loop.pause(until: loop.time.now) { _ in } }
  }

  /// Writes the records of `lane` stamped up to `through`, as long as output is wanted; true at a
  /// limit.
  private mutating func drain(
    _ lane: Int, _ through: Int64, _ size: Int
  ) throws(ReadingFault) -> Bool {
    painter.begin(lanes.lanes[lane].topic.name, lanes.lanes[lane].partition)
    while let record = lanes.lanes[lane].head, record.timestamp <= through,
      let batch = lanes.lanes[lane].batch
    {
      if filter?.matches(record, of: batch) ?? true {
        let bytes = (record.key?.count ?? 0) + (record.value?.count ?? 0)
        guard recordsLeft > 0, count == 0 || bytes <= bytesLeft else { return true }
        if layout == .list, count > 0 { output.append(UInt8(ascii: ",")) }
        try painter.paint(record, of: batch, to: &output)
        if layout == .lines { output.append(UInt8(ascii: "\n")) }
        recordsLeft -= 1
        bytesLeft -= bytes
        count += 1
      }
      try lanes.pass(lane)
      if recordsLeft == 0 { return true }
      if output.count >= size { return false }
    }
    return false
  }
}
