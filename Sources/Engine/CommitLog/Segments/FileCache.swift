public import Model
public import Platform

/// Names one file of one segment for good: partition numbers are never used again, and a replaced
/// segment gets another generation, so a cached descriptor can never stand for another file.
public struct SegmentFile: Hashable, Sendable {
  /// Which of the two.
  public enum Kind: Hashable, Sendable { case log, sidecar }

  /// The partition.
  public var partition: PartitionNumber
  /// The segment's base offset.
  public var base: Offset
  /// How often it has been replaced.
  public var generation: UInt32
  /// Which of its files.
  public var kind: Kind

  /// The file's name in its partition's directory.
  public var name: String {
    let digits = String(base)
    let padded = String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    return kind == .log ? "\(padded).log" : "\(padded).curlew"
  }
}

/// Open segment files, the least recently used closed first, so that descriptors stay few whatever
/// the number of partitions. A file that a reader still holds lives on until it lets go. Any
/// thread.
public final class FileCache: Sendable {
  fileprivate struct Entry: Sendable {
    var file: any File
    var used: UInt64
  }

  fileprivate struct State: Sendable {
    var entries: [SegmentFile: Entry] = [:]
    var clock: UInt64 = 0
  }

  private let fileSystem: any FileSystem
  private let capacity: Int
  private let state = Lock(State())

  /// Keeps up to `capacity` files open.
  public init(_ fileSystem: any FileSystem, capacity: Int = 192) {
    self.fileSystem = fileSystem
    self.capacity = capacity
  }

  /// The file, opened if need be in `directory`.
  func open(
    _ file: SegmentFile, in directory: String, _ mode: OpenMode
  ) throws(SystemError) -> any File {
    if let held = state.withLock({ $0.touch(file) }) { return held }
    let opened = try fileSystem.open("\(directory)/\(file.name)", mode)
    state.withLock { $0.insert(file, opened, capacity: capacity) }
    return opened
  }

  /// Forgets all files of a partition that has been deleted.
  func forget(_ partition: PartitionNumber) {
    state.withLock { state in
      for file in state.entries.keys.filter({ $0.partition == partition }) {
        state.entries[file] = nil
      }
    }
  }

  /// Forgets the files of a partition whose base lies below `offset`: they have been removed.
  func forget(_ partition: PartitionNumber, below offset: Offset) {
    state.withLock { state in
      for file in state.entries.keys where file.partition == partition && file.base < offset {
        state.entries[file] = nil
      }
    }
  }

  /// How many files are open for it.
  public var count: Int { state.withLock { $0.entries.count } }
}

extension FileCache.State {
  fileprivate mutating func touch(_ file: SegmentFile) -> (any File)? {
    clock += 1
    guard var entry = entries[file] else { return nil }
    entry.used = clock
    entries[file] = entry
    return entry.file
  }

  /// Evicts an eighth of the entries at once, so that the search for the oldest is paid rarely.
  fileprivate mutating func insert(_ file: SegmentFile, _ opened: any File, capacity: Int) {
    clock += 1
    if entries.count >= capacity {
      let oldest = entries.sorted { $0.value.used < $1.value.used }.prefix(max(1, capacity / 8))
      for (key, _) in oldest { entries[key] = nil }
    }
    entries[file] = FileCache.Entry(file: opened, used: clock)
  }
}
