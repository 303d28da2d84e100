internal import Model
internal import Platform

extension SegmentStore {
  /// Forgets a partition whose end lies in the journal, and retires its directory.
  func forget(_ identity: PartitionIdentity) throws(LogError) {
    partitions[identity.number] = nil
    try retire(identity)
  }

  /// Takes over the directories of deleted partitions that an earlier process did not come to
  /// remove.
  func adoptDeleted() throws(LogError) {
    let topics = directory.topics
    let names = try system { () throws(SystemError) in
      try fileSystem.status(topics) == nil ? [] : try fileSystem.list(topics)
    }
    deletedDirectories = names.filter { $0.hasPrefix(DataDirectory.deleted) }.map {
      "\(topics)/\($0)"
    }
  }

  /// Shows every partition to readers as recovery left it.
  func publishAll() {
    for partition in partitions.values {
      partition.log.restore(logStart: partition.logStart, end: partition.end)
      publish(partition)
    }
  }

  /// Looks at what lies past the replayed end of a partition's active segment. Only durable frames
  /// are ever written to segments, so a whole batch there that goes on where the partition ends
  /// proves that the journal lost something.
  /// Anything else is moved aside.
  func examineEnd(of number: PartitionNumber) throws(LogError) {
    guard let partition = partitions[number], let active = partition.active else { return }
    let path = directory.path(of: partition.log.identity)
    var name = SegmentFile(
      partition: number, base: active.image.base, generation: active.image.generation, kind: .log)
    do {
      let log = try cache.open(name, in: path, .write)
      let extra = try log.size() - active.image.length
      if extra > 0 {
        let bytes = try log.read(Int(min(extra, 64 << 20)), at: active.image.length)
        if let size = try? RecordBatch.check(bytes.span, at: 0),
          RecordBatch(unchecked: bytes, 0..<size).baseOffset == partition.end
        {
          throw LogError.damagedSegment(
            path: "\(path)/\(name.name)", position: active.image.length,
            reason: "the journal has lost acknowledged records from offset \(partition.end) on, "
              + "which still stand here")
        }
        try quarantine(bytes, of: partition.log.identity, at: active.image.length)
        try log.truncate(to: active.image.length)
      }
      name.kind = .sidecar
      let sidecar = try cache.open(name, in: path, .write)
      if try sidecar.size() > active.image.sidecarLength {
        try sidecar.truncate(to: active.image.sidecarLength)
      }
    } catch let error as LogError {
      throw error
    } catch let error as SystemError {
      throw .system(error)
    } catch {
      throw .refused("\(error)")
    }
  }

  private func quarantine(
    _ bytes: [UInt8], of identity: PartitionIdentity, at position: Int64
  ) throws(SystemError) {
    try fileSystem.makeDirectory(directory.quarantine)
    let path = "\(directory.quarantine)/\(identity.directory)-\(identity.number)-\(position)"
    try fileSystem.open(path, .write).writeAll(bytes, at: 0)
  }
}
