public import Platform

/// Makes a new, empty log in a directory that is locked and holds nothing.
public enum Birth {
  /// The directory holds a log when it returns; interrupted before that, the next start begins
  /// again.
  public static func initialise(
    _ directory: DataDirectory, geometry: JournalGeometry, mode: WriteMode, entropy: any Entropy,
    sabotage: Sabotage = []
  ) throws(LogError) {
    let fileSystem = directory.fileSystem
    let first = Superblock(
      node: NodeID(from: entropy), number: 0, incarnation: 1, startID: entropy.next(),
      process: UInt32(bitPattern: ThisProcess.id), host: ThisProcess.host, state: .open,
      geometry: geometry, newestSequence: 0, watermark: 0, checkpoints: [])
    try system { () throws(SystemError) in
      for path in [
        directory.journal, directory.snapshots, directory.topics, directory.quarantine,
      ] { try fileSystem.makeDirectory(path) }
    }
    let superblocks = try SuperblockPair(directory, current: first, mode: mode)
    let files = JournalFiles(directory, geometry: geometry, mode: mode)
    let preparation = JournalPreparation(files, superblocks: superblocks, sabotage: sabotage)
    try system { () throws(SystemError) in
      try preparation.prepareFirst()
      try superblocks.write { _ in }
      try superblocks.write { _ in }
      if !sabotage.contains(.noDirectorySync) {
        try fileSystem.synchronizeDirectory(directory.path)
        try synchronizeName(of: directory)
      }
      try fileSystem.rename(directory.initialSuperblock, to: directory.superblock(0))
      if !sabotage.contains(.noDirectorySync) {
        try fileSystem.synchronizeDirectory(directory.path)
      }
    }
  }

  /// Makes the directory's own name durable. Whoever may not read its parent syncs the volume.
  private static func synchronizeName(of directory: DataDirectory) throws(SystemError) {
    do throws(SystemError) {
      try directory.fileSystem.synchronizeDirectory(directory.parent)
    } catch {
      try directory.fileSystem.openVolume(directory.path).synchronize()
    }
  }
}
