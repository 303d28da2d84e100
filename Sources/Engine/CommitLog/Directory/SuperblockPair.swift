public import Platform

/// The two superblocks. Each write overwrites the older, direct and synced, so one is always whole.
/// Used by one thread at a time.
public final class SuperblockPair {
  private let directory: DataDirectory
  private let files: [any File]
  private let isSynced: Bool
  /// The newest superblock as it stands on disk.
  public private(set) var current: Superblock
  /// The one before it, still on disk.
  private var previous: Superblock

  /// Opens the files for writing; `current` is what the newest of them holds, or what the first
  /// write will.
  public init(_ directory: DataDirectory, current: Superblock, mode: WriteMode) throws(LogError) {
    self.directory = directory
    self.current = current
    previous = current
    isSynced = mode.isSynced
    let initial = try system { () throws(SystemError) in
      try directory.fileSystem.status(directory.superblock(0)) == nil
    }
    let paths = [
      initial ? directory.initialSuperblock : directory.superblock(0), directory.superblock(1),
    ]
    files = try system { () throws(SystemError) in
      [
        try directory.fileSystem.open(paths[0], mode.openMode),
        try directory.fileSystem.open(paths[1], mode.openMode),
      ]
    }
  }

  /// Changes the superblock; durable when it returns.
  public func write(_ change: (inout Superblock) -> Void) throws(SystemError) {
    var next = current
    change(&next)
    next.number = current.number + 1
    let file = files[Int(next.number % 2)]
    try file.writeAll(next.encode(), 0..<Block.size, at: 0)
    if !isSynced { try file.synchronize() }
    previous = current
    current = next
  }

  /// The older checkpoint of both superblocks; 0 while one of them has fewer than two. What lies
  /// below it in the journal is never needed again, whichever superblock and whichever snapshot is
  /// lost.
  public var oldestNeeded: Position {
    [current, previous].map { $0.checkpoints.count < 2 ? 0 : $0.checkpoints[1].position }.min() ?? 0
  }

  /// The snapshots that one of them names.
  public var snapshots: [UInt64] { (current.checkpoints + previous.checkpoints).map(\.snapshot) }

  /// Both superblocks as far as they can be read, newest first.
  public static func all(in directory: DataDirectory) -> [Superblock] {
    (0..<2).compactMap { index in
      guard let file = try? directory.fileSystem.open(directory.superblock(index), .read),
        let bytes = try? file.read(Block.size, at: 0)
      else { return nil }
      return try? Superblock.decode(bytes)
    }.sorted { $0.number > $1.number }
  }

  /// The newest superblock; `nil` where neither can be read.
  public static func newest(in directory: DataDirectory) -> Superblock? { all(in: directory).first }
}

/// How journal and superblocks are written.
public enum WriteMode: Sendable, Equatable {
  /// Past the page cache, each write synced: `O_DIRECT|O_DSYNC`.
  case direct
  /// Through the page cache, each write followed by `fdatasync`.
  case buffered
  /// Through the page cache, never synced: what `--unsafe-volatile` runs.
  case volatile

  /// A write is durable when it returns.
  var isSynced: Bool { self != .buffered }

  var openMode: OpenMode {
    self == .direct ? .journal(direct: true, synced: true) : .journal(direct: false, synced: false)
  }
}
