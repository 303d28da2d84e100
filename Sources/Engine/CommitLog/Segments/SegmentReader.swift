internal import Bytes
internal import Model
internal import Platform

/// Reads batches from segments by their sidecars. What it returns was checked: every batch by its
/// own CRC, and what that leaves out by the row of its interval.
struct SegmentReader: Sendable {
  /// Reading needs the device, and the caller may not wait.
  enum Outcome {
    case read([RecordBatch])
    case wouldBlock
    /// Something is damaged: what could be read all the same, and what cannot.
    case salvaged(SegmentSalvage.Finding)
  }

  let partition: PartitionIdentity
  let directory: String
  let cache: FileCache
  /// Whether reads may wait for the device; otherwise only what is in the page cache is read.
  let mayBlock: Bool

  /// Thrown inside when a read that may not block would have to.
  private struct WouldBlock: Error {}

  /// The batches of `segment` from the interval that holds `offset` on, about `maxBytes` and at
  /// least one interval.
  func read(
    _ segment: ReadableSegment, from offset: Offset, maxBytes: Int
  ) throws(LogError) -> Outcome {
    do {
      let first = try row(in: segment) { $0.baseOffset > offset } - 1
      let rows = try rows(in: segment, from: max(0, first), maxBytes: maxBytes)
      let batches = try intervals(rows, of: segment)
      return .read(batches.filter { $0.nextOffset > offset })
    } catch is LogError {
      return try salvage(segment, from: offset, maxBytes: maxBytes) { _ in true }
    } catch let error as SystemError {
      throw .system(error)
    } catch {
      return .wouldBlock
    }
  }

  /// The batches of the first interval of `segment` in which some record at `offset` or behind it
  /// is stamped at or after `timestamp`.
  func read(
    _ segment: ReadableSegment, at timestamp: Timestamp, from offset: Offset
  ) throws(LogError) -> Outcome {
    do {
      var next = try row(in: segment) { $0.greatestTimestamp >= timestamp }
      if segment.base < offset {
        next = max(next, try row(in: segment) { $0.baseOffset > offset } - 1)
      }
      // The rows tell of all records so far, also of those before the offset: more than one
      // interval is looked at only where these had the greatest timestamps.
      while next < segment.rows {
        let rows = try rows(in: segment, from: next, maxBytes: 1)
        let found = try intervals(rows, of: segment).filter { $0.mayHold(timestamp, from: offset) }
        if !found.isEmpty { return .read(found) }
        next += rows.count
      }
      return .read([])
    } catch is LogError {
      return try salvage(segment, from: max(segment.base, offset), maxBytes: 1) {
        $0.mayHold(timestamp, from: offset)
      }
    } catch let error as SystemError {
      throw .system(error)
    } catch {
      return .wouldBlock
    }
  }

  /// Everything that `segment` holds, checked whether its sidecar says so or not; the damage in it.
  /// Where the last row of a sealed segment and its digest hold nothing else needs to.
  func damage(in segment: ReadableSegment) throws(LogError) -> [Range<Offset>] {
    var damage: [Range<Offset>] = []
    var offset = segment.base
    while offset < segment.end {
      switch try read(segment, from: offset, maxBytes: 256 << 10) {
      case .wouldBlock: return damage
      case .read(let batches):
        guard let last = batches.last else { return damage }
        offset = last.nextOffset
      case .salvaged(let finding):
        damage = finding.damage.reduce(damage) { $0.union($1) }
        let read = finding.batches.last?.nextOffset ?? offset
        offset = max(read, finding.damage.last?.upperBound ?? read, offset + 1)
      }
    }
    return damage
  }

  private func salvage(
    _ segment: ReadableSegment, from offset: Offset, maxBytes: Int,
    where wanted: (RecordBatch) -> Bool
  ) throws(LogError) -> Outcome {
    guard mayBlock else { return .wouldBlock }
    do throws(SystemError) {
      var salvage = try SegmentSalvage(
        segment, log: try open(segment, .log), sidecar: try open(segment, .sidecar))
      return .salvaged(try salvage.read(from: offset, maxBytes: maxBytes, where: wanted))
    } catch {
      throw .system(error)
    }
  }

