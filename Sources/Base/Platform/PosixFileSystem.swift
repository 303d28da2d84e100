internal import CPlatform
internal import Glibc

/// Files of the machine.
public final class PosixFileSystem: FileSystem {
  /// The file system of this machine.
  public init() {}

  public func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
    let flags: Int32 =
      switch mode {
      case .read: O_RDONLY
      case .write: O_RDWR | O_CREAT
      case .update: O_RDWR
      case .create: O_RDWR | O_CREAT | O_EXCL
      case .journal(_, let synced):
        O_RDWR | O_CREAT | (synced ? O_DSYNC : 0)
      }
    let descriptor = unsafe curlew_open(path, flags, mode.isDirect)
    guard descriptor >= 0 else { throw .last("open", path) }
    return PosixFile(descriptor, path)
  }

  public func makeDirectory(_ path: String) throws(SystemError) {
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .last("mkdir", path) }
  }

  public func rename(_ old: String, to new: String) throws(SystemError) {
    guard unsafe Glibc.rename(old, new) == 0 else { throw .last("rename", "\(old) to \(new)") }
  }

  public func remove(_ path: String) throws(SystemError) {
    guard unsafe unlink(path) == 0 else { throw .last("unlink", path) }
  }

  public func removeTree(_ path: String) throws(SystemError) {
    for name in try list(path) {
      let child = "\(path)/\(name)"
      if try isOwnDirectory(child) { try removeTree(child) } else { try remove(child) }
    }
    guard unsafe rmdir(path) == 0 else { throw .last("rmdir", path) }
  }

  /// Whether a directory itself lies at `path`. A link to one is removed as a link, so that nothing
  /// outside the tree is lost.
  private func isOwnDirectory(_ path: String) throws(SystemError) -> Bool {
    var info = stat()
    guard unsafe lstat(path, &info) == 0 else { throw .last("lstat", path) }
    return info.st_mode & S_IFMT == S_IFDIR
  }

  public func list(_ path: String) throws(SystemError) -> [String] {
    guard let directory = unsafe opendir(path) else { throw .last("opendir", path) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  public func status(_ path: String) throws(SystemError) -> FileStatus? {
    var info = stat()
    guard unsafe stat(path, &info) == 0 else {
      if errno == ENOENT { return nil }
      throw .last("stat", path)
    }
    return FileStatus(
      size: Int64(info.st_size), isDirectory: info.st_mode & S_IFMT == S_IFDIR,
      inode: UInt64(info.st_ino))
  }

  public func synchronizeDirectory(_ path: String) throws(SystemError) {
    let descriptor = unsafe curlew_open(path, O_RDONLY | O_DIRECTORY, false)
    guard descriptor >= 0 else { throw .last("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last("fsync", path) }
  }

  public func freeBytes(_ path: String) throws(SystemError) -> UInt64 {
    var info = statvfs()
    guard unsafe statvfs(path, &info) == 0 else { throw .last("statvfs", path) }
    return UInt64(info.f_bavail) * UInt64(info.f_frsize)
  }

  public func kind(_ path: String) throws(SystemError) -> FileSystemKind {
    switch unsafe curlew_filesystem_magic(path) {
    case 0: throw .last("statfs", path)
    case 0x0102_1994: return .volatile("tmpfs")
    case 0x8584_58F6: return .volatile("ramfs")
    case 0x794C_7630:
      return isVolatileOverlay(path) ? .volatile("overlay, volatile") : .local("overlay")
    case 0x6969: return .remote("nfs")
    case 0x0102_1997: return .remote("9p")
    case 0x6573_5546: return .remote("fuse")
    case 0xFF53_4D42, 0xFE53_4D42: return .remote("smb")
    case 0xEF53: return .local("ext4")
    case 0x5846_5342: return .local("xfs")
    case 0x9123_683E: return .local("btrfs")
    case let magic: return .local("0x" + String(magic, radix: 16))
    }
  }

  /// Whether the mount that holds `path` was made with overlay's `volatile` option, which skips
  /// every sync.
  private func isVolatileOverlay(_ path: String) -> Bool {
    guard let file = try? open("/proc/self/mounts", .read),
      let bytes = try? file.read(1 << 20, at: 0)
    else {
      return false
    }
    var best = (length: -1, volatile: false)
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count >= 4, path.hasPrefix(fields[1]), fields[1].utf8.count > best.length else {
        continue
      }
      best = (
        fields[1].utf8.count,
        fields[2] == "overlay" && fields[3].split(separator: ",").contains("volatile")
      )
    }
    return best.volatile
  }

  public func openVolume(_ path: String) throws(SystemError) -> any Volume {
    let descriptor = unsafe curlew_open(path, O_RDONLY | O_DIRECTORY, false)
    guard descriptor >= 0 else { throw .last("open", path) }
    return PosixVolume(descriptor, path)
  }
}

/// A directory's descriptor, for `syncfs`.
final class PosixVolume: Volume {
  private let descriptor: Int32
  private let path: String

  init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  func synchronize() throws(SystemError) {
    guard curlew_sync_filesystem(descriptor) == 0 else { throw .last("syncfs", path) }
  }
}
