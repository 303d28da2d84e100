internal import Bytes
public import Model
internal import Platform

/// The segments of all partitions: applies rows in journal order and writes what they bring. It
/// decides nothing: what to roll, delete or cut stands in the rows. Used by one thread at a time,
/// recovery first, then the materialiser.
// SAFETY: one owner at a time: recovery hands it to the materialiser, which guards it with its
// lock.
public final class SegmentStore: @unchecked Sendable {
  struct Partition {
    let log: PartitionLog
    var logStart: Offset = 0
    var end: Offset = 0
    var sealed: [SegmentImage] = []
    /// The same, as readers see them.
    var readableSealed: [ReadableSegment] = []
    var sealedBytes: Int64 = 0
    /// Rolled, but not yet written whole and sealed: a full disk delays it.
    var closing: [ActiveSegment] = []
    var active: ActiveSegment?
    /// A snapshot holds it: its directory is older than this start.
    var isRestored = false
    /// Its directory exists, and the active sidecar is known to be its own.
    var isOpen = false
  }

  let fileSystem: any FileSystem
  let directory: DataDirectory
  let table: PartitionTable
  let cache: FileCache
  private let incarnation: UInt32
  var partitions: [PartitionNumber: Partition] = [:]
  var dirty: Set<PartitionNumber> = []
  /// Directories of deleted partitions that are still to be removed.
  var deletedDirectories: [String] = []
  /// Partitions with files below their first segment, which are still to be removed.
  var condemned: [PartitionNumber: Condemned] = [:]
  /// No partition that is condemned below this position has files left.
  var sweptBelow: Position = 0
  /// Those of them whose place in the journal is not known yet.
  var unsettled: [PartitionNumber: Condemned] = [:]

  /// Bytes that have been applied and not yet written.
  public internal(set) var pendingBytes = 0
  /// So much of one partition is written past the page cache: worth a write of its own.
  public static let passingBytes = ActiveSegment.passingBytes
  /// Something has been applied, or an interval closed, that no file has yet.
  public var hasPending: Bool { !dirty.isEmpty }
  /// The disk was full at the last write; what is pending stays in memory and is tried again.
  public private(set) var isStalled = false

  /// A store without partitions.
  public init(
    directory: DataDirectory, table: PartitionTable, cache: FileCache, incarnation: UInt32
  ) {
    self.fileSystem = directory.fileSystem
    self.directory = directory
    self.table = table
    self.cache = cache
    self.incarnation = incarnation
  }

  /// Takes over the partitions of a snapshot. Opens no file.
  func restore(_ images: [PartitionImage]) {
    for image in images {
      var partition = Partition(log: table.insert(image.identity))
      partition.isRestored = !image.segments.isEmpty
      partition.logStart = image.logStart
      partition.end = image.end
      for segment in image.segments.dropLast() { partition.addSealed(segment) }
      partition.active = image.segments.last.map(ActiveSegment.init(resuming:))
      // The process before may not have come to remove what lies below.
      if image.logStart > 0 { condemn(image.identity.number, isUrgent: false) }
      partitions[image.identity.number] = partition
    }
  }

  /// One past the last offset that has been applied to `number`.
  public func end(of number: PartitionNumber) -> Offset { partitions[number]?.end ?? 0 }

  /// The active segment of `number`: its bytes, and when its first batch was appended.
  public func active(of number: PartitionNumber) -> (bytes: Int64, firstAppendTime: Timestamp?) {
    guard let image = partitions[number]?.active?.image, image.length > 0 else { return (0, nil) }
    return (image.length, image.firstAppendTime)
  }

  /// Applies one row of a durable frame.
  public func apply(_ content: RowContent) throws(LogError) {
    let row = content.row
    switch row.kind {
    case .append: try append(row, content.batch)
    case .roll: roll(row)
    case .delete: try delete(row.partition)
    case .logStart: advance(row.partition, to: row.baseOffset)
    case .seal: break
    case .replace:
      throw .refused("the journal holds a segment replacement; a newer version wrote it")
    }
  }

  private func append(_ row: Row, _ batch: RecordBatch?) throws(LogError) {
    guard let batch else { throw .refused("a row of the journal lacks its batch") }
    guard var partition = partitions[row.partition] ?? known(row.partition) else {
      throw .refused("the journal appends to partition \(row.partition), which nothing created")
    }
    guard partition.end == row.baseOffset else {
      throw .refused(
        "the journal appends to partition \(row.partition) at \(row.baseOffset), "
          + "whose end is \(partition.end); \(LogError.repair)")
    }
    partitions[row.partition] = nil
    if partition.active == nil { partition.active = segment(of: partition, base: row.baseOffset) }
    partition.active?.append(batch, end: row.end, appendTime: row.appendTime)
    partition.end = row.end
    partitions[row.partition] = partition
    pendingBytes += batch.size
    dirty.insert(row.partition)
  }

