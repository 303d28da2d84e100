import Glibc
import Platform
import TestSupport
import Testing

/// Faults that the simulated disk is told to have.
@Suite struct SimulatedDiskFaultTests {
  static let page = 4_096

  @Test(arguments: DiskOperation.allCases)
  func `each operation can be made to fail once`(_ operation: DiskOperation) throws {
    let disk = SimulatedFileSystem(seed: 1)
    try disk.makeDirectory("/d")
    let file = try disk.open("/d/f", .create)
    let volume = try disk.openVolume("/d")
    func attempt() throws(SystemError) {
      switch operation {
      case .open: _ = try disk.open("/d/f", .read)
      case .makeDirectory: try disk.makeDirectory("/d/e")
      case .rename: try disk.rename("/d/f", to: "/d/f")
      case .remove:
        try disk.put([1], to: "/d/g")
        try disk.remove("/d/g")
      case .list: _ = try disk.list("/d")
      case .status: _ = try disk.status("/d")
      case .synchronizeDirectory: try disk.synchronizeDirectory("/d")
      case .freeBytes: _ = try disk.freeBytes("/d")
      case .read: _ = try file.read(1, at: 0)
      case .write: try file.writeAll([1], at: 0)
      case .synchronize: try file.synchronize()
      case .truncate: try file.truncate(to: 0)
      case .lock: _ = try file.tryLock()
      case .synchronizeVolume: try volume.synchronize()
      }
    }
    disk.failNext(operation, "d", code: ENOSPC)

    let error = #expect(throws: SystemError.self) { try attempt() }

    #expect(error?.code == ENOSPC)
    #expect(disk.faultCount == 0)
    try attempt()
  }

  @Test func `a sticky fault stays until cleared, and strikes its paths only`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    disk.failAlways(.write, "bad", code: EROFS)

