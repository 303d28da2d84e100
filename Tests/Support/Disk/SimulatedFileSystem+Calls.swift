import Platform

/// `FileSystem` for the process that runs at present.
extension SimulatedFileSystem {
  public func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
    try open(path, mode, as: nil)
  }

  public func makeDirectory(_ path: String) throws(SystemError) {
    try makeDirectory(path, as: nil)
  }

  public func rename(_ old: String, to new: String) throws(SystemError) {
    try rename(old, to: new, as: nil)
  }

  public func remove(_ path: String) throws(SystemError) { try remove(path, as: nil) }
  public func removeTree(_ path: String) throws(SystemError) { try removeTree(path, as: nil) }
  public func list(_ path: String) throws(SystemError) -> [String] { try list(path, as: nil) }

  public func status(_ path: String) throws(SystemError) -> FileStatus? {
    try status(path, as: nil)
  }

  public func synchronizeDirectory(_ path: String) throws(SystemError) {
    try synchronizeDirectory(path, as: nil)
  }

  public func freeBytes(_ path: String) throws(SystemError) -> UInt64 {
    try freeBytes(path, as: nil)
  }

  public func kind(_ path: String) throws(SystemError) -> FileSystemKind {
    try kind(path, as: nil)
  }

  public func openVolume(_ path: String) throws(SystemError) -> any Volume {
    try openVolume(path, as: nil)
  }
}

extension SimulatedFileSystem {
  func makeDirectory(_ path: String, as caller: Int?) throws(SystemError) {
    try call(caller, "mkdir", path) { (disk) throws(SystemError) in try disk.makeDirectory(path) }
  }

  func rename(_ old: String, to new: String, as caller: Int?) throws(SystemError) {
    try call(caller, "rename", old) { (disk) throws(SystemError) in try disk.rename(old, to: new) }
  }

  func remove(_ path: String, as caller: Int?) throws(SystemError) {
    try call(caller, "unlink", path) { (disk) throws(SystemError) in
      try disk.remove(path, directory: false)
    }
  }

  func list(_ path: String, as caller: Int?) throws(SystemError) -> [String] {
    try call(caller, "opendir", path) { (disk) throws(SystemError) in try disk.list(path) }
  }

  func status(_ path: String, as caller: Int?) throws(SystemError) -> FileStatus? {
    try call(caller, "stat", path) { (disk) throws(SystemError) in try disk.status(path) }
  }

  func synchronizeDirectory(_ path: String, as caller: Int?) throws(SystemError) {
    try call(caller, "fsync", path) { (disk) throws(SystemError) in
      try disk.synchronizeDirectory(path)
    }
  }

  func freeBytes(_ path: String, as caller: Int?) throws(SystemError) -> UInt64 {
    try call(caller, "statvfs", path) { (disk) throws(SystemError) in
      try disk.refuse(.freeBytes, "statvfs", path)
      return UInt64(max(0, disk.capacity - disk.used))
    }
  }

  func kind(_ path: String, as caller: Int?) throws(SystemError) -> FileSystemKind {
    try call(caller, "statfs", path) { (disk) throws(SystemError) in disk.kind }
  }
}
