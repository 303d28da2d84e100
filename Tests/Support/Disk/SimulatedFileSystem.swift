import Glibc
import Platform

/// A disk in memory that does to its users what a real one may do and a killed process never
/// shows.
///
/// What it keeps and loses, all of it decided by its seed:
/// - Written bytes are readable at once. They survive `kill`; `cutPower` keeps a random subset of
///   the 4 KiB pages that were not synced, and shears inside a page at its 512-byte sectors. A
///   page that was written twice may survive as it was between.
/// - A file's size is written apart from its data: it may run ahead (zeros) or lag behind.
/// - Names (create, rename, remove, make directory) survive `cutPower` only when each directory
///   touched was synced, or the volume. A rename is atomic. A file's sync does not sync its name.
/// - A failed sync marks all pages clean though only some are on the device: the next sync
///   succeeds, and the bytes are gone at the next `cutPower`. Every file and volume that was open
///   when it failed reports it once; one opened later never does. Names stay pending.
/// - `journal(synced: true)` writes are on the device when they return. One that a crash
///   interrupts leaves any subset of its sectors.
/// - On a `.volatile` disk a sync succeeds and does nothing.
///
/// Safe to use from several threads; repeats exactly when one thread uses it.
public final class SimulatedFileSystem: FileSystem {
  private let state: Lock<DiskState>

  /// An empty disk.
  public init(seed: UInt64) { state = Lock(DiskState(seed: seed)) }

  private init(_ state: DiskState) { self.state = Lock(state) }

  /// Runs one system call of the process `caller`, of the present one where that is `nil`.
  func call<R: Sendable>(
    _ caller: Int?, _ name: String, _ subject: String,
    _ body: (inout DiskState) throws(SystemError) -> R
  ) throws(SystemError) -> R {
    try state.withLock { (state) throws(SystemError) in
      try state.admit(caller, name, subject)
      return try body(&state)
    }
  }

  func close(_ id: Int) { state.withLock { $0.close(id) } }
  func closeVolume(_ id: Int) { state.withLock { $0.volumes[id] = nil } }

  // What happens to the machine.

  /// The process dies: its handles throw `EBADF`, its locks are free, the page cache lives on.
  public func kill() { state.withLock { $0.kill() } }

  /// The machine loses power: as `kill`, and what was not synced is lost in random parts.
  public func cutPower() { state.withLock { $0.cutPower() } }

  /// The door for one process: like this object, but dead for good after the next `kill` or
  /// `cutPower`, so that what a dead process's threads still do cannot reach the disk.
  public func startProcess() -> any FileSystem {
    SimulatedProcess(disk: self, number: state.withLock { $0.process })
  }

  /// So many operations that change the disk still succeed; the one after is left half done, and
  /// from then on everything throws `EIO` until `kill` or `cutPower` decides what became of it.
  public var crashAfterOperations: Int? {
    get { state.withLock { $0.operationsBeforeCrash } }
    set { state.withLock { $0.operationsBeforeCrash = newValue } }
  }

  /// Whether that crash has come.
  public var isCrashed: Bool { state.withLock { $0.isCrashed } }

  /// How many operations that change the disk were tried since its birth, syncs among them.
  public var operationCount: Int { state.withLock { $0.operationCount } }

  // What goes wrong on it.

  /// Adds a rule; of several that apply the first strikes.
  public func add(_ fault: Fault) { state.withLock { $0.faults.append(fault) } }

  /// The next `operation` on a path that contains `part` fails with `code`.
  public func failNext(_ operation: DiskOperation, _ part: String = "", code: Int32 = EIO) {
    add(Fault([operation], code: code) { part.isEmpty || $0.contains(part) })
  }

  /// Every `operation` on a path that contains `part` fails with `code`, until the faults are
  /// cleared.
  public func failAlways(_ operation: DiskOperation, _ part: String = "", code: Int32 = EIO) {
    add(Fault([operation], code: code, isSticky: true) { part.isEmpty || $0.contains(part) })
  }

  /// The rules that have not struck yet, and the sticky ones, are gone.
  public func clearFaults() { state.withLock { $0.faults = [] } }

  /// How many rules are left.
  public var faultCount: Int { state.withLock { $0.faults.count } }

  /// The kernel fails to write a file's dirty pages back on its own.
  public func failWriteback(of path: String, code: Int32 = EIO) {
    state.withLock { state in
      if let number = state.resolve(path) { state.failWriteback(of: number, code) }
    }
  }