  /// The first row of which `isPast` is true, all rows before it being false; `segment.rows` where
  /// none is.
  private func row(in segment: ReadableSegment, where isPast: (SidecarRow) -> Bool) throws -> Int {
    let file = try open(segment, .sidecar)
    var low = 0
    var high = segment.rows
    while low < high {
      let middle = (low + high) / 2
      let place = position(ofRow: middle)
      let bytes = try read(file, SidecarRow.size, at: place)
      if isPast(try decode(bytes, 0, place, segment)) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Rows from `first` on whose intervals together have about `maxBytes`, at least one.
  private func rows(
    in segment: ReadableSegment, from first: Int, maxBytes: Int
  ) throws -> [SidecarRow] {
    let file = try open(segment, .sidecar)
    var rows: [SidecarRow] = []
    var total = 0
    var next = first
    while next < segment.rows, rows.isEmpty || total < maxBytes {
      let count = min(64, segment.rows - next)
      let bytes = try read(file, count * SidecarRow.size, at: position(ofRow: next))
      for index in 0..<count {
        let place = position(ofRow: next + index)
        let row = try decode(bytes, index * SidecarRow.size, place, segment)
        guard row.position >= 0, row.position == rows.last?.end ?? row.position else {
          throw damage(segment, .sidecar, place, "row: it does not follow the one before")
        }
        if !rows.isEmpty, total + Int(row.length) > maxBytes { return rows }
        rows.append(row)
        total += Int(row.length)
      }
      next += count
    }
    return rows
  }

  private func intervals(_ rows: [SidecarRow], of segment: ReadableSegment) throws -> [RecordBatch]
  {
    guard let first = rows.first, let last = rows.last else { return [] }
    // Rows are checked one by one; that they go on where the one before ends is checked here.
    var end = first.position
    for row in rows {
      guard row.position == end, row.length > 0, row.end <= segment.length else {
        throw damage(segment, .sidecar, row.position, "its rows do not fit each other")
      }
      end = row.end
    }
    guard first.position >= 0 else { throw damage(segment, .sidecar, 0, "a row before the start") }
    let file = try open(segment, .log)
    let wanted = Int(last.end - first.position)
    let bytes = try read(file, wanted, at: first.position)
    guard bytes.count == wanted else {
      throw damage(segment, .log, first.position + Int64(bytes.count), "the file ends here")
    }
    var batches: [RecordBatch] = []
    for row in rows {
      let start = Int(row.position - first.position)
      try split(bytes, start..<start + Int(row.length), row, segment, into: &batches)
    }
    return batches
  }

  /// Checks the batches of one interval and appends them.
  private func split(
    _ bytes: [UInt8], _ range: Range<Int>, _ row: SidecarRow, _ segment: ReadableSegment,
    into batches: inout [RecordBatch]
  ) throws {
    var at = range.lowerBound
    var headers: UInt32 = 0
    while at < range.upperBound {
      let size: Int
      do throws(RecordBatchFault) {
        size = try RecordBatch.check(bytes.span.extracting(0..<range.upperBound), at: at)
      } catch {
        throw damage(segment, .log, row.position + Int64(at - range.lowerBound), "\(error)")
      }
      headers = CRC32C.checksum(
        bytes.span.extracting(at..<at + RecordBatch.uncheckedPrefix), continuing: headers)
      batches.append(RecordBatch(unchecked: bytes, at..<at + size))
      at += size
    }
    guard headers == row.headersCRC else {
      throw damage(segment, .log, row.position, "batch headers do not match the sidecar")
    }
  }

  private func open(
    _ segment: ReadableSegment, _ kind: SegmentFile.Kind
  ) throws(SystemError) -> any File {
    try cache.open(name(segment, kind), in: directory, .update)
  }

  private func name(_ segment: ReadableSegment, _ kind: SegmentFile.Kind) -> SegmentFile {
    SegmentFile(
      partition: partition.number, base: segment.base, generation: segment.generation, kind: kind)
  }

  private func read(_ file: any File, _ count: Int, at offset: Int64) throws -> [UInt8] {
    guard mayBlock else {
      guard let bytes = try file.readCached(count, at: offset) else { throw WouldBlock() }
      return bytes
    }
    return try file.read(count, at: offset)
  }

  private func position(ofRow index: Int) -> Int64 {
    Int64(SidecarHead.size + index * SidecarRow.size)
  }

  /// The row at `at` of `bytes`, which stands at `place` in the file.
  private func decode(
    _ bytes: [UInt8], _ at: Int, _ place: Int64, _ segment: ReadableSegment
  ) throws(LogError) -> SidecarRow {
    do { return try SidecarRow.decode(bytes, at: at) } catch {
      throw damage(segment, .sidecar, place, "row: \(error.sentence)")
    }
  }

  private func damage(
    _ segment: ReadableSegment, _ kind: SegmentFile.Kind, _ position: Int64, _ reason: String
  ) -> LogError {
    .damagedSegment(
      path: "\(directory)/\(name(segment, kind).name)", position: position, reason: reason)
  }
}
