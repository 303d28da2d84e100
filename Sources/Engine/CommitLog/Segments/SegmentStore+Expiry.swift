public import Model
public import Platform

extension SegmentStore {
  /// Files of a partition that no segment of it names any more.
  struct Condemned {
    /// Once no checkpoint below it is needed any more, nothing can want them.
    var position: Position
    /// Whether a checkpoint is to be taken for their sake.
    var isUrgent: Bool
  }

  /// Moves a partition's log start and lets go of the segments that lie wholly below it. Their
  /// files stay until `removeCondemned`.
  func advance(_ number: PartitionNumber, to offset: Offset) {
    guard var partition = partitions.removeValue(forKey: number) else { return }
    defer { partitions[number] = partition }
    partition.logStart = max(partition.logStart, min(offset, partition.end))
    let before = partition.pendingBytes
    if partition.dropExpired() { condemn(number, isUrgent: true) }
    pendingBytes -= before - partition.pendingBytes
    // Readers are shown what is left with the next write.
    dirty.insert(number)
  }

  func condemn(_ number: PartitionNumber, isUrgent: Bool) {
    let isUrgent = isUrgent || unsettled[number]?.isUrgent == true
    unsettled[number] = Condemned(position: .max, isUrgent: isUrgent)
  }

  /// Everything applied so far lies below `position` in the journal.
  public func settle(at position: Position) {
    guard !unsettled.isEmpty else { return }
    for (number, entry) in unsettled {
      let isUrgent = entry.isUrgent || condemned[number]?.isUrgent == true
      condemned[number] = Condemned(position: position, isUrgent: isUrgent)
    }
    unsettled = [:]
  }

  /// Files wait for the older checkpoint of both superblocks to reach this position; `nil` where
  /// none is worth a checkpoint.
  public var awaitedCheckpoint: Position? {
    condemned.values.lazy.filter(\.isUrgent).map(\.position).max()
  }

  /// How many files one call removes at most, since the store stands still meanwhile.
  private static let filesAtOnce = 16

  /// Removes some files of one partition that lie below its first segment, where no checkpoint
  /// below `older` can be needed any more: neither is there a snapshot that names them, nor a row
  /// to be replayed that writes to them. Returns whether there may be more to do.
  public func removeCondemned(below older: Position) throws(SystemError) -> Bool {
    // What is condemned later lies above `older`, so that one search is enough.
    guard older > sweptBelow else { return false }
    guard let number = condemned.first(where: { $0.value.position <= older })?.key else {
      sweptBelow = older
      return false
    }
    let entry = condemned.removeValue(forKey: number)
    guard let partition = partitions[number] else { return true }
    let path = directory.path(of: partition.log.identity)
    // The owner is asked since a directory of that name may be another partition's.
    guard try fileSystem.status(path) != nil, (try? owner(of: path)) == number else { return true }
    let stale = try fileSystem.list(path).filter { name in
      SegmentFile.base(of: name).map { $0 < partition.firstBase } ?? false
    }
    for name in stale.prefix(Self.filesAtOnce) { try fileSystem.remove("\(path)/\(name)") }
    cache.forget(number, below: partition.firstBase)
    if stale.count > Self.filesAtOnce { condemned[number] = entry }
    return true
  }

  /// The first offset of `number` that can be read.
  public func logStart(of number: PartitionNumber) -> Offset { partitions[number]?.logStart ?? 0 }

  /// The segments of `number`, oldest first, the active one last.
  public func segments(of number: PartitionNumber) -> [SegmentImage] {
    partitions[number]?.image.segments ?? []
  }

  /// The newest append time in any segment; `nil` where nothing was ever appended.
  public var greatestAppendTime: Timestamp? {
    partitions.values.lazy.compactMap { partition in
      let newest = partition.image.segments.map(\.greatestAppendTime).max()
      return newest == .min ? nil : newest
    }.max()
  }
}

extension SegmentStore.Partition {
  /// Lets go of the segments below the log start but for the active one. Returns whether there were
  /// any.
  fileprivate mutating func dropExpired() -> Bool {
    let wholeSealed = sealed.prefix { $0.end <= logStart }
    let wholeClosing = closing.prefix { $0.image.end <= logStart }
    guard !wholeSealed.isEmpty || !wholeClosing.isEmpty else { return false }
    sealedBytes -= wholeSealed.reduce(0) { $0 + $1.length }
    let (sealedCount, closingCount) = (wholeSealed.count, wholeClosing.count)
    sealed.removeFirst(sealedCount)
    readableSealed.removeFirst(sealedCount)
    if sealed.isEmpty { closing.removeFirst(closingCount) }
    return true
  }

  /// The base offset of its oldest segment; files with a lesser one are not its own any more.
  fileprivate var firstBase: Offset {
    sealed.first?.base ?? closing.first?.image.base ?? active?.image.base ?? 0
  }
}

extension SegmentFile {
  /// The base offset in the name of a segment's file; `nil` where it is no such name.
  static func base(of name: String) -> Offset? {
    guard name.hasSuffix(".log") || name.hasSuffix(".curlew") else { return nil }
    let digits = name.prefix { $0 != "." }
    return digits.utf8.count == 20 ? Offset(digits) : nil
  }
}
