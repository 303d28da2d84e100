internal import Bytes
internal import Model
internal import Platform

/// The segment at the end of a partition: what has been appended to it, and what of that has not
/// been written yet.
/// Used by the materialiser alone.
struct ActiveSegment {
  /// A row is closed as soon as its interval has this many bytes.
  static let intervalBytes = 4096
  /// Writes of this size go past the page cache: the sync of a checkpoint, which holds up commits
  /// while it lasts, finds little to do, and a stream of hundreds of megabytes a second does not
  /// push out of memory what others read. Its own newest bytes are in the tail.
  static let passingBytes = 256 << 10

  private(set) var image: SegmentImage
  private var interval = SidecarRow.empty
  private var data: [UInt8] = []
  private var rows: [UInt8] = []
  /// Bytes of the two files that have been written.
  private var written: Int64
  private var sidecarWritten: Int64
  /// The digest of everything appended; `nil` where the begin of it came from an earlier start.
  private var content: Digest?

  private final class Digest {
    var stream = XXH3Stream()
  }

  /// A new segment that begins at `base`; its sidecar's head is still to be written.
  init(base: Offset, head: SidecarHead) {
    image = SegmentImage(
      base: base, generation: head.generation, length: 0, digest: 0, sidecarLength: 0, end: base,
      firstAppendTime: .max, greatestAppendTime: .min, greatestTimestamp: .min)
    written = 0
    sidecarWritten = 0
    content = Digest()
    rows = head.encode()
    image.sidecarLength = Int64(rows.count)
    closedEnd = base
    readable = ReadableSegment(
      base: base, generation: head.generation, length: 0, rows: 0, end: base,
      greatestTimestamp: .min)
  }

  /// The active segment of a snapshot, whose open interval was closed for it.
  init(resuming image: SegmentImage) {
    self.image = image
    written = image.length
    sidecarWritten = image.sidecarLength
    interval.position = image.length
    closedEnd = image.end
    readable = ReadableSegment(
      base: image.base, generation: image.generation, length: image.length,
      rows: Int(image.sidecarLength - Int64(SidecarHead.size)) / SidecarRow.size, end: image.end,
      greatestTimestamp: image.greatestTimestamp)
  }

  /// Bytes appended but not yet in the file.
  var pendingBytes: Int { data.count }

  /// Where the last closed interval ends, in bytes.
  private var closedLength: Int64 { interval.position }

  /// One past the last offset below `closedLength`.
  private var closedEnd: Offset

  /// What of it has been written and can be found by its sidecar.
  private(set) var readable: ReadableSegment

  /// Batches have been appended that no row speaks of yet.
  var hasOpenInterval: Bool { interval.length > 0 }

  /// Rows in the sidecar.
  private var rowCount: Int { Int(image.sidecarLength - Int64(SidecarHead.size)) / SidecarRow.size }

  /// Appends a batch; it reaches the file with the next `write`.
  mutating func append(_ batch: RecordBatch, end: Offset, appendTime: Timestamp) {
    if interval.length == 0 { interval.baseOffset = batch.baseOffset }
    image.firstAppendTime = min(image.firstAppendTime, appendTime)
    image.greatestAppendTime = max(image.greatestAppendTime, appendTime)
    image.greatestTimestamp = max(image.greatestTimestamp, batch.maxTimestamp)
    let bytes = batch.storage.span.extracting(batch.range)
    interval.headersCRC = CRC32C.checksum(
      bytes.extracting(0..<RecordBatch.uncheckedPrefix), continuing: interval.headersCRC)
    interval.length += UInt32(batch.size)
    interval.records += UInt32(batch.recordCount)
    data.append(bytes)
    content?.stream.update(bytes)
    image.length += Int64(batch.size)
    image.end = end
    if interval.length >= Self.intervalBytes { closeInterval() }
  }

  /// Ends the open interval, so that everything appended can be found by the sidecar.
  mutating func closeInterval() {
    guard interval.length > 0 else { return }
    interval.greatestAppendTime = image.greatestAppendTime
    interval.greatestTimestamp = image.greatestTimestamp
    interval.encode(into: &rows)
    image.sidecarLength += Int64(SidecarRow.size)
    interval = .empty
    interval.position = image.length
    closedEnd = image.end
  }

  /// Writes what is pending: first the batches, then the rows that speak of them.
  mutating func write(log: any File, sidecar: any File) throws(SystemError) {
    if !data.isEmpty {
      try log.writeAll(data.span, at: written, isPassing: data.count >= Self.passingBytes)
      written += Int64(data.count)
      data.removeAll(keepingCapacity: data.capacity <= 1 << 18)
    }
    if !rows.isEmpty {
      try sidecar.writeAll(rows, at: sidecarWritten)
      sidecarWritten += Int64(rows.count)
      rows.removeAll(keepingCapacity: true)
    }
    readable.length = closedLength
    readable.rows = rowCount
    readable.end = closedEnd
    readable.greatestTimestamp = image.greatestTimestamp
  }

  /// The digest of the whole file, where it is known without reading it.
  var digest: UInt64? { content?.stream.digest() }

  /// Ends the segment: nothing is appended to it any more. `digest` is that of its whole file.
  mutating func seal(digest: UInt64) {
    precondition(interval.length == 0 && data.isEmpty, "a segment is written before it is sealed")
    SidecarRow(
      position: image.length, length: 0, records: UInt32(rowCount),
      baseOffset: Int64(bitPattern: digest), greatestAppendTime: image.greatestAppendTime,
      greatestTimestamp: image.greatestTimestamp, headersCRC: 0
    ).encode(into: &rows)
    image.sidecarLength += Int64(SidecarRow.size)
    image.digest = digest
  }
}

extension SidecarRow {
  static let empty = SidecarRow(
    position: 0, length: 0, records: 0, baseOffset: 0, greatestAppendTime: 0, greatestTimestamp: 0,
    headersCRC: 0)
}
