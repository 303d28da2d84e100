internal import Model
public import Platform

/// The paths of a data directory:
///
///     superblock.0  superblock.1  journal/00 …  snapshots/  topics/TOPIC-N/  quarantine/
///     reserve
public struct DataDirectory: Sendable {
  /// Where it lies.
  public let path: String
  /// Through what it is read and written.
  public let fileSystem: any FileSystem

  /// The directory at `path`.
  public init(_ path: String, _ fileSystem: any FileSystem) {
    self.path = path
    self.fileSystem = fileSystem
  }

  /// The directory that holds it.
  var parent: String {
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  private var trimmed: Substring {
    var name = path[...]
    while name.count > 1, name.last == "/" { name.removeLast() }
    return name
  }

  /// `journal/`.
  public var journal: String { "\(path)/journal" }
  /// `snapshots/`.
  public var snapshots: String { "\(path)/snapshots" }
  /// `topics/`.
  public var topics: String { "\(path)/topics" }
  /// `quarantine/`.
  public var quarantine: String { "\(path)/quarantine" }

  /// A file of zeros whose space is given up when the disk is full.
  public var reserve: String { "\(path)/reserve" }

  /// One of the two superblocks; `index` is 0 or 1.
  public func superblock(_ index: Int) -> String { "\(path)/superblock.\(index)" }

  /// Superblock 0 until the directory has been initialised. It is the file that is locked.
  var initialSuperblock: String { "\(path)/superblock.0.init" }

  /// The journal file in `slot`.
  public func journalFile(slot: UInt64) -> String {
    "\(journal)/\(Self.padded(slot, to: 2))"
  }

  /// The snapshot of that number.
  public func snapshot(_ number: UInt64) -> String {
    "\(snapshots)/\(Self.padded(number, to: 20))"
  }

  /// The directory of a partition.
  public func path(of identity: PartitionIdentity) -> String { "\(topics)/\(identity.directory)" }

  /// Where a deleted partition's files lie until they are removed. No topic has a `~` in its name,
  /// so that it is never the directory of a partition.
  func path(ofDeleted number: PartitionNumber) -> String { "\(topics)/\(Self.deleted)\(number)" }

  /// How the names of deleted partitions' directories begin.
  static let deleted = "deleted~"

  static func padded(_ number: UInt64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
