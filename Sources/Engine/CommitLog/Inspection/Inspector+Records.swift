public import Model
internal import Platform

/// What reading a partition's records came across.
public enum RecordItem: Sendable {
  /// Whole batches, in the order of offsets.
  case batch(RecordBatch)
  /// A place that cannot be read; what follows it is read on where it can be found.
  case finding(Finding)
}

extension Inspector {
  /// Calls `body` with every batch of a partition: those in segments, then those that only the
  /// journal has yet.
  public func records<E: Error>(
    of partition: InspectedPartition, _ body: (RecordItem) throws(E) -> Void
  ) throws(E) {
    var next = partition.logStart
    let path = "\(directory.topics)/\(partition.directory)"
    for segment in partition.segments where segment.end > next || segment.finding != nil {
      let files: SegmentFiles
      do throws(SystemError) {
        files = try SegmentFiles(segment.base, in: path, directory.fileSystem)
      } catch {
        try body(.finding(Finding(path: segment.path, sentence: "\(error)")))
        continue
      }
      try records(of: files, from: &next, body)
    }
    guard let number = partition.identity?.number, let journal, let chain = try? chain.get(),
      next < partition.end
    else { return }
    var scan = journal.scan(from: chain.origin)
    while let frame = try? scan.next() {
      for content in frame.contents where content.row.partition == number {
        guard let batch = content.batch, batch.baseOffset >= next else { continue }
        try body(.batch(batch))
        next = batch.nextOffset
      }
    }
  }

  private func records<E: Error>(
    of files: SegmentFiles, from next: inout Offset, _ body: (RecordItem) throws(E) -> Void
  ) throws(E) {
    var reader = files.batches
    var at: Int64 = 0
    while at < files.logBytes {
      let batch: RecordBatch
      do throws(SegmentProblem) { batch = try reader.batch(at: at, before: files.logBytes) } catch {
        try body(
          .finding(
            Finding(path: files.logPath, position: error.position, sentence: error.sentence)))
        guard let further = Self.interval(behind: at, in: files) else { return }
        at = further
        continue
      }
      at += Int64(batch.size)
      guard batch.nextOffset > next else { continue }
      try body(.batch(batch))
      next = batch.nextOffset
    }
  }

  /// Where the first interval begins behind `position`.
  private static func interval(behind position: Int64, in files: SegmentFiles) -> Int64? {
    for index in 0..<files.rowCount {
      guard let row = try? files.rows(from: index, count: 1).first?.get(), !row.isSeal,
        row.position > position
      else { continue }
      return row.position
    }
    return nil
  }
}
