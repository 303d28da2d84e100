import Glibc
import Platform
import TestSupport
import Testing

/// What the simulated disk does to names.
@Suite struct SimulatedDiskNamesTests {
  static let seeds: Range<UInt64> = 1..<101

  /// The trees that are seen after a power cut over all seeds, as sorted lists of names below `/`.
  func outcomes(_ body: (SimulatedFileSystem) throws -> Void) throws -> Set<[String]> {
    var seen: Set<[String]> = []
    for seed in Self.seeds {
      let disk = SimulatedFileSystem(seed: seed)
      try body(disk)
      disk.cutPower()
      seen.insert(try disk.list("/"))
    }
    return seen
  }

  @Test func `a name that nobody synced may be lost, though its file was`() throws {
    let seen = try outcomes { disk in
      let file = try disk.open("/f", .create)
      try file.writeAll([1], at: 0)
      try file.synchronize()
    }

    #expect(seen == [[], ["f"]])
  }

  @Test func `a kill loses no name`() throws {
    let disk = SimulatedFileSystem(seed: 1)
    try disk.makeDirectory("/d")
    try disk.put([1], to: "/d/a")
    try disk.rename("/d/a", to: "/b")

    disk.kill()

    #expect(try disk.list("/") == ["b", "d"])
    #expect(try disk.list("/d") == [])
  }

  @Test func `a name survives once its directory was synced, empty if its file was not`() throws {
    var sizes: Set<Int64> = []
    for seed in Self.seeds {
      let disk = SimulatedFileSystem(seed: seed)
      try disk.put([1], to: "/f")
      try disk.synchronizeDirectory("/")

      disk.cutPower()

      sizes.insert(try #require(try disk.status("/f")?.size))
    }
    #expect(sizes == [0, 1])
  }

  @Test func `a directory's sync covers neither its own name nor those below`() throws {
    let unsyncedParent = try outcomes { disk in
      try disk.makeDirectory("/d")
      try disk.put([1], to: "/d/f")
      try disk.synchronizeDirectory("/d")
    }
    var below: Set<[String]> = []
    for seed in Self.seeds {
      let disk = SimulatedFileSystem(seed: seed)
      try disk.makeDirectory("/d")
      try disk.put([1], to: "/d/f")
      try disk.synchronizeDirectory("/")
      disk.cutPower()
      below.insert(try disk.list("/d"))
    }

    #expect(unsyncedParent == [[], ["d"]])
    #expect(below == [[], ["f"]])
  }

  @Test func `a rename that nobody synced is undone or done, never half`() throws {
    let seen = try outcomes { disk in
      try disk.put([1], to: "/a")
      try disk.synchronizeDirectory("/")
      try disk.rename("/a", to: "/b")
    }

    #expect(seen == [["a"], ["b"]])
  }

  @Test func `a rename over a file leaves the old content or the new`() throws {
    var seen: Set<[UInt8]> = []
    for seed in Self.seeds {
      let disk = SimulatedFileSystem(seed: seed)
      try disk.put([1], to: "/a")
      try disk.put([2], to: "/b")
      try disk.openVolume("/").synchronize()
      try disk.rename("/a", to: "/b")

      disk.cutPower()

      seen.insert(try #require(disk.bytes(of: "/b")))
    }
    #expect(seen == [[1], [2]])
  }

  @Test func `a rename between directories is durable when both were synced`() throws {
    func seen(syncing directories: [String]) throws -> Set<[String]> {
      var seen: Set<[String]> = []
      for seed in Self.seeds {
        let disk = SimulatedFileSystem(seed: seed)
        for directory in ["/x", "/y"] { try disk.makeDirectory(directory) }
        try disk.put([1], to: "/x/a")
        try disk.openVolume("/").synchronize()
        try disk.rename("/x/a", to: "/y/b")
        for directory in directories { try disk.synchronizeDirectory(directory) }
        disk.cutPower()
        seen.insert(try disk.list("/x") + disk.list("/y"))
      }
      return seen
    }

    #expect(try seen(syncing: ["/x", "/y"]) == [["b"]])
    #expect(try seen(syncing: ["/x"]) == [["a"], ["b"]])
    #expect(try seen(syncing: ["/y"]) == [["a"], ["b"]])
  }

  @Test func `a remove that nobody synced may come undone, with the content`() throws {
    var seen: Set<[UInt8]?> = []
    for seed in Self.seeds {
      let disk = SimulatedFileSystem(seed: seed)
      try disk.put([1], to: "/a")
      try disk.openVolume("/").synchronize()
      try disk.remove("/a")

      disk.kill()
      disk.cutPower()

      seen.insert(disk.bytes(of: "/a"))
    }
    #expect(seen == [nil, [1]])
  }

  @Test func `a remove that was synced stays`() throws {
    let seen = try outcomes { disk in
      try disk.put([1], to: "/a")
      try disk.openVolume("/").synchronize()
      try disk.remove("/a")
      try disk.synchronizeDirectory("/")
    }

    #expect(seen == [[]])
  }

  @Test func `independent names survive in any combination`() throws {
    let seen = try outcomes { disk in
      for name in ["a", "b"] { try disk.put([1], to: "/" + name) }
    }

    #expect(seen == [[], ["a"], ["b"], ["a", "b"]])
  }

  @Test func `changes of one name survive in their order`() throws {
    let seen = try outcomes { disk in
      try disk.put([1], to: "/a")
      try disk.rename("/a", to: "/b")
      try disk.remove("/b")
    }

    #expect(seen == [[], ["a"], ["b"]])
  }

  @Test func `a removed tree may survive in part, its directories included`() throws {
    var seen: Set<[String]> = []
    for seed in Self.seeds {
      let disk = SimulatedFileSystem(seed: seed)
      try disk.makeDirectory("/d")
      for name in ["a", "b"] { try disk.put([1], to: "/d/" + name) }
      try disk.openVolume("/").synchronize()
      try disk.removeTree("/d")

      disk.cutPower()

      if try disk.status("/d") != nil {
        seen.insert(try disk.list("/d"))
      } else {
        seen.insert(["gone"])
      }
    }
    #expect(seen.isSuperset(of: [["gone"], [], ["a", "b"]]))
  }

  @Test func `a failed sync of a directory leaves its names to the next one`() throws {
    let failed = try outcomes { disk in
      try disk.put([1], to: "/a")
      disk.failNext(.synchronizeDirectory)
      #expect(throws: SystemError.self) { try disk.synchronizeDirectory("/") }
    }
    let seen = try outcomes { disk in
      try disk.put([1], to: "/a")
      disk.failNext(.synchronizeDirectory)
      #expect(throws: SystemError(call: "fsync", subject: "/", code: EIO)) {
        try disk.synchronizeDirectory("/")
      }
      try disk.synchronizeDirectory("/")
    }

    #expect(failed == [[], ["a"]])
    #expect(seen == [["a"]])
  }
}
