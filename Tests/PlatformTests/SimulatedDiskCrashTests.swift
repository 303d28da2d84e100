import Glibc
import Platform
import TestSupport
import Testing

/// Crashes of the simulated disk, in the middle of operations too.
@Suite struct SimulatedDiskCrashTests {
  static let page = 4_096
  static let seeds: Range<UInt64> = 1..<301

  /// A disk with a journal of `pages` synced pages of zeros, and a buffer of as many of twos.
  static func journal(
    seed: UInt64, pages: Int, direct: Bool = true
  ) throws -> (SimulatedFileSystem, any File, AlignedBuffer) {
    let disk = SimulatedFileSystem(seed: seed)
    let file = try disk.open("/j", .journal(direct: direct, synced: true))
    let buffer = AlignedBuffer(count: pages * page)
    try file.writeAll(buffer, 0..<pages * page, at: 0)
    try disk.synchronizeDirectory("/")
    buffer.copy([UInt8](repeating: 2, count: pages * page).span, to: 0)
    return (disk, file, buffer)
  }

  @Test(arguments: [false, true])
  func `a synced write is durable when it returns`(_ direct: Bool) throws {
    for seed in Self.seeds.prefix(50) {
      let (disk, file, buffer) = try Self.journal(seed: seed, pages: 3, direct: direct)
      try file.writeAll(buffer, 0..<3 * Self.page, at: Int64(Self.page))

      disk.cutPower()

      let bytes = try #require(disk.bytes(of: "/j"))
      #expect(bytes.count == 4 * Self.page)
      #expect(bytes.dropFirst(Self.page).allSatisfy { $0 == 2 })
    }
  }

  @Test func `a direct write without sync is not durable`() throws {
    var lost = 0
    for seed in Self.seeds.prefix(50) {
      let disk = SimulatedFileSystem(seed: seed)
      let file = try disk.open("/j", .journal(direct: true, synced: false))
      let buffer = AlignedBuffer(count: Self.page)
      try file.writeAll(buffer, 0..<Self.page, at: 0)
      try disk.synchronizeDirectory("/")
      disk.cutPower()
      if disk.bytes(of: "/j")?.count != Self.page { lost += 1 }
    }
    #expect(lost > 0)
  }

  @Test(arguments: [false, true])
  func `a power cut in a synced write leaves any subset of its sectors`(_ direct: Bool) throws {
    var seen: Set<[UInt8?]> = []
    for seed in Self.seeds {
      let (disk, file, buffer) = try Self.journal(seed: seed, pages: 2, direct: direct)
      disk.crashAfterOperations = 0

      #expect(throws: SystemError(call: "pwrite", subject: "/j", code: EIO)) {
        try file.writeAll(buffer, 0..<2 * Self.page, at: 0)
      }
      disk.cutPower()

      let sectors = SimulatedDiskDataTests.sectors(try #require(disk.bytes(of: "/j")))
      #expect(sectors.allSatisfy { $0 == 0 || $0 == 2 })
      seen.insert(sectors)
    }
    #expect(seen.contains([UInt8?](repeating: 0, count: 16)))
    #expect(seen.contains([UInt8?](repeating: 2, count: 16)))
    // The first page only, the last only, and many mixtures of sectors.
    let (old, new) = ([UInt8?](repeating: 0, count: 8), [UInt8?](repeating: 2, count: 8))
    #expect(seen.contains(new + old) && seen.contains(old + new))
    #expect(seen.count > 50)
  }

