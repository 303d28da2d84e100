import Glibc
import Platform
import TestSupport
import Testing

/// What the simulated disk does to bytes.
@Suite struct SimulatedDiskDataTests {
  static let page = 4_096
  static let seeds: Range<UInt64> = 1..<301

  /// A disk with a synced file `/f` of `pages` pages of ones, and the file open.
  static func prepared(
    seed: UInt64, pages: Int = 4
  ) throws -> (SimulatedFileSystem, any File) {
    let disk = SimulatedFileSystem(seed: seed)
    let file = try disk.open("/f", .create)
    try file.writeAll([UInt8](repeating: 1, count: pages * page), at: 0)
    try file.synchronize()
    try disk.synchronizeDirectory("/")
    return (disk, file)
  }

  /// Of each 512 bytes the value that they hold throughout, `nil` where they are mixed.
  static func sectors(_ bytes: [UInt8]) -> [UInt8?] {
    stride(from: 0, to: bytes.count, by: 512).map { start in
      let sector = bytes[start..<min(start + 512, bytes.count)]
      return sector.allSatisfy { $0 == sector.first } ? sector.first : nil
    }
  }

  @Test func `unsynced bytes survive a kill`() throws {
    for seed in Self.seeds.prefix(20) {
      let (disk, file) = try Self.prepared(seed: seed)
      try file.writeAll([UInt8](repeating: 2, count: 3 * Self.page), at: 0)

      disk.kill()

      #expect(disk.bytes(of: "/f")?.prefix(3 * Self.page).allSatisfy { $0 == 2 } == true)
    }
  }