  /// Lets `number` go on at `base`, in a new segment.
  func begin(_ number: PartitionNumber, at base: Offset) {
    guard var partition = partitions[number] ?? known(number) else { return }
    partition.active = segment(of: partition, base: base)
    partition.end = base
    partitions[number] = partition
    dirty.insert(number)
  }

  private func known(_ number: PartitionNumber) -> Partition? {
    table[number].map { Partition(log: $0) }
  }

  private func segment(of partition: Partition, base: Offset) -> ActiveSegment {
    let identity = partition.log.identity
    let head = SidecarHead(
      topic: identity.topicID, partition: identity.number, base: base, generation: 0,
      incarnation: incarnation)
    return ActiveSegment(base: base, head: head)
  }

  private func roll(_ row: Row) {
    guard var partition = partitions[row.partition], let active = partition.active else { return }
    partition.closing.append(active)
    partition.active = segment(of: partition, base: row.baseOffset)
    partitions[row.partition] = partition
    dirty.insert(row.partition)
  }

  /// The directory gets another name at once, so that its own is free for the next topic of that
  /// name.
  private func delete(_ number: PartitionNumber) throws(LogError) {
    guard let identity = (partitions.removeValue(forKey: number)?.log ?? table[number])?.identity
    else { return }
    dirty.remove(number)
    condemned[number] = nil
    unsettled[number] = nil
    pendingBytes = dirty.reduce(0) { $0 + (partitions[$1]?.pendingBytes ?? 0) }
    try forget(identity)
  }

  /// Forgets a partition whose end lies in the journal, and retires its directory.
  func forget(_ identity: PartitionIdentity) throws(LogError) {
    partitions[identity.number] = nil
    cache.forget(identity.number)
    table.remove(identity.number)
    try retire(identity)
  }

  /// Renames the directory of a deleted partition if it is there and its own.
  private func retire(_ identity: PartitionIdentity) throws(LogError) {
    let path = directory.path(of: identity)
    let retired = directory.path(ofDeleted: identity.number)
    if try owner(of: path) == identity.number {
      try system { () throws(SystemError) in try fileSystem.rename(path, to: retired) }
      if !deletedDirectories.contains(retired) { deletedDirectories.append(retired) }
    }
  }

  /// Whose directory it is, by the first sidecar in it; `nil` where there is no directory or
  /// nothing readable in it.
  func owner(of path: String) throws(LogError) -> PartitionNumber? {
    try system { () throws(SystemError) -> PartitionNumber? in
      guard try fileSystem.status(path)?.isDirectory == true else { return nil }
      for name in try fileSystem.list(path) where name.hasSuffix(".curlew") {
        let bytes = try fileSystem.open("\(path)/\(name)", .read).read(SidecarHead.size, at: 0)
        if let head = try? SidecarHead.decode(bytes) { return head.partition }
      }
      return nil
    }
  }

  /// Removes the files of deleted partitions. They stay until then under a name of their own.
  public func removeDeleted() throws(LogError) {
    while let path = deletedDirectories.popLast() {
      try system { () throws(SystemError) in
        if try fileSystem.status(path) != nil { try fileSystem.removeTree(path) }
      }
    }
  }

  /// Writes what is pending into the files and shows it to readers, or only that of partitions of
  /// which at least `least` bytes are. A full disk is no error: see `isStalled`.
  public func write(atLeast least: Int = 0) throws(LogError) {
    isStalled = false
    for number in dirty.sorted() {
      guard partitions[number]?.pendingBytes ?? 0 >= least,
        var partition = partitions.removeValue(forKey: number)
      else { continue }
      let before = partition.pendingBytes
      defer { partitions[number] = partition }
      do throws(LogError) {
        try write(&partition)
        dirty.remove(number)
      } catch .system(let error) where error.isOutOfSpace {
        isStalled = true
      }
      pendingBytes -= before - partition.pendingBytes
      publish(partition)
    }
  }

  private func write(_ partition: inout Partition) throws(LogError) {
    let identity = partition.log.identity
    let path = directory.path(of: identity)
    if !partition.isOpen {
      try open(partition, path)
      partition.isOpen = true
    }
    while !partition.closing.isEmpty {
      partition.closing[0].closeInterval()
      try write(&partition.closing[0], of: identity.number, in: path)
      let digest = try digest(of: partition.closing[0], identity.number, path)
      if partition.closing[0].image.digest == 0 { partition.closing[0].seal(digest: digest) }
      try write(&partition.closing[0], of: identity.number, in: path)
      let sealed = partition.closing.removeFirst().image
      // An earlier life may have closed its intervals elsewhere and left more rows.
      try cut(sidecar(of: sealed, identity.number), in: path, to: sealed.sidecarLength)
      partition.addSealed(sealed)
    }
    guard var active = partition.active.take() else { return }
    defer { partition.active = active }
    try write(&active, of: identity.number, in: path)
  }

