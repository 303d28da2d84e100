internal import Bytes
internal import Model

/// Compares a segment with its sidecar, interval by interval, from the front to the back.
struct SegmentPass: ~Copyable {
  /// Where the next interval begins; `nil` when that was lost to damage.
  private(set) var position: Int64? = 0
  /// The offset that comes next; `nil` when that was lost to damage.
  private(set) var offset: Offset?
  private(set) var rows = 0
  private(set) var batches = 0
  private(set) var records: Int64 = 0
  private(set) var greatestTimestamp = Timestamp.min
  private(set) var firstTimestamp: Timestamp?
  private var greatestAppendTime = Timestamp.min
  private var reader: BatchReader
  private var content = XXH3Stream()
  private let allowsGaps: Bool

  /// A pass over `files`. Compaction, which a generation above 0 tells, leaves gaps in the offsets.
  init(_ files: SegmentFiles, generation: UInt32) {
    offset = files.base
    reader = files.batches
    allowsGaps = generation > 0
  }

  /// What an interval came to.
  private struct Interval {
    var batches = 0
    var records: Int64 = 0
    var next: Offset?
    var greatest = Timestamp.min
    var first: Timestamp?
    var headers: UInt32 = 0
  }

  /// Checks the next interval against its row, which stands at `place` of the sidecar. The pass is
  /// where it was when this throws.
  mutating func check(
    _ row: SidecarRow, at place: Int64, before limit: Int64
  ) throws(SegmentProblem) {
    try checkPlace(row, place, limit)
    var interval = Interval(next: offset)
    var at = row.position
    while at < row.end {
      let batch = try reader.batch(at: at, before: row.end)
      try take(batch, at, &interval)
      at += Int64(batch.size)
    }
    try compare(row, place, interval)
    position = row.end
    offset = interval.next
    rows += 1
    batches += interval.batches
    records += interval.records
    greatestTimestamp = row.greatestTimestamp
    greatestAppendTime = row.greatestAppendTime
    firstTimestamp = firstTimestamp ?? interval.first
  }

  private func checkPlace(
    _ row: SidecarRow, _ place: Int64, _ limit: Int64
  ) throws(SegmentProblem) {
    func problem(_ sentence: String) -> SegmentProblem {
      SegmentProblem(kind: .sidecar, position: place, sentence: sentence)
    }
    if let position, row.position != position {
      throw problem(
        "its interval begins at \(row.position), where the one before ends at \(position)")
    }
    guard row.position >= 0, row.position <= limit, Int64(row.length) <= limit - row.position else {
      throw problem("its interval ends behind the segment, which has \(limit) bytes")
    }
    if let offset, allowsGaps ? row.baseOffset < offset : row.baseOffset != offset {
      throw problem("its interval begins at offset \(row.baseOffset), where \(offset) is next")
    }
  }

  private mutating func take(
    _ batch: RecordBatch, _ at: Int64, _ interval: inout Interval
  ) throws(SegmentProblem) {
    if let next = interval.next, allowsGaps ? batch.baseOffset < next : batch.baseOffset != next {
      throw SegmentProblem(
        kind: .log, position: at,
        sentence: "the batch begins at offset \(batch.baseOffset), where \(next) is next")
    }
    let bytes = batch.storage.span.extracting(batch.range)
    content.update(bytes)
    interval.headers = CRC32C.checksum(
      bytes.extracting(0..<RecordBatch.uncheckedPrefix), continuing: interval.headers)
    interval.batches += 1
    interval.records += Int64(batch.recordCount)
    interval.next = batch.nextOffset
    interval.greatest = max(interval.greatest, batch.maxTimestamp)
    interval.first = interval.first ?? batch.baseTimestamp
  }

  private func compare(
    _ row: SidecarRow, _ place: Int64, _ interval: Interval
  ) throws(SegmentProblem) {
    guard interval.headers == row.headersCRC else {
      throw SegmentProblem(
        kind: .log, position: row.position,
        sentence: "the headers of its batches do not match the sidecar")
    }
    let greatest = max(greatestTimestamp, interval.greatest)
    let isGreatest =
      position == nil ? row.greatestTimestamp >= greatest : row.greatestTimestamp == greatest
    guard interval.records == Int64(row.records), isGreatest,
      row.greatestAppendTime >= greatestAppendTime
    else {
      throw SegmentProblem(
        kind: .sidecar, position: place,
        sentence: "its number of records or its times are not those of its batches")
    }
  }

  /// Goes on behind an interval that is damaged; behind an unknown one where `row` is `nil`.
  mutating func skip(_ row: SidecarRow? = nil) {
    position = nil
    offset = nil
    rows += 1
    if let row { greatestTimestamp = max(greatestTimestamp, row.greatestTimestamp) }
  }

  /// Goes over batches that no row speaks of, as long as they are whole and go on. Returns where
  /// the first begins that does not, or `limit`.
  mutating func followBatches(before limit: Int64) -> Int64 {
    guard var at = position, offset != nil else { return position ?? limit }
    while at < limit {
      var interval = Interval(next: offset)
      guard let batch = try? reader.batch(at: at, before: limit),
        (try? take(batch, at, &interval)) != nil
      else { break }
      at += Int64(batch.size)
      offset = interval.next
      batches += 1
      records += interval.records
      greatestTimestamp = max(greatestTimestamp, interval.greatest)
      firstTimestamp = firstTimestamp ?? interval.first
    }
    position = at
    return at
  }

  /// XXH3-64 of all that was read; right only where nothing was skipped.
  var digest: UInt64 { content.digest() }
}
