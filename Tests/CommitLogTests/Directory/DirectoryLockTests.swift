import Platform
import TestSupport
import Testing

@testable import CommitLog

@Suite struct DirectoryLockTests {
  private let disk = SimulatedFileSystem(seed: 3)
  private var directory: DataDirectory { DataDirectory("/data", disk) }

  private func initialise(_ directory: DataDirectory) throws {
    try Birth.initialise(
      directory, geometry: JournalFixture.geometry, mode: .direct, entropy: SeededEntropy(seed: 1))
  }

  private func refusal(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch LogError.refused(let sentence) {
      return sentence
    } catch {
      return "another error: \(error)"
    }
  }

  @Test func `a directory that is not there is made, and new`() throws {
    let lock = try DirectoryLock.take(directory, requireExisting: false)

    #expect(lock.found == .new)
    #expect(try disk.list("/data") == ["superblock.0.init"])
  }

  @Test func `what was initialised is found again`() throws {
    do {
      let lock = try DirectoryLock.take(directory, requireExisting: false)
      try initialise(directory)
      #expect(lock.found == .new)
    }

    #expect(try DirectoryLock.take(directory, requireExisting: true).found == .initialised)
    #expect(
      try disk.list("/data")
        == ["journal", "quarantine", "snapshots", "superblock.0", "superblock.1", "topics"])
  }

  @Test func `a second taker is refused and told the owner's process`() throws {
    let lock = try DirectoryLock.take(directory, requireExisting: false)
    try initialise(directory)

    let id = UInt32(bitPattern: ThisProcess.id)
    #expect(throws: LogError.locked(owner: id, host: ThisProcess.host)) {
      try DirectoryLock.take(directory, requireExisting: false)
    }
    let error = LogError.locked(owner: id, host: ThisProcess.host)
    #expect("\(error)".contains("process \(id) on \(ThisProcess.host)"))
    withExtendedLifetime(lock) {}
  }

  @Test func `a second taker is refused while the first initialises`() throws {
    let lock = try DirectoryLock.take(directory, requireExisting: false)

    #expect {
      try DirectoryLock.take(directory, requireExisting: false)
    } throws: { error in
      if case LogError.locked = error { true } else { false }
    }
    withExtendedLifetime(lock) {}
  }

  @Test func `the lock ends with its process`() throws {
    let dead = DataDirectory("/data", disk.startProcess())
    let lock = try DirectoryLock.take(dead, requireExisting: false)
    try initialise(dead)
    disk.kill()

    #expect(try DirectoryLock.take(directory, requireExisting: false).found == .initialised)
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: ["journal", "topics", "snapshots", "superblock.1", "something"])
  func `a directory that holds anything but a superblock is refused, and kept`(name: String) throws
  {
    try disk.makeDirectory("/data")
    try disk.makeDirectory("/data/\(name)")

    let sentence = refusal { _ = try DirectoryLock.take(directory, requireExisting: false) }

    #expect(sentence?.contains("has no superblock.0, but holds \(name);") == true)
    #expect(try disk.list("/data") == [name])
  }

  @Test func `a lost superblock is noticed although an initialisation seems unfinished`() throws {
    for (path, names) in [("journal", ["00", "01"]), ("topics", ["a-0"]), ("snapshots", ["1"])] {
      let disk = SimulatedFileSystem(seed: 4)
      try disk.makeDirectory("/data")
      try disk.put([], to: "/data/superblock.0.init")
      try disk.makeDirectory("/data/\(path)")
      for name in names { try disk.put([1], to: "/data/\(path)/\(name)") }

      let sentence = refusal {
        _ = try DirectoryLock.take(DataDirectory("/data", disk), requireExisting: false)
      }

      #expect(sentence?.contains("/data/\(path) holds \(names.count) files") == true)
    }
  }

  @Test func `an empty volume may hold lost+found`() throws {
    try disk.makeDirectory("/data")
    try disk.makeDirectory("/data/lost+found")

    #expect(try DirectoryLock.take(directory, requireExisting: false).found == .new)
  }

  @Test func `a directory is made durable through the one that holds it`() {
    for (path, parent) in [
      ("/data", "/"), ("/var/lib/curlew", "/var/lib"), ("/var/lib/curlew//", "/var/lib"),
      ("data", "."), ("./data", "."), ("a/b", "a"), ("/", "/"),
    ] {
      #expect(DataDirectory(path, disk).parent == parent, "\(path)")
    }
  }

  @Test func `nothing is made where a log must exist`() throws {
    let absent = refusal { _ = try DirectoryLock.take(directory, requireExisting: true) }
    #expect(absent?.contains("--require-existing") == true)
    #expect(try disk.status("/data") == nil)

    try disk.makeDirectory("/data")
    let empty = refusal { _ = try DirectoryLock.take(directory, requireExisting: true) }
    #expect(empty?.contains("--require-existing") == true)
    #expect(try disk.list("/data") == [])
  }

  @Test func `an initialisation can be interrupted anywhere and begun again`() throws {
    var isDone = false
    for operations in 0..<200 where !isDone {
      let disk = SimulatedFileSystem(seed: UInt64(operations))
      disk.crashAfterOperations = operations
      isDone = (try? birth(on: disk)) != nil
      disk.crashAfterOperations = nil
      disk.cutPower()

      try birth(on: disk)

      let directory = DataDirectory("/data", disk)
      let superblocks = SuperblockPair.all(in: directory)
      #expect(superblocks.map(\.number) == [2, 1], "after \(operations) operations")
      #expect(try disk.status("/data/journal/00") != nil)
    }
    #expect(isDone)
  }

  /// What a start does first, in a process of its own.
  private func birth(on disk: SimulatedFileSystem) throws {
    let directory = DataDirectory("/data", disk.startProcess())
    let lock = try DirectoryLock.take(directory, requireExisting: false)
    if lock.found == .new { try initialise(directory) }
  }
}
