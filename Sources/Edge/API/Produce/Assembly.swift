internal import Bytes
internal import Model
internal import Store

/// The records of one request while they are taken from its body: encoded at once, one builder for
/// each partition touched, a further batch where one is full. Nothing else is copied.
struct Assembly {
  /// What has to be known of a topic to place records in it, before it exists too.
  struct Shape: Equatable, Sendable {
    /// How many partitions it has.
    var partitionCount: Int32
    /// The largest batch.
    var maxMessageBytes: Int
    /// The timestamps that records may bring.
    var timestamps: ClosedRange<Timestamp>
  }

  /// Where a record came to stand: in a batch of the entry, so many records behind its first. One
  /// that has no place is in batch -1, and `delta` says which of the refusals is its own.
  struct Placement: Equatable, Sendable {
    let batch: Int32
    let delta: Int32
  }

  /// Where all records came to stand, in the order of the body.
  struct Places: Sendable {
    /// The place of each record.
    fileprivate(set) var placements: [Placement] = []
    /// Why records have no place.
    fileprivate(set) var refusals: [Refusal] = []
    /// The partition of each batch.
    fileprivate(set) var partitions: [Int32] = []
  }

  private struct Slot {
    let partition: Int32
    var batch: Int
    var builder: RecordBatchBuilder
  }

  /// The topic's shape.
  let shape: Shape
  /// The partition of records that have neither one of their own nor a key.
  let sticky: Int32
  /// The time of records that have none of their own.
  let now: Timestamp
  /// The records so far.
  private(set) var places = Places()
  private var slots: [Slot] = []
  private var slotOfPartition: [Int32] = []
  private var finished: [RecordBatch?] = []
  private let expectedBytes: Int

  /// No records yet, of about `expectedBytes` together.
  init(_ shape: Shape, sticky: Int32, now: Timestamp, expectedBytes: Int) {
    self.shape = shape
    self.sticky = sticky
    self.now = now
    self.expectedBytes = expectedBytes
  }

  /// Whether no record has found a place.
  var isEmpty: Bool { places.partitions.isEmpty }

  /// Adds a record whose fields are ranges of `storage`, to `partition` where one is given; throws
  /// where it alone cannot be taken.
  mutating func add(
    _ storage: [UInt8], key: Range<Int>?, value: Range<Int>?, partition: Int32?,
    timestamp: Timestamp?, headers: [RecordHeader]
  ) throws(Refusal) {
    let partition = partition ?? key.map { home(of: storage.span.extracting($0)) } ?? sticky
    let timestamp = try checked(timestamp)
    let slot = try room(key?.count, value?.count, partition, timestamp, headers)
    place(slot)
    slots[slot].builder.append(
      storage: storage, key: key, value: value, timestamp: timestamp, headers: headers)
  }

  /// Adds a record that stands in arrays of its own.
  mutating func add(
    key: [UInt8]?, value: [UInt8]?, partition: Int32?, timestamp: Timestamp?,
    headers: [RecordHeader]
  ) throws(Refusal) {
    let partition = partition ?? key.map { home(of: $0.span) } ?? sticky
    let timestamp = try checked(timestamp)
    let slot = try room(key?.count, value?.count, partition, timestamp, headers)
    place(slot)
    slots[slot].builder.append(
      key: key?.span, value: value?.span, timestamp: timestamp, headers: headers)
  }

  /// Adds a record with a key from elsewhere, whose value is a range of `storage`.
  mutating func add(
    key: [UInt8], value: Range<Int>, of storage: [UInt8], partition: Int32?,
    timestamp: Timestamp?, headers: [RecordHeader]
  ) throws(Refusal) {
    let partition = partition ?? home(of: key.span)
    let timestamp = try checked(timestamp)
    let slot = try room(key.count, value.count, partition, timestamp, headers)
    place(slot)
    slots[slot].builder.append(
      key: key.span, value: storage.span.extracting(value), timestamp: timestamp,
      headers: headers)
  }

