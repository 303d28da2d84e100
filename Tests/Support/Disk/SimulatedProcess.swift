import Platform

/// One process's door to a simulated disk; when the process has died it stays shut.
final class SimulatedProcess: FileSystem {
  private let disk: SimulatedFileSystem
  private let number: Int

  init(disk: SimulatedFileSystem, number: Int) {
    self.disk = disk
    self.number = number
  }

  func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
    try disk.open(path, mode, as: number)
  }

  func makeDirectory(_ path: String) throws(SystemError) {
    try disk.makeDirectory(path, as: number)
  }

  func rename(_ old: String, to new: String) throws(SystemError) {
    try disk.rename(old, to: new, as: number)
  }

  func remove(_ path: String) throws(SystemError) { try disk.remove(path, as: number) }
  func removeTree(_ path: String) throws(SystemError) { try disk.removeTree(path, as: number) }
  func list(_ path: String) throws(SystemError) -> [String] { try disk.list(path, as: number) }

  func status(_ path: String) throws(SystemError) -> FileStatus? {
    try disk.status(path, as: number)
  }

  func synchronizeDirectory(_ path: String) throws(SystemError) {
    try disk.synchronizeDirectory(path, as: number)
  }

  func freeBytes(_ path: String) throws(SystemError) -> UInt64 {
    try disk.freeBytes(path, as: number)
  }

  func kind(_ path: String) throws(SystemError) -> FileSystemKind {
    try disk.kind(path, as: number)
  }

  func openVolume(_ path: String) throws(SystemError) -> any Volume {
    try disk.openVolume(path, as: number)
  }
}