  @Test func `bytes that a kill left unsynced can still be lost to a later power cut`() throws {
    var outcomes: Set<UInt8> = []
    for seed in Self.seeds.prefix(40) {
      let (disk, file) = try Self.prepared(seed: seed)
      try file.writeAll([2], at: 0)

      disk.kill()
      disk.cutPower()

      outcomes.insert(try #require(disk.bytes(of: "/f")?.first))
    }
    #expect(outcomes == [1, 2])
  }

  @Test func `any subset of the pages of one unsynced write may survive`() throws {
    var subsets: Set<[UInt8]> = []
    for seed in Self.seeds {
      let (disk, file) = try Self.prepared(seed: seed)
      try file.writeAll([UInt8](repeating: 2, count: 4 * Self.page), at: 0)

      disk.cutPower()

      let bytes = try #require(disk.bytes(of: "/f"))
      let pages = (0..<4).map { Set(bytes[$0 * Self.page..<($0 + 1) * Self.page]) }
      if pages.allSatisfy({ $0.count == 1 }) { subsets.insert(pages.map { $0.first! }) }
    }
    #expect(subsets.count == 16)
  }

  @Test func `a page shears between its sectors and never inside one`() throws {
    var shorn = 0
    for seed in Self.seeds {
      let (disk, file) = try Self.prepared(seed: seed, pages: 1)
      try file.writeAll([UInt8](repeating: 2, count: Self.page), at: 0)

      disk.cutPower()

      let sectors = Self.sectors(try #require(disk.bytes(of: "/f")))
      #expect(sectors.allSatisfy { $0 == 1 || $0 == 2 })
      if Set(sectors).count == 2 { shorn += 1 }
    }
    #expect(shorn > 10)
  }

  @Test func `what was synced survives, whatever is written behind it`() throws {
    for seed in Self.seeds.prefix(100) {
      let (disk, file) = try Self.prepared(seed: seed, pages: 2)
      try file.writeAll([UInt8](repeating: 9, count: 5_000), at: Int64(2 * Self.page))

      disk.cutPower()

      let bytes = try #require(disk.bytes(of: "/f"))
      #expect(bytes.prefix(2 * Self.page).allSatisfy { $0 == 1 })
    }
  }

  @Test func `the size may lag behind the data or run ahead of it`() throws {
    var outcomes: Set<String> = []
    for seed in Self.seeds {
      let (disk, file) = try Self.prepared(seed: seed, pages: 1)
      try file.writeAll([UInt8](repeating: 2, count: 3 * Self.page), at: Int64(Self.page))

      disk.cutPower()

      let bytes = try #require(disk.bytes(of: "/f"))
      #expect((Self.page...4 * Self.page).contains(bytes.count))
      if bytes.count < 4 * Self.page { outcomes.insert("shorter") }
      if bytes.count % Self.page != 0 { outcomes.insert("amid a page") }
      if bytes.contains(0) { outcomes.insert("zeros") }
      if bytes.count == 4 * Self.page, !bytes.contains(0) { outcomes.insert("whole") }
    }
    #expect(outcomes == ["shorter", "amid a page", "zeros", "whole"])
  }

  @Test func `a truncation that was not synced may be undone, with the old bytes`() throws {
    var sizes: Set<Int> = []
    for seed in Self.seeds.prefix(50) {
      let (disk, file) = try Self.prepared(seed: seed, pages: 2)
      try file.truncate(to: Int64(Self.page))

      disk.cutPower()

      let bytes = try #require(disk.bytes(of: "/f"))
      sizes.insert(bytes.count)
      #expect(bytes.allSatisfy { $0 == 1 })
    }
    #expect(sizes == [Self.page, 2 * Self.page])
  }

  @Test func `a truncation that was synced stays`() throws {
    for seed in Self.seeds.prefix(50) {
      let (disk, file) = try Self.prepared(seed: seed, pages: 2)
      try file.truncate(to: 100)
      try file.synchronize()
      try file.truncate(to: 200)

      disk.cutPower()

      let bytes = try #require(disk.bytes(of: "/f"))
      #expect(
        bytes.prefix(100).allSatisfy { $0 == 1 } && bytes.dropFirst(100).allSatisfy { $0 == 0 })
      #expect((100...200).contains(bytes.count))
    }
  }

  @Test func `a page written twice may survive as it was between`() throws {
    var outcomes: Set<UInt8> = []
    for seed in Self.seeds {
      let (disk, file) = try Self.prepared(seed: seed, pages: 1)
      try file.writeAll([UInt8](repeating: 2, count: Self.page), at: 0)
      try file.writeAll([UInt8](repeating: 3, count: Self.page), at: 0)

      disk.cutPower()

      outcomes.formUnion(try #require(disk.bytes(of: "/f")))
    }
    #expect(outcomes == [1, 2, 3])
  }

  @Test func `after a failed sync the next one succeeds and the bytes are gone anyway`() throws {
    var (lost, kept) = (0, 0)
    for seed in Self.seeds.prefix(100) {
      let (disk, file) = try Self.prepared(seed: seed, pages: 1)
      try file.writeAll([UInt8](repeating: 2, count: Self.page), at: 0)
      disk.failNext(.synchronize)

      #expect(throws: SystemError(call: "fdatasync", subject: "/f", code: EIO)) {
        try file.synchronize()
      }
      try file.synchronize()
      #expect(try file.read(Self.page, at: 0).allSatisfy { $0 == 2 })
      disk.kill()
      #expect(disk.bytes(of: "/f")?.allSatisfy { $0 == 2 } == true)
      disk.cutPower()

      let bytes = try #require(disk.bytes(of: "/f"))
      if bytes.contains(1) { lost += 1 } else { kept += 1 }
    }
    #expect(lost > 0 && kept > 0)
  }

  @Test func `bytes written again after a failed sync are safe when the next one returns`() throws {
    for seed in Self.seeds.prefix(50) {
      let (disk, file) = try Self.prepared(seed: seed, pages: 1)
      let bytes = [UInt8](repeating: 2, count: Self.page)
      try file.writeAll(bytes, at: 0)
      disk.failNext(.synchronize)
      #expect(throws: SystemError.self) { try file.synchronize() }

      try file.writeAll(bytes, at: 0)
      try file.synchronize()
      disk.cutPower()

      #expect(disk.bytes(of: "/f") == bytes)
    }
  }

  @Test func `a failed sync is reported once to each that was open, and to no later opener`() throws
  {
    let (disk, file) = try Self.prepared(seed: 1)
    let other = try disk.open("/f", .write)
    let volume = try disk.openVolume("/")
    try file.writeAll([2], at: 0)
    disk.failNext(.synchronize, code: EDQUOT)

    #expect(throws: SystemError.self) { try file.synchronize() }

    let later = try disk.open("/f", .write)
    let laterVolume = try disk.openVolume("/")
    try later.synchronize()
    try laterVolume.synchronize()
    try file.synchronize()
    #expect(throws: SystemError(call: "fdatasync", subject: "/f", code: EDQUOT)) {
      try other.synchronize()
    }
    try other.synchronize()
    #expect(throws: SystemError(call: "syncfs", subject: "/", code: EDQUOT)) {
      try volume.synchronize()
    }
    try volume.synchronize()
  }

  @Test func `a failed writeback of a closed file reaches only a volume held since before`() throws
  {
    var lost = 0
    for seed in Self.seeds.prefix(50) {
      let disk = SimulatedFileSystem(seed: seed)
      let volume = try disk.openVolume("/")
      try disk.put([UInt8](repeating: 1, count: Self.page), to: "/f")
      disk.failWriteback(of: "/f")

      try disk.open("/f", .write).synchronize()
      #expect(throws: SystemError.self) { try volume.synchronize() }
      disk.cutPower()

      if disk.bytes(of: "/f")?.allSatisfy({ $0 == 1 }) != true { lost += 1 }
    }
    #expect(lost > 0)
  }

  @Test func `a synced volume loses nothing`() throws {
    for seed in Self.seeds.prefix(50) {
      let disk = SimulatedFileSystem(seed: seed)
      let volume = try disk.openVolume("/")
      try disk.makeDirectory("/a")
      try disk.makeDirectory("/a/b")
      try disk.put([UInt8](0..<200), to: "/a/b/f")
      try disk.put([3], to: "/a/g")
      try disk.rename("/a/g", to: "/h")

      try volume.synchronize()
      disk.cutPower()

      #expect(disk.bytes(of: "/a/b/f") == [UInt8](0..<200))
      #expect(disk.bytes(of: "/h") == [3])
      #expect(try disk.list("/a") == ["b"])
    }
  }

  @Test func `a failed sync of the volume loses data for good, names until the next`() throws {
    var outcomes: Set<String> = []
    for seed in Self.seeds.prefix(100) {
      let disk = SimulatedFileSystem(seed: seed)
      let volume = try disk.openVolume("/")
      try disk.put([UInt8](repeating: 1, count: Self.page), to: "/f")
      disk.failNext(.synchronizeVolume)

      #expect(throws: SystemError.self) { try volume.synchronize() }
      try volume.synchronize()
      #expect(disk.bytes(of: "/f")?.count == Self.page)
      disk.cutPower()

      let bytes = disk.bytes(of: "/f")
      outcomes.insert(bytes.map { $0.contains(1) ? "data" : "name" } ?? "nothing")
    }
    #expect(outcomes == ["name", "data"])
  }

  @Test func `on a volatile disk a sync succeeds and keeps nothing`() throws {
    var lost = 0
    for seed in Self.seeds.prefix(50) {
      let disk = SimulatedFileSystem(seed: seed)
      disk.kind = .volatile("tmpfs")
      let file = try disk.open("/f", .journal(direct: true, synced: true))
      try file.writeAll(AlignedBuffer(count: Self.page), 0..<Self.page, at: 0)
      try file.synchronize()
      try disk.synchronizeDirectory("/")
      try disk.openVolume("/").synchronize()

      disk.cutPower()

      if disk.bytes(of: "/f") == nil { lost += 1 }
    }
    #expect(lost > 10)
  }
}
