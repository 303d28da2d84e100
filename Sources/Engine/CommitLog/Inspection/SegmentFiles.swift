internal import Bytes
internal import Model
internal import Platform

/// What is wrong in one of a segment's two files.
struct SegmentProblem: Error {
  var kind: SegmentFile.Kind
  var position: Int64
  var sentence: String
  /// The call that failed, where it was one.
  var cause: SystemError?
}

/// The two files of a segment, open for reading.
struct SegmentFiles {
  let base: Offset
  let logPath: String
  let sidecarPath: String
  let logBytes: Int64
  let sidecarBytes: Int64
  private let log: any File
  private let sidecar: any File

  /// Opens the segment at `base` in the directory at `path`.
  init(
    _ base: Offset, in path: String, _ fileSystem: any FileSystem
  ) throws(SystemError) {
    var file = SegmentFile(partition: .catalogue, base: base, generation: 0, kind: .log)
    logPath = "\(path)/\(file.name)"
    file.kind = .sidecar
    sidecarPath = "\(path)/\(file.name)"
    self.base = base
    log = try fileSystem.open(logPath, .read)
    sidecar = try fileSystem.open(sidecarPath, .read)
    logBytes = try log.size()
    sidecarBytes = try sidecar.size()
  }

  /// Whose the segment is, by its sidecar.
  func head() throws(SegmentProblem) -> SidecarHead {
    let bytes = try read(sidecar, .sidecar, SidecarHead.size, at: 0)
    do { return try SidecarHead.decode(bytes) } catch {
      throw SegmentProblem(kind: .sidecar, position: 0, sentence: error.sentence)
    }
  }

  /// Whole rows that lie in the sidecar, a seal among them.
  var rowCount: Int {
    max(0, Int(clamping: sidecarBytes - Int64(SidecarHead.size)) / SidecarRow.size)
  }

  static func position(ofRow index: Int) -> Int64 {
    Int64(SidecarHead.size + index * SidecarRow.size)
  }

  /// Up to `count` rows from `first` on, each as far as it can be read.
  func rows(
    from first: Int, count: Int
  ) throws(SegmentProblem) -> [Result<SidecarRow, FormatFault>] {
    let start = Self.position(ofRow: first)
    let bytes = try read(sidecar, .sidecar, count * SidecarRow.size, at: start)
    return (0..<bytes.count / SidecarRow.size).map { index in
      Result { () throws(FormatFault) in
        try SidecarRow.decode(bytes, at: index * SidecarRow.size)
      }
    }
  }

  /// A reader of the segment's batches.
  var batches: BatchReader { BatchReader(log) }

  private func read(
    _ file: any File, _ kind: SegmentFile.Kind, _ count: Int, at position: Int64
  ) throws(SegmentProblem) -> [UInt8] {
    do { return try file.read(count, at: position) } catch {
      throw SegmentProblem(kind: kind, position: position, sentence: "\(error)")
    }
  }

  /// The base offsets of the segments in a directory, in order.
  static func bases(in names: [String]) -> [Offset] {
    let bases = names.compactMap { name -> Offset? in
      guard name.hasSuffix(".log") || name.hasSuffix(".curlew") else { return nil }
      let digits = name.prefix { $0 != "." }
      guard digits.utf8.count == 20, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
        return nil
      }
      return Offset(digits)
    }
    return Set(bases).sorted()
  }
}

/// Reads a segment's batches one after the other, a stretch of the file at a time, and checks each.
struct BatchReader {
  private static let stretch: Int64 = 1 << 20

  private let file: any File
  private var held: [UInt8] = []
  private var start: Int64 = 0

  init(_ file: any File) { self.file = file }

  /// The batch at `position`, which must end at or before `limit`.
  mutating func batch(
    at position: Int64, before limit: Int64
  ) throws(SegmentProblem) -> RecordBatch {
    failure = nil
    do throws(RecordBatchFault) {
      var at = try hold(RecordBatch.headerSize, at: position, limit)
      let size = try RecordBatch.checkHeader(held.span, at: at)
      guard Int64(size) <= limit - position else {
        throw .truncated(needed: size, available: Int(limit - position))
      }
      at = try hold(size, at: position, limit)
      _ = try RecordBatch.check(held.span, at: at)
      return RecordBatch(unchecked: held, at..<at + size)
    } catch {
      throw SegmentProblem(
        kind: .log, position: position, sentence: failure.map { "\($0)" } ?? "\(error)".asClause,
        cause: failure)
    }
  }

  /// Bytes of the file as they lie.
  func bytes(_ position: Int64, _ count: Int) throws(SystemError) -> [UInt8] {
    try file.read(max(0, count), at: position)
  }

  /// Why the file could not be read.
  private var failure: SystemError?

  /// Makes `count` bytes at `position` available. Returns where they are in `held`.
  private mutating func hold(
    _ count: Int, at position: Int64, _ limit: Int64
  ) throws(RecordBatchFault) -> Int {
    if position >= start, position + Int64(count) <= start + Int64(held.count) {
      return Int(position - start)
    }
    do throws(SystemError) {
      held = try file.read(
        max(count, Int(min(Self.stretch, max(0, limit - position)))), at: position)
      start = position
    } catch {
      failure = error
      throw .truncated(needed: count, available: 0)
    }
    guard held.count >= count else { throw .truncated(needed: count, available: held.count) }
    return 0
  }
}

extension String {
  /// A sentence as a clause of another: small at its beginning, without its full stop.
  fileprivate var asClause: String {
    prefix(1).lowercased() + (hasSuffix(".") ? dropFirst().dropLast() : dropFirst())
  }
}
