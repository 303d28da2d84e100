internal import Bytes
internal import Platform

/// Reads a data directory without changing anything in it and without its lock: what it would find
/// is what the next start would find. Beside a running node it sees what is durable, and perhaps
/// some of what is on its way.
public struct Inspector: Sendable {
  /// The directory.
  public let directory: DataDirectory
  /// The two superblocks, as they lie.
  public let superblocks: [Inspected<Superblock>]
  /// The newer superblock of those that can be read.
  public let newest: Superblock?
  /// The journal's files by slot, those that are there.
  public let journalFiles: [Inspected<JournalFileHead>]
  /// The files in `snapshots/`, and those that should be there.
  public let snapshots: [Inspected<Snapshot>]
  /// What the next start would replay, or why it cannot begin to.
  public let chain: Result<JournalChain, LogError>

  /// The snapshot that the chain builds on.
  let snapshot: Snapshot?
  let journal: JournalSource?

  /// Reads superblocks, snapshots and journal. `catalogue` tells which partitions there are. Throws
  /// where `directory` holds no log.
  public init(_ directory: DataDirectory, _ catalogue: some CatalogueReplay) throws(LogError) {
    try Self.checkExists(directory)
    self.directory = directory
    superblocks = (0..<2).map { index in
      Self.read(directory.superblock(index), directory) { (file) throws(LogError) in
        let path = directory.superblock(index)
        let bytes = try system { () throws(SystemError) in try file.read(Block.size, at: 0) }
        return try decode(path) { () throws(FormatFault) in try Superblock.decode(bytes) }
      }
    }
    let readable = superblocks.compactMap(\.value).sorted { $0.number > $1.number }
    newest = readable.first
    guard let newest = readable.first else {
      journalFiles = []
      snapshots = []
      snapshot = nil
      journal = nil
      chain = .failure(
        .refused("neither superblock can be read; nothing else can be judged without one"))
      return
    }
    let (heads, files) = Self.journal(directory, newest)
    journalFiles = heads
    snapshots = Self.snapshots(directory, readable)
    let source = JournalSource(
      directory: directory, geometry: newest.geometry, watermark: newest.watermark, files: files)
    journal = source
    do throws(LogError) {
      let start = try ReplayStart.choose(directory, readable, reachesBirth: files[0] != nil)
      snapshot = start.snapshot
      chain = .success(JournalChain.read(source, from: start, catalogue))
    } catch {
      snapshot = nil
      chain = .failure(error)
    }
  }

  private static func checkExists(_ directory: DataDirectory) throws(LogError) {
    let path = directory.path
    let status = try system { () throws(SystemError) in try directory.fileSystem.status(path) }
    guard let status else { throw .refused("there is no directory \(path)") }
    guard status.isDirectory else { throw .refused("\(path) is no directory") }
    let names = try system { () throws(SystemError) in try directory.fileSystem.list(path) }
    guard names.contains(where: { $0 == "superblock.0" || $0 == "superblock.1" }) else {
      throw .refused("\(path) holds no log: it has no superblock")
    }
  }

  private static func read<Content: Sendable>(
    _ path: String, _ directory: DataDirectory,
    _ decode: (any File) throws(LogError) -> Content
  ) -> Inspected<Content> {
    do throws(LogError) {
      let (file, bytes) = try system { () throws(SystemError) in
        let file = try directory.fileSystem.open(path, .read)
        return (file, try file.size())
      }
      do throws(LogError) {
        return Inspected(path: path, bytes: bytes, content: .success(try decode(file)))
      } catch {
        return Inspected(path: path, bytes: bytes, content: .failure(error))
      }
    } catch {
      return Inspected(path: path, bytes: 0, content: .failure(error))
    }
  }

  /// The journal's files as they lie, and those that belong where they lie by sequence.
  private static func journal(
    _ directory: DataDirectory, _ superblock: Superblock
  ) -> ([Inspected<JournalFileHead>], [UInt64: any File]) {
    let geometry = superblock.geometry
    var heads: [Inspected<JournalFileHead>] = []
    var files: [UInt64: any File] = [:]
    for slot in 0..<geometry.files {
      let path = directory.journalFile(slot: slot)
      let head = read(path, directory) { (file) throws(LogError) in
        let bytes = try system { () throws(SystemError) in try file.read(Block.size, at: 0) }
        let head = try decode(path) { () throws(FormatFault) in
          let head = try JournalFileHead.decode(bytes)
          guard head.node == superblock.node else {
            throw FormatFault.inconsistent("another node's")
          }
          guard UInt64(head.slot) == slot, head.sequence % geometry.files == slot,
            head.firstPosition / geometry.blocksPerFile == head.sequence,
            head.firstPosition % geometry.blocksPerFile == 0
          else { throw FormatFault.inconsistent("slot, sequence and first position") }
          return head
        }
        files[head.sequence] = file
        return head
      }
      if case .failure(.system(let error)) = head.content, error.isAbsent { continue }
      heads.append(head)
    }
    return (heads, files)
  }

  /// The snapshots that the superblocks name, and others that lie beside them.
  private static func snapshots(
    _ directory: DataDirectory, _ superblocks: [Superblock]
  ) -> [Inspected<Snapshot>] {
    let named = ReplayStart.checkpoints(of: superblocks)
    var paths = Set(named.map { directory.snapshot($0.snapshot) })
    let names = (try? directory.fileSystem.list(directory.snapshots)) ?? []
    paths.formUnion(names.map { "\(directory.snapshots)/\($0)" })
    return paths.sorted().map { path in
      read(path, directory) { (file) throws(LogError) in
        if let checkpoint = named.first(where: { directory.snapshot($0.snapshot) == path }) {
          return try ReplayStart.load(checkpoint, in: directory, superblocks[0].node)
        }
        let bytes = try system { () throws(SystemError) in
          try file.read(Int(clamping: try file.size()), at: 0)
        }
        return try decode(path) { () throws(FormatFault) in try Snapshot.decode(bytes) }
      }
    }
  }

  /// The checkpoints that the readable superblocks name, newest first.
  public var checkpoints: [Superblock.Checkpoint] {
    let readable = superblocks.compactMap(\.value).sorted { $0.number > $1.number }
    return ReplayStart.checkpoints(of: readable)
  }
}

/// Runs a decoder and turns its fault into a `LogError` of the file at `path`.
private func decode<Content>(
  _ path: String, _ body: () throws(FormatFault) -> Content
) throws(LogError) -> Content {
  do throws(FormatFault) { return try body() } catch { throw .damagedFile(path: path, error) }
}
