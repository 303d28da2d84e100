import Glibc
import Platform

/// A file or directory: what processes see, and what the device has.
struct Inode: Sendable {
  var isDirectory: Bool
  var cached = PagedBytes()
  var durable = PagedBytes()
  /// Pages whose content the device does not have yet.
  var dirty: Set<Int> = []
  var entries: [String: Int] = [:]
  var durableEntries: [String: Int] = [:]
  /// The open description that holds the lock.
  var lock: Int?
}

/// An open file description.
struct Description: Sendable {
  var inode: Int
  var path: String
  var mode: OpenMode
  /// A failure of writeback that this description has not been told of.
  var unreported: Int32?

  var isDirect: Bool {
    if case .journal(direct: true, _) = mode { true } else { false }
  }
  var isSynced: Bool {
    if case .journal(_, synced: true) = mode { true } else { false }
  }
}

/// A directory held open to sync the whole disk.
struct OpenVolume: Sendable {
  var path: String
  /// A failure of writeback that it has not been told of.
  var unreported: Int32?
}

/// One change of names, all or nothing, as a journaling file system makes it.
struct NameChange: Sendable {
  struct Entry: Sendable {
    var directory: Int
    var name: String
    var inode: Int?
  }

  var entries: [Entry]
  /// Its directories that have not been synced since.
  var unsynced: Set<Int>

  init(_ entries: [Entry]) {
    self.entries = entries
    unsynced = Set(entries.map(\.directory))
  }

  func touches(_ other: NameChange) -> Bool {
    entries.contains { mine in
      other.entries.contains { $0.directory == mine.directory && $0.name == mine.name }
    }
  }
}

/// The operation that a crash interrupted.
enum Interrupted: Sendable {
  case write(Description, [UInt8], offset: Int)
  case truncate(inode: Int, size: Int)
  case synchronize(inodes: [Int])
  case names(NameChange)
  case synchronizeNames(directory: Int?)
}

/// Everything that a simulated disk is. Its methods are the system calls; `SimulatedFileSystem`
/// holds it under a lock.
///
/// Whatever draws a random number goes through dictionaries and sets in sorted order: their own
/// order changes from one run of the program to the next.
struct DiskState: Sendable {
  static let root = 1

  var random: SeededRandom
  var inodes: [Int: Inode] = [root: Inode(isDirectory: true)]
  var pendingNames: [NameChange] = []
  var descriptions: [Int: Description] = [:]
  var volumes: [Int: OpenVolume] = [:]
  var nextNumber = 2

  /// Counts the processes that have run on the disk; a handle of an earlier one is dead.
  var process = 0
  var isCrashed = false
  var interrupted: Interrupted?
  var operationsBeforeCrash: Int?
  var operationCount = 0

  var faults: [Fault] = []
  var shortWriteProbability = 0.0
  var cacheMissProbability = 0.0
  var refusesDirect = false
  var kind = FileSystemKind.local("simulated")
  var capacity = 1 << 40
  var used = 0

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func number() -> Int {
    defer { nextNumber += 1 }
    return nextNumber
  }

  /// Every call begins here: a crashed disk answers nobody, a dead process gets no answer.
  func admit(_ caller: Int?, _ call: String, _ subject: String) throws(SystemError) {
    if let caller, caller != process {
      throw SystemError(call: call, subject: subject, code: EBADF)
    }
    if isCrashed { throw SystemError(call: call, subject: subject, code: EIO) }
  }

  /// Counts an operation that changes the disk; the one at which the crash is due is left half
  /// done.
  mutating func begin(
    _ operation: Interrupted, _ call: String, _ subject: String
  ) throws(SystemError) {
    operationCount += 1
    guard let left = operationsBeforeCrash else { return }
    if left > 0 {
      operationsBeforeCrash = left - 1
      return
    }
    isCrashed = true
    interrupted = operation
    throw SystemError(call: call, subject: subject, code: EIO)
  }

  /// The code of the first rule that strikes `operation` on one of `paths`.
  mutating func strike(_ operation: DiskOperation, _ paths: [String]) -> Int32? {
    for index in faults.indices {
      let fault = faults[index]
      guard fault.operations.contains(operation), paths.contains(where: fault.applies) else {
        continue
      }
      if fault.skipping > 0 {
        faults[index].skipping -= 1
        continue
      }
      if !fault.isSticky { faults.remove(at: index) }
      return fault.code
    }
    return nil
  }

  mutating func refuse(
    _ operation: DiskOperation, _ call: String, _ paths: String...
  ) throws(SystemError) {
    if let code = strike(operation, paths) {
      throw SystemError(call: call, subject: paths.joined(separator: " to "), code: code)
    }
  }

  /// Forgets what no name and no description leads to.
  mutating func collect() {
    var reached: Set<Int> = []
    var queue = [Self.root] + descriptions.values.map(\.inode)
    queue += pendingNames.flatMap { $0.entries.compactMap(\.inode) }
    while let next = queue.popLast() {
      guard reached.insert(next).inserted, let inode = inodes[next] else { continue }
      queue += inode.entries.values
      queue += inode.durableEntries.values
    }
    inodes = inodes.filter { reached.contains($0.key) }
  }

  /// Counts the space in use from the names that processes see.
  mutating func recount() {
    var queue = [Self.root]
    var seen: Set<Int> = []
    var pages = 0
    while let next = queue.popLast() {
      guard seen.insert(next).inserted, let inode = inodes[next] else { continue }
      queue += inode.entries.values
      pages += inode.cached.allocatedPages
    }
    used = pages * PagedBytes.pageSize
  }
}
