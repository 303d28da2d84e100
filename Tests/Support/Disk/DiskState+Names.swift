import Glibc
import Platform

/// The system calls that work on names.
extension DiskState {
  static func components(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init).filter { $0 != "." }
  }

  func resolve(_ path: String) -> Int? {
    var current = Self.root
    for name in Self.components(path) {
      guard let next = inodes[current]?.entries[name] else { return nil }
      current = next
    }
    return current
  }

  /// The directory that holds `path`, and the name there.
  func parent(of path: String, _ call: String) throws(SystemError) -> (Int, String) {
    let names = Self.components(path)
    guard let name = names.last else { throw SystemError(call: call, subject: path, code: EINVAL) }
    guard let directory = resolve(names.dropLast().joined(separator: "/")) else {
      throw SystemError(call: call, subject: path, code: ENOENT)
    }
    guard inodes[directory]!.isDirectory else {
      throw SystemError(call: call, subject: path, code: ENOTDIR)
    }
    return (directory, name)
  }

  mutating func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int {
    try refuse(.open, "open", path)
    if case .journal(direct: true, _) = mode, refusesDirect {
      throw SystemError(call: "open", subject: path, code: EINVAL)
    }
    var found = resolve(path)
    if let found {
      if mode == .create { throw SystemError(call: "open", subject: path, code: EEXIST) }
      if inodes[found]!.isDirectory { throw SystemError(call: "open", subject: path, code: EISDIR) }
    } else {
      if mode == .read { throw SystemError(call: "open", subject: path, code: ENOENT) }
      found = try make(path, "open", isDirectory: false)
    }
    let id = number()
    descriptions[id] = Description(inode: found!, path: path, mode: mode)
    return id
  }

  mutating func makeDirectory(_ path: String) throws(SystemError) {
    try refuse(.makeDirectory, "mkdir", path)
    // As the real one: whatever lies there already is no error.
    if resolve(path) == nil { _ = try make(path, "mkdir", isDirectory: true) }
  }

  private mutating func make(
    _ path: String, _ call: String, isDirectory: Bool
  ) throws(SystemError) -> Int {
    let (directory, name) = try parent(of: path, call)
    let inode = number()
    inodes[inode] = Inode(isDirectory: isDirectory)
    try change([.init(directory: directory, name: name, inode: inode)], call, path)
    return inode
  }

  mutating func rename(_ old: String, to new: String) throws(SystemError) {
    try refuse(.rename, "rename", old, new)
    let (oldDirectory, oldName) = try parent(of: old, "rename")
    let (newDirectory, newName) = try parent(of: new, "rename")
    guard let moved = inodes[oldDirectory]!.entries[oldName] else {
      throw SystemError(call: "rename", subject: "\(old) to \(new)", code: ENOENT)
    }
    let replaced = inodes[newDirectory]!.entries[newName]
    if replaced == moved { return }
    if let replaced {
      let (from, to) = (inodes[moved]!, inodes[replaced]!)
      let code =
        from.isDirectory && !to.isDirectory
        ? ENOTDIR
        : !from.isDirectory && to.isDirectory ? EISDIR : to.entries.isEmpty ? 0 : ENOTEMPTY
      if code != 0 { throw SystemError(call: "rename", subject: "\(old) to \(new)", code: code) }
    }
    try change(
      [
        .init(directory: oldDirectory, name: oldName, inode: nil),
        .init(directory: newDirectory, name: newName, inode: moved),
      ], "rename", "\(old) to \(new)")
  }

  mutating func remove(_ path: String, directory: Bool) throws(SystemError) {
    let call = directory ? "rmdir" : "unlink"
    try refuse(.remove, call, path)
    let (parent, name) = try parent(of: path, call)
    guard let inode = inodes[parent]!.entries[name] else {
      throw SystemError(call: call, subject: path, code: ENOENT)
    }
    let code =
      inodes[inode]!.isDirectory != directory
      ? (directory ? ENOTDIR : EISDIR) : inodes[inode]!.entries.isEmpty ? 0 : ENOTEMPTY
    if code != 0 { throw SystemError(call: call, subject: path, code: code) }
    try change([.init(directory: parent, name: name, inode: nil)], call, path)
  }

  mutating func list(_ path: String) throws(SystemError) -> [String] {
    try refuse(.list, "opendir", path)
    return inodes[try directory(path, "opendir")]!.entries.keys.sorted()
  }

  mutating func status(_ path: String) throws(SystemError) -> FileStatus? {
    try refuse(.status, "stat", path)
    guard let number = resolve(path), let inode = inodes[number] else { return nil }
    return FileStatus(
      size: Int64(inode.cached.size), isDirectory: inode.isDirectory, inode: UInt64(number))
  }

  mutating func synchronizeDirectory(_ path: String) throws(SystemError) {
    let number = try directory(path, "fsync")
    try begin(.synchronizeNames(directory: number), "fsync", path)
    if let code = strike(.synchronizeDirectory, [path]) {
      failNames(in: number)
      throw SystemError(call: "fsync", subject: path, code: code)
    }
    synchronizeNames(in: number)
  }

  private func directory(_ path: String, _ call: String) throws(SystemError) -> Int {
    guard let number = resolve(path) else {
      throw SystemError(call: call, subject: path, code: ENOENT)
    }
    guard inodes[number]!.isDirectory else {
      throw SystemError(call: call, subject: path, code: ENOTDIR)
    }
    return number
  }

  private mutating func change(
    _ entries: [NameChange.Entry], _ call: String, _ subject: String
  ) throws(SystemError) {
    let change = NameChange(entries)
    try begin(.names(change), call, subject)
    apply(change)
  }

  /// Makes a change visible; the device does not have it yet.
  mutating func apply(_ change: NameChange) {
    for entry in change.entries {
      let gone = inodes[entry.directory]!.entries[entry.name]
      inodes[entry.directory]!.entries[entry.name] = entry.inode
      let isMoved = change.entries.contains { $0.inode == gone }
      if let gone, !isMoved { releaseSpace(of: gone) }
    }
    pendingNames.append(change)
  }

  /// Gives back the space of a file without name once nobody holds it open.
  mutating func releaseSpace(of number: Int) {
    guard !descriptions.values.contains(where: { $0.inode == number }) else { return }
    used -= (inodes[number]?.cached.allocatedPages ?? 0) * PagedBytes.pageSize
  }

  /// Makes the names of `directory` durable, or all where it is `nil`. A change over two
  /// directories is durable when both were synced, or when a later one of the same name is.
  mutating func synchronizeNames(in directory: Int?) {
    if case .volatile = kind { return }
    for index in pendingNames.indices {
      if let directory {
        pendingNames[index].unsynced.remove(directory)
      } else {
        pendingNames[index].unsynced = []
      }
    }
    var kept: [NameChange] = []
    var durable: [NameChange] = []
    for change in pendingNames.reversed() {
      if change.unsynced.isEmpty || durable.contains(where: change.touches) {
        durable.append(change)
      } else {
        kept.append(change)
      }
    }
    pendingNames = kept.reversed()
    for change in durable.reversed() { commit(change) }
  }

  /// A failed sync: some of the names may be on the device all the same. The others stay pending:
  /// a file system that cannot write its own journal stops for good (ext4 becomes read-only, XFS
  /// shuts down), it does not forget names and go on.
  mutating func failNames(in directory: Int?) {
    var kept: [NameChange] = []
    for change in pendingNames {
      let isMeant = directory.map { change.entries.map(\.directory).contains($0) } ?? true
      if isMeant, !kept.contains(where: change.touches), random.coin() {
        commit(change)
      } else {
        kept.append(change)
      }
    }
    pendingNames = kept
  }

  mutating func commit(_ change: NameChange) {
    for entry in change.entries {
      inodes[entry.directory]?.durableEntries[entry.name] = entry.inode
    }
  }
}
