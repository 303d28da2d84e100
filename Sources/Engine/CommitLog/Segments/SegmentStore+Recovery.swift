internal import Model
internal import Platform

extension SegmentStore {
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

  /// All partitions that are known.
  var known: Set<PartitionNumber> {
    Set(partitions.keys).union(table.all.map(\.identity.number))
  }

  /// Looks at what lies past the replayed end of a partition: behind its active segment, and in the
  /// one that would begin there. Only durable frames are ever written to segments, so a whole batch
  /// that goes on where the partition ends proves that the journal lost something: `heal` has taken
  /// it in where it may be. Anything else is moved aside.
  func examineEnd(of number: PartitionNumber) throws(LogError) {
    guard let identity = (partitions[number]?.log ?? table[number])?.identity else { return }
    let end = end(of: number)
    let path = directory.path(of: identity)
    let active = partitions[number]?.active?.image
    do {
      if let active {
        try examine(name(identity, active.base, .log), in: path, from: active.length, end)
        try cut(name(identity, active.base, .sidecar), in: path, to: active.sidecarLength)
      }
      let next = name(identity, end, .log)
      // Whose the directory is costs several calls, and mostly there is no such file.
      if active?.base != end, try fileSystem.status("\(path)/\(next.name)") != nil,
        try owner(of: path) == number
      {
        try examine(next, in: path, from: 0, end)
      }
    } catch let error as LogError {
      throw error
    } catch let error as SystemError {
      throw .system(error)
    } catch {
      throw .refused("\(error)")
    }
  }

  private func name(
    _ identity: PartitionIdentity, _ base: Offset, _ kind: SegmentFile.Kind
  ) -> SegmentFile {
    SegmentFile(partition: identity.number, base: base, generation: 0, kind: kind)
  }

  private func examine(
    _ file: SegmentFile, in path: String, from length: Int64, _ end: Offset
  ) throws {
    guard let size = try fileSystem.status("\(path)/\(file.name)")?.size, size > length else {
      return
    }
    var reader = BatchReader(try cache.open(file, in: path, .update))
    if let batch = try? reader.batch(at: length, before: size), batch.baseOffset == end {
      throw LogError.damagedSegment(
        path: "\(path)/\(file.name)", position: length,
        reason: "the journal has lost acknowledged records from offset \(end) on, "
          + "which still stand here")
    }
    try moveAside(file, in: path, from: length)
  }

  /// Moves what lies from `length` on in a file to `quarantine/`.
  func moveAside(_ file: SegmentFile, in path: String, from length: Int64) throws(LogError) {
    try system { () throws(SystemError) in
      guard let size = try fileSystem.status("\(path)/\(file.name)")?.size, size > length else {
        return
      }
      let log = try cache.open(file, in: path, .update)
      try fileSystem.makeDirectory(directory.quarantine)
      let name = "\(path.split(separator: "/").last ?? "")-\(file.partition)-\(length)"
      let copy = try fileSystem.open(try freePath(name), .write)
      var at = length
      while at < size {
        let bytes = try log.read(Int(min(1 << 20, size - at)), at: at)
        guard !bytes.isEmpty else { break }
        try copy.writeAll(bytes, at: at - length)
        at += Int64(bytes.count)
      }
      try copy.synchronize()
      try log.truncate(to: length)
    }
  }

  /// Cuts a file that is longer than `length`.
  func cut(_ file: SegmentFile, in path: String, to length: Int64) throws(LogError) {
    try system { () throws(SystemError) in
      guard let size = try fileSystem.status("\(path)/\(file.name)")?.size, size > length else {
        return
      }
      try cache.open(file, in: path, .update).truncate(to: length)
    }
  }

  /// Moves a directory out of the way of `identity`, unless it is not there.
  func setAside(_ path: String, of identity: PartitionIdentity) throws(LogError) {
    try system { () throws(SystemError) in
      guard try fileSystem.status(path) != nil else { return }
      try fileSystem.makeDirectory(directory.quarantine)
      try fileSystem.rename(
        path, to: try freePath("\(identity.directory)-\(identity.number)"))
    }
  }

  /// A name in `quarantine/` that nothing has yet, which begins with `name`.
  private func freePath(_ name: String) throws(SystemError) -> String {
    let base = "\(directory.quarantine)/\(name)"
    var path = base
    var number = 1
    while try fileSystem.status(path) != nil {
      number += 1
      path = "\(base).\(number)"
    }
    return path
  }
}