  private func checked(_ timestamp: Timestamp?) throws(Refusal) -> Timestamp {
    guard let timestamp else { return now }
    guard shape.timestamps.contains(timestamp) else {
      throw .body(.timestampOutOfRange(timestamp, shape.timestamps))
    }
    return timestamp
  }

  private func home(of key: Span<UInt8>) -> Int32 {
    Partitioner.partition(for: key, count: shape.partitionCount)
  }

  /// Takes the places of all records away again.
  mutating func refuseAll(_ refusal: Refusal) {
    places.placements = places.placements.map { _ in Placement(batch: -1, delta: 0) }
    places.refusals = [refusal]
    places.partitions = []
    slots = []
    finished = []
  }

  /// Notes that the next record of the body has no place.
  mutating func refuse(_ refusal: Refusal) {
    places.placements.append(Placement(batch: -1, delta: Int32(places.refusals.count)))
    places.refusals.append(refusal)
  }

  /// What is to be appended to `topic`, whose shape is that of the assembly.
  mutating func appends(to topic: Topic) -> [Entry.Append] {
    if places.partitions.count == 1 {
      let batch = slots[0].builder.finish()
      return [Entry.Append(topic: topic, partition: places.partitions[0], batch: batch)]
    }
    for slot in slots.indices { finish(slot) }
    var appends: [Entry.Append] = []
    appends.reserveCapacity(finished.count)
    for index in finished.indices {
      guard let batch = finished[index].take() else {
        preconditionFailure("a batch was begun and not finished")
      }
      appends.append(
        Entry.Append(topic: topic, partition: places.partitions[index], batch: batch))
    }
    return appends
  }

  /// The places of the records, which nobody needs to know twice.
  mutating func takePlaces() -> Places {
    var taken = Places()
    swap(&taken, &places)
    return taken
  }

  /// Notes the place of the record that is added to `slot` next. Batches are numbered as they are
  /// begun, so that those of a partition get their offsets in the body's order.
  private mutating func place(_ slot: Int) {
    if slots[slot].builder.count == 0 {
      slots[slot].batch = places.partitions.count
      places.partitions.append(slots[slot].partition)
    }
    places.placements.append(
      Placement(batch: Int32(slots[slot].batch), delta: Int32(slots[slot].builder.count)))
  }

  /// The slot of `partition`, in whose builder the record fits.
  private mutating func room(
    _ keyCount: Int?, _ valueCount: Int?, _ partition: Int32, _ timestamp: Timestamp,
    _ headers: [RecordHeader]
  ) throws(Refusal) -> Int {
    let slot = slot(of: partition)
    while true {
      let size = slots[slot].builder.sizeAfter(
        keyCount: keyCount, valueCount: valueCount, timestamp: timestamp, headers: headers)
      guard size > shape.maxMessageBytes else { return slot }
      guard slots[slot].builder.count > 0 else {
        throw .body(.recordTooLarge(size: size, limit: shape.maxMessageBytes))
      }
      finish(slot)
    }
  }

  private mutating func finish(_ slot: Int) {
    guard slots[slot].builder.count > 0 else { return }
    while finished.count <= slots[slot].batch { finished.append(nil) }
    finished[slots[slot].batch] = slots[slot].builder.finish()
  }

  private mutating func slot(of partition: Int32) -> Int {
    if slotOfPartition.isEmpty {
      for index in slots.indices where slots[index].partition == partition { return index }
    } else if slotOfPartition[Int(partition)] >= 0 {
      return Int(slotOfPartition[Int(partition)])
    }
    let builder = RecordBatchBuilder(reserving: slots.isEmpty ? expectedBytes : 0)
    slots.append(Slot(partition: partition, batch: 0, builder: builder))
    index(slots.count - 1)
    return slots.count - 1
  }

  /// Few slots are found by looking at each; many by a table of all partitions.
  private mutating func index(_ slot: Int) {
    guard slots.count > 8 else { return }
    if slotOfPartition.isEmpty {
      slotOfPartition = [Int32](repeating: -1, count: Int(shape.partitionCount))
      for index in slots.indices { slotOfPartition[Int(slots[index].partition)] = Int32(index) }
    }
    slotOfPartition[Int(slots[slot].partition)] = Int32(slot)
  }
}
