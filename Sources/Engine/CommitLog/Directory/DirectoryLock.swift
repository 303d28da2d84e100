internal import Platform

/// The ownership of a data directory: `flock` on superblock 0, which is born as `superblock.0.init`
/// and renamed last.
/// The lock follows the inode. It ends with the process, however that ends.
public final class DirectoryLock: Sendable {
  /// What was found when the lock was taken.
  public enum Found: Sendable, Equatable {
    /// The directory holds a log.
    case initialised
    /// It is empty, or an initialisation of it was interrupted.
    case new
  }

  private let file: Lock<(any File)?>
  /// What was found.
  public let found: Found

  private init(_ file: any File, _ found: Found) {
    self.file = Lock(file)
    self.found = found
  }

  /// Gives the directory back. Nothing of it may be written after that.
  public func release() { file.withLock { $0 = nil } }

  /// Locks the directory, making it if it does not exist. Refuses a directory that has a journal or
  /// topics but no superblock: a volume that failed to mount, or lost files, must not get a fresh,
  /// empty log.
  public static func take(
    _ directory: DataDirectory, requireExisting: Bool
  ) throws(LogError) -> DirectoryLock {
    try checkContent(directory, requireExisting: requireExisting)
    while true {
      if let lock = try attempt(directory, directory.superblock(0), .initialised) { return lock }
      guard !requireExisting else {
        throw .refused("\(directory.path) holds no log, and --require-existing is set")
      }
      try system { () throws(SystemError) in
        try directory.fileSystem.makeDirectory(directory.path)
        _ = try directory.fileSystem.open(directory.initialSuperblock, .write)
        // Its name before any other: what an interrupted initialisation leaves is told by it.
        try directory.fileSystem.synchronizeDirectory(directory.path)
      }
      if let lock = try attempt(directory, directory.initialSuperblock, .new) {
        // Another process may have finished its initialisation just before this file was made.
        let isBorn = try system { () throws(SystemError) in
          try directory.fileSystem.status(directory.superblock(0)) != nil
        }
        if isBorn { continue }
        try makeDurable(directory)
        return lock
      }
    }
  }

  /// The directory and the name of the lock file come before everything else in it: what is there
  /// without them after a power cut would be taken for a log that lost its superblock.
  private static func makeDurable(_ directory: DataDirectory) throws(LogError) {
    do throws(SystemError) {
      try directory.fileSystem.synchronizeDirectory(directory.parent)
    } catch {
      // Who may not read the parent did not make the directory.
      guard error.isForbidden else { throw .system(error) }
    }
    try system { () throws(SystemError) in
      try directory.fileSystem.synchronizeDirectory(directory.path)
    }
  }

  /// Opens and locks `path`; `nil` where it does not exist or was renamed meanwhile.
  private static func attempt(
    _ directory: DataDirectory, _ path: String, _ found: Found
  ) throws(LogError) -> DirectoryLock? {
    let fileSystem = directory.fileSystem
    guard let before = try system({ () throws(SystemError) in try fileSystem.status(path) }) else {
      return nil
    }
    let file: any File
    do throws(SystemError) { file = try fileSystem.open(path, .update) } catch {
      if error.isAbsent { return nil }
      throw .system(error)
    }
    guard try system({ () throws(SystemError) in try file.tryLock() }) else {
      let owner = SuperblockPair.newest(in: directory)
      throw .locked(owner: owner?.process ?? 0, host: owner?.host ?? "this machine")
    }
    let after = try system { () throws(SystemError) in try fileSystem.status(path) }
    return after?.inode == before.inode ? DirectoryLock(file, found) : nil
  }

  private static func checkContent(
    _ directory: DataDirectory, requireExisting: Bool
  ) throws(LogError) {
    let fileSystem = directory.fileSystem
    let names = try system { () throws(SystemError) -> [String] in
      try fileSystem.status(directory.path) == nil ? [] : try fileSystem.list(directory.path)
    }
    guard !names.contains("superblock.0") else { return }
    guard names.isEmpty || names.contains("superblock.0.init") else {
      let known = names.filter { !$0.hasPrefix("lost+found") }
      guard known.isEmpty else {
        throw .refused(
          "\(directory.path) has no superblock.0, but holds \(known.joined(separator: ", ")); "
            + "use an empty directory, or restore the superblock")
      }
      return
    }
    try checkUnfinished(directory)
  }

  /// An interrupted initialisation leaves at most one journal file and nothing below `topics` and
  /// `snapshots`.
  private static func checkUnfinished(_ directory: DataDirectory) throws(LogError) {
    let fileSystem = directory.fileSystem
    for (path, most) in [(directory.journal, 1), (directory.topics, 0), (directory.snapshots, 0)] {
      let names = try system { () throws(SystemError) -> [String] in
        try fileSystem.status(path) == nil ? [] : try fileSystem.list(path)
      }
      guard names.count <= most else {
        throw .refused(
          "\(directory.path) has no superblock.0, but \(path) holds \(names.count) files; "
            + "restore the superblock, or use an empty directory")
      }
    }
  }
}
