/// How a file is opened.
public enum OpenMode: Sendable, Equatable {
  /// For reading; it must exist.
  case read
  /// For reading and writing; made when absent. Through the page cache.
  case write
  /// For reading and writing; it must exist. Through the page cache.
  case update
  /// As `write`, but a file that exists already is an error (`EEXIST`).
  case create
  /// Made when absent; past the page cache where `direct`, each write synced before it returns
  /// where `synced`.
  case journal(direct: Bool, synced: Bool)

  var isDirect: Bool {
    self == .journal(direct: true, synced: true) || self == .journal(direct: true, synced: false)
  }
}

/// What lies at a path.
public struct FileStatus: Sendable, Equatable {
  /// Bytes.
  public var size: Int64
  /// Whether it is a directory.
  public var isDirectory: Bool
  /// The inode, to see whether two names mean one file.
  public var inode: UInt64

  /// A status with these fields.
  public init(size: Int64, isDirectory: Bool, inode: UInt64) {
    self.size = size
    self.isDirectory = isDirectory
    self.inode = inode
  }
}

/// What kind of file system holds a path, as far as durability goes.
public enum FileSystemKind: Sendable, Equatable {
  /// A local disk file system: a sync reaches the device.
  case local(String)
  /// Memory, or an overlay that never syncs: nothing survives.
  case volatile(String)
  /// Network and user-space file systems: buffered writes with fsync.
  case remote(String)
}

/// The door to files. `PosixFileSystem` is the real one; tests simulate another that tears, loses
/// and fails.
public protocol FileSystem: AnyObject, Sendable {
  /// Opens `path`. A name that was made is durable only after `synchronizeDirectory` of its parent.
  func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File
  /// Makes a directory; one that exists is no error.
  func makeDirectory(_ path: String) throws(SystemError)
  /// Gives a file or directory another name, replacing a file of that name. Durable after the
  /// parents are synced.
  func rename(_ old: String, to new: String) throws(SystemError)
  /// Removes a file's name; open descriptors keep its content.
  func remove(_ path: String) throws(SystemError)
  /// Removes a directory and all below it.
  func removeTree(_ path: String) throws(SystemError)
  /// The names in a directory, sorted.
  func list(_ path: String) throws(SystemError) -> [String]
  /// What lies at `path`, `nil` where nothing does.
  func status(_ path: String) throws(SystemError) -> FileStatus?
  /// Makes the names in a directory durable.
  func synchronizeDirectory(_ path: String) throws(SystemError)
  /// Bytes that an ordinary user may still write on the file system of `path`.
  func freeBytes(_ path: String) throws(SystemError) -> UInt64
  /// The kind of file system that holds `path`.
  func kind(_ path: String) throws(SystemError) -> FileSystemKind
  /// Opens a directory to sync the whole file system through it. Hold it from the start: an error
  /// of writeback is reported once to each descriptor that was open when it happened.
  func openVolume(_ path: String) throws(SystemError) -> any Volume
}

/// A directory held open so that all that is dirty on its file system can be synced at once.
public protocol Volume: AnyObject, Sendable {
  /// Everything written before the call is durable when it returns (`syncfs`).
  func synchronize() throws(SystemError)
}

/// An open file. Positions are bytes; every call names its own. Safe to use from several threads.
public protocol File: AnyObject, Sendable {
  /// Up to `count` bytes at `offset`; fewer at the file's end.
  func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8]
  /// Like `read`, but only from memory: `nil` where any of it would have to come from the device.
  func readCached(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8]?
  /// Reads into `range` of `buffer`; returns how many bytes came, fewer at the file's end.
  func read(into buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64) throws(SystemError)
    -> Int
  /// Writes some of `bytes` at `offset`; returns how many, at least one.
  func write(_ bytes: Span<UInt8>, at offset: Int64) throws(SystemError) -> Int
  /// Writes some of `range` of `buffer` at `offset`; returns how many, at least one. The only write
  /// for `journal` files.
  func write(_ buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64) throws(SystemError)
    -> Int
  /// As `write`, for much that is not read soon: the device begins to write at once, so that a
  /// later sync finds less to do, and where the kernel can the bytes leave the page cache then. It
  /// waits for nothing and promises nothing more than `write`.
  func writePassing(_ bytes: Span<UInt8>, at offset: Int64) throws(SystemError) -> Int
  /// What was written is durable when it returns (`fdatasync`). After an error never call it again:
  /// see `CommitLog`.
  func synchronize() throws(SystemError)
  /// The file's size in bytes.
  func size() throws(SystemError) -> Int64
  /// Cuts or extends the file.
  func truncate(to size: Int64) throws(SystemError)
  /// An exclusive advisory lock on the file's inode (`flock`); false where another holds it. Ends
  /// with the file.
  func tryLock() throws(SystemError) -> Bool
}

extension File {
  public func writePassing(_ bytes: Span<UInt8>, at offset: Int64) throws(SystemError) -> Int {
    try write(bytes, at: offset)
  }

  /// Writes all of `bytes`, going on after short writes; with `writePassing` where `isPassing`.
  public func writeAll(
    _ bytes: Span<UInt8>, at offset: Int64, isPassing: Bool = false
  ) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let rest = bytes.extracting(done..<bytes.count)
      let place = offset + Int64(done)
      done += isPassing ? try writePassing(rest, at: place) : try write(rest, at: place)
    }
  }

  /// Writes all of `bytes`, going on after short writes.
  public func writeAll(_ bytes: [UInt8], at offset: Int64) throws(SystemError) {
    try writeAll(bytes.span, at: offset)
  }

  /// Writes all of `range` of `buffer`; after a short write the missing bytes go to their own
  /// places.
  public func writeAll(_ buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64)
    throws(SystemError)
  {
    var done = 0
    while done < range.count {
      done += try write(
        buffer, range.lowerBound + done..<range.upperBound, at: offset + Int64(done))
    }
  }
}