  /// How often a write takes only some of its bytes; direct ones take whole sectors.
  public var shortWriteProbability: Double {
    get { state.withLock { $0.shortWriteProbability } }
    set { state.withLock { $0.shortWriteProbability = newValue } }
  }

  /// How often `readCached` finds that a page has left memory.
  public var cacheMissProbability: Double {
    get { state.withLock { $0.cacheMissProbability } }
    set { state.withLock { $0.cacheMissProbability = newValue } }
  }

  /// Whether opening a file for direct I/O fails with `EINVAL`.
  public var refusesDirect: Bool {
    get { state.withLock { $0.refusesDirect } }
    set { state.withLock { $0.refusesDirect = newValue } }
  }

  /// Bytes left; a write that needs more is short, then fails with `ENOSPC`.
  public var free: UInt64 {
    get { state.withLock { UInt64(max(0, $0.capacity - $0.used)) } }
    set { state.withLock { $0.capacity = $0.used + Int(clamping: newValue) } }
  }

  /// What kind of file system it says it is.
  public var kind: FileSystemKind {
    get { state.withLock { $0.kind } }
    set { state.withLock { $0.kind = newValue } }
  }

  /// Overwrites bytes behind everybody's back, in memory and on the device.
  public func corrupt(_ path: String, at offset: Int64, _ bytes: [UInt8]) {
    state.withLock { state in
      guard let number = state.resolve(path) else {
        preconditionFailure("there is no \(path) to corrupt")
      }
      state.inodes[number]!.cached.write(bytes, at: Int(offset))
      state.inodes[number]!.durable.write(bytes, at: Int(offset))
    }
  }

  // What is on it.

  /// A file's bytes as processes see them; `nil` where there is none.
  public func bytes(of path: String) -> [UInt8]? {
    state.withLock { state in
      state.resolve(path).map { number in
        let cached = state.inodes[number]!.cached
        return cached.read(cached.size, at: 0)
      }
    }
  }

  /// Another disk with the same content, page cache and settings; no process runs on it. Its chance
  /// goes on from `seed`, or from where this one's stands.
  public func copy(seed: UInt64? = nil) -> SimulatedFileSystem {
    var copy = state.withLock { $0 }
    if let seed { copy.random = SeededRandom(seed: seed) }
    copy.kill()
    return SimulatedFileSystem(copy)
  }

  /// Another disk that holds only what is certain to survive a power cut now.
  public func snapshotOfDurableState() -> SimulatedFileSystem {
    var copy = state.withLock { $0 }
    copy.endProcess()
    copy.forgetCache()
    return SimulatedFileSystem(copy)
  }

  // The calls of a process, the present one where `caller` is `nil`.

  func open(_ path: String, _ mode: OpenMode, as caller: Int?) throws(SystemError) -> any File {
    let (id, process) = try call(caller, "open", path) { (state) throws(SystemError) in
      (try state.open(path, mode), state.process)
    }
    return SimulatedFile(disk: self, id: id, process: process, path: path)
  }

  func openVolume(_ path: String, as caller: Int?) throws(SystemError) -> any Volume {
    let (id, process) = try call(caller, "open", path) { (state) throws(SystemError) in
      try state.refuse(.open, "open", path)
      guard state.resolve(path) != nil else {
        throw SystemError(call: "open", subject: path, code: ENOENT)
      }
      let id = state.number()
      state.volumes[id] = OpenVolume(path: path)
      return (id, state.process)
    }
    return SimulatedVolume(disk: self, id: id, process: process)
  }

  func removeTree(_ path: String, as caller: Int?) throws(SystemError) {
    let names = try call(caller, "opendir", path) { (disk) throws(SystemError) in
      try disk.list(path)
    }
    for name in names {
      let child = "\(path)/\(name)"
      let isDirectory = try call(caller, "stat", child) { (disk) throws(SystemError) in
        try disk.status(child)?.isDirectory == true
      }
      if isDirectory {
        try removeTree(child, as: caller)
      } else {
        try call(caller, "unlink", child) { (disk) throws(SystemError) in
          try disk.remove(child, directory: false)
        }
      }
    }
    try call(caller, "rmdir", path) { (disk) throws(SystemError) in
      try disk.remove(path, directory: true)
    }
  }
}
