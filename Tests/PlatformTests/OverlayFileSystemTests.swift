import Platform
import TestSupport
import Testing

/// What is written over another file system, and that nothing below changes.
@Suite struct OverlayFileSystemTests {
  private let below = SimulatedFileSystem(seed: 1)
  private let overlay: OverlayFileSystem

  init() throws {
    overlay = OverlayFileSystem(below)
    try below.makeDirectory("/data")
    try below.makeDirectory("/data/sub")
    try below.put(Array(0..<200), to: "/data/a")
    try below.put([1, 2, 3], to: "/data/sub/b")
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    try overlay.open(path, .read).read(1 << 20, at: 0)
  }

  @Test func `what lies below is read, what is written lies above it`() throws {
    let operations = below.operationCount
    let file = try overlay.open("/data/a", .update)

    try file.writeAll([7, 8], at: 100)
    try file.writeAll([9], at: 5_000)
    try overlay.open("/data/c", .write).writeAll([4], at: 2)

    #expect(
      try bytes("/data/a") == Array(0..<100) + [7, 8] + Array(102..<200)
        + [UInt8](repeating: 0, count: 4_800) + [9])
    #expect(try bytes("/data/c") == [0, 0, 4])
    #expect(try overlay.list("/data") == ["a", "c", "sub"])
    #expect(below.operationCount == operations)
    #expect(below.bytes(of: "/data/a") == Array(0..<200))
  }

  @Test func `a file that was cut shows nothing of what lay behind the cut`() throws {
    let file = try overlay.open("/data/a", .update)

    try file.truncate(to: 10)
    #expect(try file.read(50, at: 5) == Array(5..<10))
    try file.truncate(to: 30)
    #expect(try file.read(50, at: 5) == Array(5..<10) + [UInt8](repeating: 0, count: 20))
    try file.writeAll([1], at: 40)
    #expect(try file.read(50, at: 28) == [UInt8](repeating: 0, count: 12) + [1])
  }

  @Test func `names are removed and renamed above alone`() throws {
    try overlay.remove("/data/a")
    try overlay.rename("/data/sub/b", to: "/data/sub/c")
    try overlay.rename("/data/sub", to: "/data/moved")
    try overlay.makeDirectory("/data/sub")

    #expect(try overlay.status("/data/a") == nil)
    #expect(try overlay.list("/data") == ["moved", "sub"])
    #expect(try overlay.list("/data/moved") == ["c"])
    #expect(try overlay.list("/data/sub") == [])
    #expect(try bytes("/data/moved/c") == [1, 2, 3])
    #expect(throws: SystemError.self) { try overlay.open("/data/sub/b", .read) }
    #expect(try below.list("/data") == ["a", "sub"] && below.list("/data/sub") == ["b"])
  }

  @Test func `a tree that is removed is gone, and can be made again`() throws {
    try overlay.removeTree("/data/sub")
    #expect(try overlay.status("/data/sub/b") == nil)

    try overlay.makeDirectory("/data/sub")
    #expect(try overlay.list("/data/sub") == [])
    #expect(throws: SystemError.self) { try overlay.open("/data/sub/b", .read) }
  }

  @Test func `a lock is that of the file below`() throws {
    let held = try below.open("/data/a", .update)
    #expect(try held.tryLock())

    #expect(try overlay.open("/data/a", .update).tryLock() == false)
  }
}
