internal import Model
internal import Platform

/// What recovery does where the journal has lost frames that it knows were there.
extension SegmentStore {
  /// Takes batches that go on where partition `number` ends from its segment files, up to `target`:
  /// an earlier process wrote them there from frames that were durable. Returns them; what they
  /// bring is applied.
  ///
  /// `appendTime` stands for the time that their rows had: it is later than theirs, so that
  /// retention keeps them rather too long.
  func heal(
    _ number: PartitionNumber, upTo target: Offset, appendTime: Timestamp
  ) throws(LogError) -> [RecordBatch] {
    guard let identity = (partitions[number]?.log ?? table[number])?.identity else { return [] }
    let path = directory.path(of: identity)
    guard try owner(of: path) == number else { return [] }
    var healed: [RecordBatch] = []
    var source: (base: Offset, reader: BatchReader, length: Int64)?
    while end(of: number) < target {
      let next = end(of: number)
      let active = partitions[number]?.active?.image
      if let active, source?.base != active.base {
        source = try batches(of: identity, in: path, at: active.base)
      }
      if let active, var open = source,
        let batch = Self.batch(&open.reader, at: active.length, before: open.length, next, target)
      {
        source = open
        try apply(batch, to: number, appendTime)
        healed.append(batch)
        continue
      }
      // A roll may be among what was lost.
      guard active?.base != next, var rolled = try batches(of: identity, in: path, at: next),
        Self.batch(&rolled.reader, at: 0, before: rolled.length, next, target) != nil
      else { break }
      if active != nil {
        try apply(
          RowContent(
            row: Row(
              entry: 0, kind: .roll, partition: number, baseOffset: next, appendTime: appendTime)))
      } else {
        begin(number, at: next)
      }
    }
    return healed
  }

  private func apply(
    _ batch: RecordBatch, to number: PartitionNumber, _ appendTime: Timestamp
  ) throws(LogError) {
    let row = Row(
      entry: 0, kind: .append, partition: number, baseOffset: batch.baseOffset,
      count: UInt32(batch.lastOffsetDelta + 1), length: UInt32(batch.size), batchCRC: batch.crc,
      appendTime: appendTime)
    try apply(RowContent(row: row, batch: batch))
  }

  /// The segment file at `base`, where it and its sidecar are there and are this partition's.
  private func batches(
    of identity: PartitionIdentity, in path: String, at base: Offset
  ) throws(LogError) -> (base: Offset, reader: BatchReader, length: Int64)? {
    var file = SegmentFile(partition: identity.number, base: base, generation: 0, kind: .sidecar)
    do throws(SystemError) {
      let bytes = try fileSystem.open("\(path)/\(file.name)", .read).read(SidecarHead.size, at: 0)
      guard let head = try? SidecarHead.decode(bytes), head.partition == identity.number,
        head.topic == identity.topicID, head.base == base
      else { return nil }
      file.kind = .log
      let log = try fileSystem.open("\(path)/\(file.name)", .read)
      return (base, BatchReader(log), try log.size())
    } catch {
      guard error.isAbsent else { throw .system(error) }
      return nil
    }
  }

  private static func batch(
    _ reader: inout BatchReader, at position: Int64, before limit: Int64, _ next: Offset,
    _ target: Offset
  ) -> RecordBatch? {
    guard position < limit, let batch = try? reader.batch(at: position, before: limit),
      batch.baseOffset == next, batch.nextOffset <= target
    else { return nil }
    return batch
  }

  /// Leaves the offsets from the end of `number` up to `target` out: they were taken, and what they
  /// held is lost. The partition goes on in a new segment behind them. What still lies behind the
  /// last live byte is no record of the partition's any more that could be told from garbage: it
  /// moves to `quarantine/`.
  func fence(_ number: PartitionNumber, to target: Offset) throws(LogError) {
    guard let log = partitions[number]?.log ?? table[number] else { return }
    if let active = partitions[number]?.active, active.image.length > 0 {
      let file = SegmentFile(
        partition: number, base: active.image.base, generation: active.image.generation, kind: .log)
      try moveAside(file, in: directory.path(of: log.identity), from: active.image.length)
      partitions[number]?.closing.append(active)
    }
    begin(number, at: target)
  }
}
