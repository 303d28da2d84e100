internal import Platform

/// The two superblocks. Each write overwrites the older, direct and synced, so one is always whole. Used by one thread
/// at a time.
public final class SuperblockPair {
  private let directory: DataDirectory
  private let files: [any File]
  private let isSynced: Bool
  /// The newest superblock as it stands on disk.
  public private(set) var current: Superblock

  /// Opens the files for writing; `current` is what the newest of them holds, or what the first write will.
  init(_ directory: DataDirectory, current: Superblock, mode: WriteMode) throws(LogError) {
    self.directory = directory
    self.current = current
    isSynced = mode.isSynced
    let initial = try system { () throws(SystemError) in
      try directory.fileSystem.status(directory.superblock(0)) == nil
    }
    let paths = [initial ? directory.initialSuperblock : directory.superblock(0), directory.superblock(1)]
    files = try system { () throws(SystemError) in
      [
        try directory.fileSystem.open(paths[0], mode.openMode),
        try directory.fileSystem.open(paths[1], mode.openMode),
      ]
    }
  }

  /// Changes the superblock; durable when it returns.
  func write(_ change: (inout Superblock) -> Void) throws(SystemError) {
    var next = current
    change(&next)
    next.number = current.number + 1
    let file = files[Int(next.number % 2)]
    try file.writeAll(next.encode(), 0..<Block.size, at: 0)
    if !isSynced { try file.synchronize() }
    current = next
  }

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
