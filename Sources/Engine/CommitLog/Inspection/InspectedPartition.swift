public import Model
internal import Platform

/// A segment as it lies in its directory.
public struct InspectedSegment: Sendable {
  /// Its file.
  public let path: String
  /// The offset in its name.
  public let base: Offset
  /// Bytes of its file.
  public let bytes: Int64
  /// One past its last whole record.
  public let end: Offset
  /// Records in it.
  public let records: Int64
  /// The base timestamp of its first batch; `nil` while it is empty.
  public let firstTimestamp: Timestamp?
  /// The greatest timestamp in it; `nil` while it is empty.
  public let greatestTimestamp: Timestamp?
  /// Its sidecar says that nothing comes behind it.
  public let isSealed: Bool
  /// Where it cannot be read; `nil` where all of it can.
  public let finding: Finding?
}

/// A partition by the catalogue, or a directory that looks like one.
public struct InspectedPartition: Sendable {
  /// The name of its directory.
  public let directory: String
  /// Who it is; `nil` where the catalogue knows no partition for this directory.
  public let identity: PartitionIdentity?
  /// The first offset that can be read.
  public let logStart: Offset
  /// One past the last offset, by journal and segments.
  public let end: Offset
  /// What lies in its directory, oldest first.
  public let segments: [InspectedSegment]
}

extension Inspector {
  /// All partitions by name of the topic and index, with what lies in their directories; behind
  /// them directories that belong to none.
  public func partitions() throws(LogError) -> [InspectedPartition] {
    let known = (try? chain.get())?.identities.values.sorted {
      ($0.topic, $0.index) < ($1.topic, $1.index)
    }
    var names = Set(try self.names(in: directory.topics))
    var partitions: [InspectedPartition] = []
    for identity in known ?? [] {
      names.remove(identity.directory)
      partitions.append(try partition(identity.directory, identity))
    }
    for name in names.sorted() where !name.hasPrefix(DataDirectory.deleted) {
      partitions.append(try partition(name, nil))
    }
    return partitions
  }

  private func partition(
    _ name: String, _ identity: PartitionIdentity?
  ) throws(LogError) -> InspectedPartition {
    let path = "\(directory.topics)/\(name)"
    let segments = SegmentFiles.bases(in: try names(in: path)).map { segment($0, in: path) }
    let chain = try? chain.get()
    let end = identity.flatMap { chain?.ends[$0.number] } ?? 0
    return InspectedPartition(
      directory: name, identity: identity,
      logStart: identity.flatMap { chain?.logStarts[$0.number] } ?? 0,
      end: max(end, segments.last?.end ?? 0), segments: segments)
  }

  /// Reads a segment's sidecar, and its batches where no row speaks of them.
  private func segment(_ base: Offset, in path: String) -> InspectedSegment {
    var file = SegmentFile(partition: .catalogue, base: base, generation: 0, kind: .log)
    do {
      let files = try SegmentFiles(base, in: path, directory.fileSystem)
      return try segment(files)
    } catch let problem as SegmentProblem {
      file.kind = problem.kind
      return unreadable(
        base, path,
        Finding(
          path: "\(path)/\(file.name)", position: problem.position, sentence: problem.sentence))
    } catch {
      return unreadable(base, path, Finding(path: "\(path)/\(file.name)", sentence: "\(error)"))
    }
  }

  private func unreadable(
    _ base: Offset, _ path: String, _ finding: Finding
  ) -> InspectedSegment {
    InspectedSegment(
      path: finding.path, base: base, bytes: 0, end: base, records: 0, firstTimestamp: nil,
      greatestTimestamp: nil, isSealed: false, finding: finding)
  }

  private func segment(_ files: SegmentFiles) throws(SegmentProblem) -> InspectedSegment {
    var summary = SegmentSummary(try files.head().generation, files)
    let finding = try summary.read(files)
    return InspectedSegment(
      path: files.logPath, base: files.base, bytes: files.logBytes,
      end: summary.end, records: summary.records, firstTimestamp: summary.firstTimestamp,
      greatestTimestamp: summary.greatestTimestamp, isSealed: summary.isSealed, finding: finding)
  }

  /// The names in a directory, none where it does not exist.
  func names(in path: String) throws(LogError) -> [String] {
    try system { () throws(SystemError) in
      try directory.fileSystem.status(path)?.isDirectory == true
        ? try directory.fileSystem.list(path) : []
    }
  }
}

/// What a segment holds, from its sidecar's rows and the batches of its last interval on.
private struct SegmentSummary {
  var end: Offset
  var records: Int64 = 0
  var firstTimestamp: Timestamp?
  var greatestTimestamp: Timestamp?
  var isSealed = false
  private let allowsGaps: Bool

  init(_ generation: UInt32, _ files: SegmentFiles) {
    end = files.base
    allowsGaps = generation > 0
  }

  /// Returns where the segment cannot be read.
  mutating func read(_ files: SegmentFiles) throws(SegmentProblem) -> Finding? {
    var last: SidecarRow?
    var index = 0
    rows: while index < files.rowCount {
      let rows = try files.rows(from: index, count: min(1024, files.rowCount - index))
      if rows.isEmpty { break }
      for row in rows {
        guard let row = try? row.get(), row.position == last?.end ?? 0 else { break rows }
        isSealed = row.isSeal
        if row.isSeal { break rows }
        records += Int64(row.records)
        greatestTimestamp = row.greatestTimestamp
        last = row
        index += 1
      }
    }
    return readBatches(files, behind: last)
  }

  private mutating func readBatches(_ files: SegmentFiles, behind row: SidecarRow?) -> Finding? {
    var reader = files.batches
    if files.logBytes > 0, let first = try? reader.batch(at: 0, before: files.logBytes) {
      firstTimestamp = first.baseTimestamp
    }
    var at = row?.position ?? 0
    var next = row?.baseOffset ?? files.base
    do throws(SegmentProblem) {
      while at < files.logBytes {
        let batch = try reader.batch(at: at, before: files.logBytes)
        guard allowsGaps ? batch.baseOffset >= next : batch.baseOffset == next else {
          throw SegmentProblem(
            kind: .log, position: at,
            sentence: "the batch begins at offset \(batch.baseOffset), where \(next) is next")
        }
        if at >= row?.end ?? 0 {
          records += Int64(batch.recordCount)
          greatestTimestamp = max(greatestTimestamp ?? .min, batch.maxTimestamp)
        }
        at += Int64(batch.size)
        next = batch.nextOffset
        end = next
      }
      return nil
    } catch {
      end = max(end, next)
      return Finding(path: files.logPath, position: error.position, sentence: error.sentence)
    }
  }
}
