internal import Bytes
internal import Model
internal import Platform

/// One pass over a data directory.
struct Verifier {
  /// A segment that goes on behind what the journal knew when it was read.
  struct Ahead {
    var partition: PartitionNumber
    var path: String
    var position: Int64
    var end: Offset
  }

  let inspector: Inspector
  let chain: JournalChain?
  private let progress: (Int64, Int64) -> Void
  private var done: Int64 = 0
  private var total: Int64 = 0
  var result = Verification()
  var ahead: [Ahead] = []
  /// One past the last offset that a partition's segments hold.
  var reached: [PartitionNumber: Offset] = [:]

  init(_ inspector: Inspector, _ progress: @escaping (Int64, Int64) -> Void) {
    self.inspector = inspector
    self.progress = progress
    chain = try? inspector.chain.get()
  }

  mutating func run() throws(LogError) {
    checkSuperblocks()
    checkJournal()
    checkSnapshots()
    try checkPartitions()
    countJournal()
  }

  /// What the materialiser has not come to write stands in the journal alone.
  private mutating func countJournal() {
    guard let chain, let journal = inspector.journal,
      chain.ends.contains(where: { $1 > reached[$0] ?? 0 })
    else { return }
    var scan = journal.scan(from: chain.origin)
    while let frame = try? scan.next() {
      for row in frame.head.rows where row.kind == .append {
        guard row.baseOffset >= reached[row.partition] ?? 0, chain.ends[row.partition] != nil else {
          continue
        }
        result.batches += 1
        result.records += Int64(row.count)
      }
    }
  }

  mutating func find(_ path: String, _ position: Int64 = 0, _ sentence: String) {
    result.findings.append(Finding(path: path, position: position, sentence: sentence))
  }

  mutating func note(_ path: String, _ position: Int64 = 0, _ sentence: String) {
    result.notes.append(Finding(path: path, position: position, sentence: sentence))
  }

  private mutating func checkSuperblocks() {
    for superblock in inspector.superblocks {
      result.files += 1
      if let problem = superblock.problem { find(superblock.path, 0, problem) }
    }
    let readable = inspector.superblocks.compactMap(\.value)
    if readable.count == 2, readable[0].node != readable[1].node {
      find(inspector.superblocks[1].path, 0, "the other superblock is of another node")
    }
  }

  /// Every file that recovery can need must be there: from the older checkpoint on.
  private mutating func checkJournal() {
    result.files += inspector.journalFiles.count
    guard let newest = inspector.newest else { return }
    let geometry = newest.geometry
    let present = Set(inspector.journalFiles.compactMap { $0.value?.sequence })
    let oldest = newest.checkpoints.count == 2 ? newest.checkpoints[1].position : 0
    let first = geometry.sequence(of: oldest)
    // A checkpoint at the very end of a file is followed by one that may not be prepared yet.
    let (end, isLast) = newest.newestSequence.addingReportingOverflow(1)
    if !isLast, first <= end, end - first <= geometry.files {
      for sequence in first..<end where !present.contains(sequence) {
        let path = inspector.directory.journalFile(slot: geometry.slot(of: sequence))
        let reason = inspector.journalFiles.first { $0.path == path }?.problem
        find(path, 0, reason ?? "it is not file \(sequence) of the journal, which is needed")
      }
    } else {
      find(
        inspector.directory.superblock(Int(newest.number % 2)), 0,
        "its oldest checkpoint and its newest journal file do not fit the journal")
    }
    switch inspector.chain {
    case .failure(let error): result.findings.append(Finding(error, path: inspector.directory.path))
    case .success(let chain):
      result.verdict = chain.verdict
      result.frames = chain.frames.count
      result.findings += chain.findings
      if let damage = chain.damage {
        result.findings.append(Finding(damage, path: inspector.directory.journal))
      }
    }
  }

  private mutating func checkSnapshots() {
    let named = Set(
      inspector.checkpoints.map { inspector.directory.snapshot($0.snapshot) })
    for snapshot in inspector.snapshots where named.contains(snapshot.path) {
      result.files += 1
      if let problem = snapshot.problem { find(snapshot.path, 0, problem) }
    }
  }

  /// Partitions of the snapshot against what it says, then what has come since.
  private mutating func checkPartitions() throws(LogError) {
    let topics = inspector.directory.topics
    var names = Set(try inspector.names(in: topics).filter { !$0.hasPrefix(DataDirectory.deleted) })
    for name in names { total += try size(of: "\(topics)/\(name)") }
    progress(0, total)
    for image in inspector.snapshot?.partitions ?? [] {
      guard chain?.deleted.contains(image.identity.number) != true else { continue }
      names.remove(image.identity.directory)
      try check(image)
    }
    for name in names.sorted() { try checkUnlisted(name) }
    progress(total, total)
  }

  private func size(of path: String) throws(LogError) -> Int64 {
    var size: Int64 = 0
    for name in try inspector.names(in: path) where name.hasSuffix(".log") {
      size += try system { () throws(SystemError) in
        try inspector.directory.fileSystem.status("\(path)/\(name)")?.size ?? 0
      }
    }
    return size
  }

  /// One more segment of so many bytes is done.
  mutating func advance(by bytes: Int64) {
    done += bytes
    progress(min(done, total), total)
  }
}