  private func sidecar(of image: SegmentImage, _ number: PartitionNumber) -> SegmentFile {
    SegmentFile(
      partition: number, base: image.base, generation: image.generation, kind: .sidecar)
  }

  private func write(
    _ segment: inout ActiveSegment, of number: PartitionNumber, in path: String
  ) throws(LogError) {
    var file = SegmentFile(
      partition: number, base: segment.image.base, generation: segment.image.generation, kind: .log)
    do throws(SystemError) {
      let log = try cache.open(file, in: path, .write)
      file.kind = .sidecar
      let sidecar = try cache.open(file, in: path, .write)
      try segment.write(log: log, sidecar: sidecar)
    } catch {
      throw .system(error)
    }
  }

  /// Makes the directory, or makes sure that the one that is there belongs to the partition. One
  /// that says of nobody's that it is its own is adopted only where a snapshot put the partition
  /// there: else it may be what a power cut left of a topic that has been deleted since.
  private func open(_ partition: Partition, _ path: String) throws(LogError) {
    let identity = partition.log.identity
    if try holdsActive(partition, path) { return }
    switch try owner(of: path) {
    case identity.number?: return
    case let other?:
      throw .refused("\(path) holds partition \(other), not \(identity.number); move it away")
    case nil:
      if !partition.isRestored { try setAside(path, of: identity) }
      try system { () throws(SystemError) in try fileSystem.makeDirectory(path) }
    }
  }

  /// Whether the sidecar of a restored partition's active segment is there and its own: then so is
  /// the directory, and it need not be listed. The sidecar is opened anyway.
  private func holdsActive(_ partition: Partition, _ path: String) throws(LogError) -> Bool {
    guard partition.isRestored, let image = partition.active?.image else { return false }
    let number = partition.log.identity.number
    do throws(SystemError) {
      let file = try cache.open(sidecar(of: image, number), in: path, .update)
      let head = try? SidecarHead.decode(try file.read(SidecarHead.size, at: 0))
      return head?.partition == number
    } catch {
      guard error.isAbsent else { throw .system(error) }
      return false
    }
  }

  private func digest(
    of segment: ActiveSegment, _ number: PartitionNumber, _ path: String
  ) throws(LogError) -> UInt64 {
    if let known = segment.digest { return known }
    let file = SegmentFile(
      partition: number, base: segment.image.base, generation: segment.image.generation, kind: .log)
    do throws(SystemError) {
      let log = try cache.open(file, in: path, .write)
      var digest = XXH3Stream()
      var at: Int64 = 0
      while at < segment.image.length {
        let bytes = try log.read(Int(min(1 << 20, segment.image.length - at)), at: at)
        guard !bytes.isEmpty else { break }
        digest.update(bytes.span)
        at += Int64(bytes.count)
      }
      return digest.digest()
    } catch {
      throw .system(error)
    }
  }

  func publish(_ partition: Partition) {
    partition.log.publish(
      sealed: partition.readableSealed, open: partition.readableOpen, bytes: partition.bytes)
  }

  /// The state of every partition, written, with its open interval closed so that the snapshot is
  /// complete.
  public func images() throws(LogError) -> [PartitionImage] {
    for number in partitions.keys {
      guard partitions[number]?.active?.hasOpenInterval == true else { continue }
      partitions[number]?.active?.closeInterval()
      dirty.insert(number)
    }
    try write()
    guard !isStalled else { throw .system(.outOfSpace) }
    return partitions.keys.sorted().compactMap { partitions[$0]?.image }
  }

  /// Closes the open interval of a partition, so that its whole tail may leave memory.
  public func closeInterval(of number: PartitionNumber) {
    guard partitions[number]?.active?.hasOpenInterval == true else { return }
    partitions[number]?.active?.closeInterval()
    dirty.insert(number)
  }
}

extension SegmentStore.Partition {
  var pendingBytes: Int { closing.reduce(active?.pendingBytes ?? 0) { $0 + $1.pendingBytes } }

  var bytes: Int64 {
    closing.reduce(sealedBytes + (active?.image.length ?? 0)) { $0 + $1.image.length }
  }

  var image: PartitionImage {
    PartitionImage(
      identity: log.identity, logStart: logStart, end: end, lastStable: end,
      segments: sealed + closing.map(\.image) + (active.map { [$0.image] } ?? []))
  }

  mutating func addSealed(_ segment: SegmentImage) {
    sealed.append(segment)
    sealedBytes += segment.length
    readableSealed.append(
      ReadableSegment(
        base: segment.base, generation: segment.generation, length: segment.length,
        rows: Int(segment.sidecarLength - Int64(SidecarHead.size)) / SidecarRow.size - 1,
        end: segment.end, greatestTimestamp: segment.greatestTimestamp))
  }

  /// What readers may read of the segments that still grow: up to the last closed interval.
  var readableOpen: [ReadableSegment] {
    (closing + (active.map { [$0] } ?? [])).map(\.readable).filter { $0.rows > 0 }
  }
}