  @Test func `a kill in a write leaves a beginning of it`() throws {
    var lengths: Set<Int> = []
    for seed in Self.seeds {
      let (disk, file) = try SimulatedDiskDataTests.prepared(seed: seed, pages: 2)
      disk.crashAfterOperations = 0
      #expect(throws: SystemError.self) {
        try file.writeAll([UInt8](repeating: 2, count: 2 * Self.page), at: 0)
      }

      disk.kill()

      let bytes = try #require(disk.bytes(of: "/f"))
      let length = bytes.prefix { $0 == 2 }.count
      #expect(bytes.dropFirst(length).allSatisfy { $0 == 1 })
      lengths.insert(length)
    }
    #expect(lengths.isSuperset(of: [0, 2 * Self.page]))
    #expect(lengths.count > 20)
  }

  @Test func `so many operations succeed before a crash, then none of any kind`() throws {
    let (disk, file) = try SimulatedDiskDataTests.prepared(seed: 1)
    let before = disk.operationCount
    disk.crashAfterOperations = 2

    try file.writeAll([2], at: 0)
    #expect(try file.read(1, at: 0) == [2])
    try disk.makeDirectory("/d")
    #expect(!disk.isCrashed)
    #expect(throws: SystemError(call: "fdatasync", subject: "/f", code: EIO)) {
      try file.synchronize()
    }

    #expect(disk.isCrashed)
    #expect(disk.operationCount == before + 3)
    #expect(throws: SystemError.self) { try file.read(1, at: 0) }
    #expect(throws: SystemError.self) { try file.readCached(1, at: 0) }
    #expect(throws: SystemError.self) { try disk.list("/") }
    #expect(throws: SystemError.self) { try disk.status("/f") }
    #expect(throws: SystemError.self) { try disk.open("/f", .read) }
    #expect(throws: SystemError.self) { try disk.freeBytes("/") }
    #expect(throws: SystemError.self) { try disk.removeTree("/d") }
    #expect(disk.operationCount == before + 3)
  }

  @Test func `after a crash the disk works again, and can crash again`() throws {
    for seed in Self.seeds.prefix(30) {
      let (disk, file) = try SimulatedDiskDataTests.prepared(seed: seed)
      disk.crashAfterOperations = 0
      #expect(throws: SystemError.self) { try file.truncate(to: 0) }
      disk.kill()

      #expect(!disk.isCrashed)
      #expect(disk.crashAfterOperations == nil)
      let again = try disk.open("/f", .write)
      disk.crashAfterOperations = 1
      try again.writeAll([5], at: 0)
      #expect(throws: SystemError.self) { try again.synchronize() }
      disk.cutPower()

      let first = disk.bytes(of: "/f")?.first
      #expect([nil, 1, 5].contains(first))
      try disk.put([6], to: "/f")
      #expect(try disk.contents("/f")?.first == 6)
    }
  }

  @Test(arguments: [false, true])
  func `the operation that a crash interrupts happens or not`(_ powerIsCut: Bool) throws {
    var seen: Set<[String]> = []
    for seed in Self.seeds.prefix(60) {
      let disk = SimulatedFileSystem(seed: seed)
      for name in ["renamed", "removed"] { try disk.put([1], to: "/" + name) }
      try disk.openVolume("/").synchronize()
      disk.crashAfterOperations = 0

      switch seed % 3 {
      case 0: #expect(throws: SystemError.self) { try disk.rename("/renamed", to: "/new") }
      case 1: #expect(throws: SystemError.self) { try disk.remove("/removed") }
      default: #expect(throws: SystemError.self) { try disk.open("/created", .create) }
      }
      if powerIsCut { disk.cutPower() } else { disk.kill() }

      seen.insert(try disk.list("/"))
    }
    #expect(
      seen == [
        ["removed", "renamed"], ["new", "removed"], ["renamed"], ["created", "removed", "renamed"],
      ])
  }

  @Test func `a tree's removal can be interrupted at each of its names`() throws {
    var left: Set<Int> = []
    for crash in 0..<4 {
      let disk = SimulatedFileSystem(seed: UInt64(crash))
      try disk.makeDirectory("/d")
      for name in ["a", "b", "c"] { try disk.put([1], to: "/d/" + name) }
      disk.crashAfterOperations = crash
      #expect(throws: SystemError.self) { try disk.removeTree("/d") }
      disk.kill()
      left.insert(try disk.status("/d") == nil ? 0 : try disk.list("/d").count)
    }
    #expect(left.count >= 3)
  }

  @Test func `handles of a dead process are dead, and its locks are free`() throws {
    let (disk, file) = try SimulatedDiskDataTests.prepared(seed: 1)
    let volume = try disk.openVolume("/")
    #expect(try file.tryLock())

    disk.kill()

    #expect(throws: SystemError(call: "pread", subject: "/f", code: EBADF)) {
      try file.read(1, at: 0)
    }
    #expect(throws: SystemError.self) { try file.writeAll([1], at: 0) }
    #expect(throws: SystemError.self) { try file.synchronize() }
    #expect(throws: SystemError.self) { try volume.synchronize() }
    #expect(try disk.open("/f", .write).tryLock())
  }

  @Test func `a process's door shuts when it dies and its lock does not outlive it`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    let first = disk.startProcess()
    try first.put([1], to: "/f")
    let held = try first.open("/f", .write)
    #expect(try held.tryLock())

    disk.cutPower()
    let second = disk.startProcess()

    #expect(throws: SystemError(call: "mkdir", subject: "/d", code: EBADF)) {
      try first.makeDirectory("/d")
    }
    #expect(throws: SystemError.self) { try first.contents("/f") }
    try second.makeDirectory("/d")
    #expect(try second.list("/").contains("d"))
    #expect(try second.open("/f", .write).tryLock())
  }

  @Test func `a file closed by a dead process frees no lock of a living one`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    try disk.put([1], to: "/f")
    var dead: (any File)? = try disk.open("/f", .write)
    #expect(try dead?.tryLock() == true)
    disk.kill()
    let living = try disk.open("/f", .write)
    #expect(try living.tryLock())

    dead = nil

    #expect(try disk.open("/f", .write).tryLock() == false)
  }

  @Test func `the same seed does the same, another something else`() throws {
    func run(seed: UInt64) throws -> [[UInt8]?] {
      let disk = SimulatedFileSystem(seed: seed)
      disk.shortWriteProbability = 0.3
      for round in 0..<6 {
        for name in ["a", "b", "c"] {
          try disk.put([UInt8](repeating: UInt8(round), count: 20_000), to: "/" + name)
        }
        if round % 2 == 1 { disk.cutPower() } else { try disk.openVolume("/").synchronize() }
      }
      return ["/a", "/b", "/c"].map(disk.bytes)
    }

    for seed in Self.seeds.prefix(10) { #expect(try run(seed: seed) == run(seed: seed)) }
    #expect(Set(try Self.seeds.prefix(10).map(run)).count > 5)
  }

  @Test func `a copy goes its own way`() throws {
    let (disk, file) = try SimulatedDiskDataTests.prepared(seed: 1)
    try file.writeAll([2], at: 0)

    let copy = disk.copy(seed: 9)
    try copy.put([3], to: "/f")
    try copy.put([4], to: "/new")
    try file.writeAll([5], at: 1)

    #expect(disk.bytes(of: "/f")?.prefix(3) == [2, 5, 1])
    #expect(copy.bytes(of: "/f")?.prefix(3) == [3, 1, 1])
    #expect(disk.bytes(of: "/new") == nil)
  }

  @Test func `the durable state is what no power cut can take`() throws {
    let (disk, file) = try SimulatedDiskDataTests.prepared(seed: 1, pages: 1)
    try file.writeAll([2], at: 0)
    try disk.put([1], to: "/unsynced")

    let durable = disk.snapshotOfDurableState()

    #expect(try durable.list("/") == ["f"])
    #expect(durable.bytes(of: "/f") == [UInt8](repeating: 1, count: Self.page))
    #expect(try file.read(1, at: 0) == [2])
    #expect(try disk.list("/") == ["f", "unsynced"])
  }
}
