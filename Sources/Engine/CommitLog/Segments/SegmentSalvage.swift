internal import Bytes
internal import Model
internal import Platform

/// Reads a segment in which something is damaged: every batch that is whole and provably at its
/// place, and which offsets are not.
///
/// A batch counts where its own checksum holds and it goes on at the offset where the one before
/// ends. Behind damage reading goes on at a place that the sidecar names, or at batches in front of
/// it that lead up to exactly that place: what merely looks like a batch may be a value.
struct SegmentSalvage {
  /// What was found.
  struct Finding {
    /// Batches that were asked for; they end in front of the first damage behind them.
    var batches: [RecordBatch] = []
    /// Offsets that cannot be read, in order.
    var damage: [Range<Offset>] = []
  }

  private struct Place {
    var position: Int64
    var offset: Offset
  }

  private let segment: ReadableSegment
  private let sidecar: any File
  private var reader: BatchReader
  /// Places that sound rows name, in order, and the segment's end.
  private var places: [Place] = []

  /// A salvage of `segment`, whose files these are. Reads the whole sidecar.
  init(_ segment: ReadableSegment, log: any File, sidecar: any File) throws(SystemError) {
    self.segment = segment
    self.sidecar = sidecar
    reader = BatchReader(log)
    places = [Place(position: 0, offset: segment.base)]
    var index = 0
    while index < segment.rows {
      let count = min(4096, segment.rows - index)
      let bytes = try sidecar.read(
        count * SidecarRow.size, at: SegmentFiles.position(ofRow: index))
      for row in 0..<bytes.count / SidecarRow.size {
        guard let row = try? SidecarRow.decode(bytes, at: row * SidecarRow.size), !row.isSeal,
          let last = places.last, row.position > last.position, row.baseOffset > last.offset,
          row.position < segment.length, row.baseOffset < segment.end
        else { continue }
        places.append(Place(position: row.position, offset: row.baseOffset))
      }
      index += count
    }
    places.append(Place(position: segment.length, offset: segment.end))
  }

  /// The batches behind `offset` that are `wanted`, about `maxBytes`, and the damage that was met.
  /// Stops at damage behind the first of them, and where `offset` itself is damaged.
  mutating func read(
    from offset: Offset, maxBytes: Int, where wanted: (RecordBatch) -> Bool = { _ in true }
  ) throws(SystemError) -> Finding {
    var finding = Finding()
    var bytes = 0
    var here = places.last { $0.offset <= offset && $0.position < segment.length } ?? places[0]
    while here.position < segment.length {
      if let batch = try batch(at: here, before: segment.length) {
        here = Place(position: here.position + Int64(batch.size), offset: batch.nextOffset)
        guard batch.nextOffset > offset, wanted(batch) else { continue }
        finding.batches.append(batch)
        bytes += batch.size
        if bytes >= maxBytes { return finding }
        continue
      }
      var further = try behind(here)
      while further.position < segment.length,
        try batch(at: further, before: segment.length) == nil
      {
        further = try behind(further)
      }
      if further.offset > here.offset { finding.damage.append(here.offset..<further.offset) }
      if !finding.batches.isEmpty || finding.damage.last?.contains(offset) == true {
        return finding
      }
      here = further
    }
    if here.offset < segment.end, segment.generation == 0 {
      finding.damage.append(here.offset..<segment.end)
    }
    return finding
  }

  /// The batch that begins at `place`; `nil` where it is damaged, or another one.
  private mutating func batch(
    at place: Place, before limit: Int64
  ) throws(SystemError) -> RecordBatch? {
    do throws(SegmentProblem) {
      let batch = try reader.batch(at: place.position, before: limit)
      let follows =
        segment.generation > 0
        ? batch.baseOffset >= place.offset : batch.baseOffset == place.offset
      return follows && batch.nextOffset <= segment.end ? batch : nil
    } catch {
      if let cause = error.cause { throw cause }
      return nil
    }
  }

  /// Where batches are whole again behind damage at `place`.
  private mutating func behind(_ place: Place) throws(SystemError) -> Place {
    let bound = places.first { $0.position > place.position } ?? places[places.count - 1]
    let bytes = try reader.bytes(
      place.position + 1, Int(bound.position - place.position) - 1)
    var index = 0
    while index + RecordBatch.headerSize <= bytes.count {
      defer { index += 1 }
      let offset: Offset = bytes.span.load(bigEndianAt: index)
      guard offset >= place.offset, offset < bound.offset else { continue }
      let start = Place(position: place.position + 1 + Int64(index), offset: offset)
      if try leads(from: start, to: bound) { return start }
    }
    return bound
  }

  private mutating func leads(from start: Place, to bound: Place) throws(SystemError) -> Bool {
    var here = start
    while here.position < bound.position {
      guard let batch = try batch(at: here, before: bound.position) else { return false }
      here = Place(position: here.position + Int64(batch.size), offset: batch.nextOffset)
    }
    return segment.generation > 0 ? here.offset <= bound.offset : here.offset == bound.offset
  }
}