    for _ in 0..<3 {
      #expect(throws: SystemError(call: "pwrite", subject: "/bad", code: EROFS)) {
        try disk.put([1], to: "/bad")
      }
      try disk.put([1], to: "/good")
    }
    disk.clearFaults()
    try disk.put([1], to: "/bad")

    #expect(disk.bytes(of: "/bad") == [1])
  }

  @Test func `a fault can let some operations pass`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    disk.add(Fault([.makeDirectory, .rename], code: EMFILE, skipping: 2) { $0.hasPrefix("/x") })

    try disk.makeDirectory("/x1")
    try disk.makeDirectory("/y")
    try disk.rename("/x1", to: "/x2")
    #expect(throws: SystemError(call: "mkdir", subject: "/x3", code: EMFILE)) {
      try disk.makeDirectory("/x3")
    }
    try disk.makeDirectory("/x3")

    #expect(try disk.list("/") == ["x2", "x3", "y"])
  }

  @Test func `a buffered write that fails changes nothing`() throws {
    let (disk, file) = try SimulatedDiskDataTests.prepared(seed: 1, pages: 1)
    disk.failNext(.write)

    #expect(throws: SystemError.self) { try file.writeAll([2, 2], at: 0) }

    #expect(disk.bytes(of: "/f") == [UInt8](repeating: 1, count: Self.page))
  }

  @Test func `a synced write that fails reads as written from the cache and is torn below`() throws
  {
    var torn = 0
    for seed: UInt64 in 1..<100 {
      let (disk, file, buffer) = try SimulatedDiskCrashTests.journal(
        seed: seed, pages: 2, direct: false)
      disk.failNext(.write, "j")

      #expect(throws: SystemError.self) { try file.writeAll(buffer, 0..<2 * Self.page, at: 0) }
      disk.kill()
      #expect(disk.bytes(of: "/j")?.allSatisfy { $0 == 2 } == true)
      try disk.open("/j", .write).synchronize()
      disk.cutPower()

      if disk.bytes(of: "/j")?.contains(0) == true { torn += 1 }
    }
    #expect(torn > 10)
  }

  @Test func `a direct write that fails shows what the device has`() throws {
    var seen: Set<[UInt8]> = []
    for seed: UInt64 in 1..<100 {
      let (disk, file, buffer) = try SimulatedDiskCrashTests.journal(seed: seed, pages: 2)
      disk.failNext(.write, "j")

      #expect(throws: SystemError.self) { try file.writeAll(buffer, 0..<2 * Self.page, at: 0) }
      let bytes = try #require(disk.bytes(of: "/j"))
      disk.cutPower()

      #expect(disk.bytes(of: "/j") == bytes)
      seen.insert(bytes)
    }
    #expect(seen.count > 10)
  }

  @Test func `short writes take at least one byte, direct ones whole sectors`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    disk.shortWriteProbability = 1
    let file = try disk.open("/f", .write)
    let journal = try disk.open("/j", .journal(direct: true, synced: true))
    let buffer = AlignedBuffer(count: 4 * Self.page)
    buffer.copy([UInt8](repeating: 2, count: 4 * Self.page).span, to: 0)

    let counts = try (0..<50).map { _ in try file.write([UInt8](0..<100).span, at: 0) }
    let direct = try (0..<50).map { _ in try journal.write(buffer, 0..<4 * Self.page, at: 0) }
    try file.writeAll([UInt8](0..<100), at: 0)
    try journal.writeAll(buffer, 0..<4 * Self.page, at: 0)

    #expect(counts.allSatisfy { (1...100).contains($0) } && Set(counts).count > 10)
    #expect(direct.allSatisfy { $0 > 0 && $0 % 512 == 0 } && Set(direct).count > 10)
    #expect(disk.bytes(of: "/f") == [UInt8](0..<100))
    #expect(disk.bytes(of: "/j") == buffer.copy(0..<4 * Self.page))
  }

  @Test func `a full disk takes what fits, then no new page, but overwrites`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    disk.free = UInt64(3 * Self.page)
    let file = try disk.open("/f", .write)
    let bytes = [UInt8](repeating: 1, count: 5 * Self.page)

    #expect(try file.write(bytes.span, at: 0) == 3 * Self.page)
    #expect(disk.free == 0)
    let error = #expect(throws: SystemError.self) {
      try file.write(bytes.span, at: Int64(3 * Self.page))
    }
    #expect(error?.code == ENOSPC)
    #expect(try file.write([2].span, at: 0) == 1)

    #expect(disk.bytes(of: "/f")?.count == 3 * Self.page)
    #expect(try disk.freeBytes("/") == 0)
  }

  @Test func `space comes back with a truncation, a remove, a replacement, and a last close`()
    throws
  {
    let disk = SimulatedFileSystem(seed: 1)
    let all = disk.free
    func used() -> Int { Int(all - disk.free) / Self.page }
    for name in ["/a", "/b", "/c"] {
      try disk.put([UInt8](repeating: 1, count: 2 * Self.page), to: name)
    }
    #expect(used() == 6)

    try disk.open("/a", .write).truncate(to: 1)
    #expect(used() == 5)
    try disk.rename("/a", to: "/b")
    #expect(used() == 3)
    var open: (any File)? = try disk.open("/c", .read)
    try disk.remove("/c")
    #expect(used() == 3)
    #expect(try open?.size() == Int64(2 * Self.page))
    open = nil
    #expect(used() == 1)
  }

  @Test func `corruption is seen at once and after a crash`() throws {
    let (disk, file) = try SimulatedDiskDataTests.prepared(seed: 1, pages: 1)

    disk.corrupt("/f", at: 10, [77])

    #expect(try file.read(3, at: 9) == [1, 77, 1])
    disk.cutPower()
    #expect(disk.bytes(of: "/f")?[9...11] == [1, 77, 1])
  }

  @Test func `cached reads miss as often as they are told to`() throws {
    let (disk, file) = try SimulatedDiskDataTests.prepared(seed: 1)
    disk.cacheMissProbability = 0.5

    let misses = try (0..<400).count { _ in try file.readCached(1, at: 0) == nil }

    #expect((150...250).contains(misses))
    #expect(try file.read(1, at: 0) == [1])
  }

  @Test func `a disk can refuse direct files and say what it is`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    disk.refusesDirect = true
    disk.kind = .remote("nfs")

    #expect(throws: SystemError(call: "open", subject: "/j", code: EINVAL)) {
      try disk.open("/j", .journal(direct: true, synced: true))
    }
    #expect(try disk.open("/j", .journal(direct: false, synced: true)).size() == 0)
    #expect(try disk.kind("/") == .remote("nfs"))
  }

  @Test func `several threads may use one disk`() throws {
    let disk = SimulatedFileSystem(seed: 1)

    let workers = try (0..<4).map { number in
      try Worker("writer-\(number)") {
        for round in 0..<50 {
          try? disk.put([UInt8(number), UInt8(round)], to: "/\(number)", at: Int64(round * 2))
          try? disk.synchronizeDirectory("/")
        }
      }
    }
    for worker in workers { worker.join() }

    for number in 0..<4 {
      let expected = (0..<50).flatMap { [UInt8(number), UInt8($0)] }
      #expect(disk.bytes(of: "/\(number)") == expected)
    }
  }
}
