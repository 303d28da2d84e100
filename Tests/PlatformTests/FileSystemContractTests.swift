import Glibc
import Platform
import TestSupport
import Testing

/// What the real disk and the simulated one have in common.
@Suite struct FileSystemContractTests {
  enum Disk: CaseIterable { case real, simulated }

  /// A file system, and a directory on it that this test has alone.
  final class Place {
    let files: any FileSystem
    let root: String
    private let directory: TemporaryDirectory?

    init(_ disk: Disk) throws {
      switch disk {
      case .real:
        files = PosixFileSystem()
        directory = try TemporaryDirectory()
        root = directory!.path
      case .simulated:
        files = SimulatedFileSystem(seed: 1)
        directory = nil
        root = "/data"
        try files.makeDirectory(root)
      }
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }
  }

  func code(_ body: () throws(SystemError) -> Void) -> Int32? {
    do { try body() } catch { return error.code }
    return nil
  }

  @Test(arguments: Disk.allCases)
  func `a file reads back what was written, and fewer bytes at its end`(_ disk: Disk) throws {
    let place = try Place(disk)
    let file = try place.files.open(place.path("a"), .write)

    try file.writeAll([1, 2, 3, 4, 5], at: 0)
    try file.writeAll([9], at: 1)

    #expect(try file.read(5, at: 0) == [1, 9, 3, 4, 5])
    #expect(try file.read(10, at: 3) == [4, 5])
    #expect(try file.read(10, at: 5) == [])
    #expect(try file.size() == 5)
  }

  @Test(arguments: Disk.allCases)
  func `a write past the end leaves zeros between`(_ disk: Disk) throws {
    let place = try Place(disk)
    let file = try place.files.open(place.path("a"), .write)

    try file.writeAll([7], at: 0)
    try file.writeAll([8], at: 10_000)

    #expect(try file.size() == 10_001)
    #expect(try file.read(9_999, at: 1) == [UInt8](repeating: 0, count: 9_999))
    #expect(try file.read(2, at: 10_000) == [8])
  }

  @Test(arguments: Disk.allCases)
  func `truncation cuts, and what grows again reads as zero`(_ disk: Disk) throws {
    let place = try Place(disk)
    let file = try place.files.open(place.path("a"), .write)
    try file.writeAll([UInt8](repeating: 5, count: 9_000), at: 0)

    try file.truncate(to: 100)
    try file.truncate(to: 300)

    let expected = [UInt8](repeating: 5, count: 100) + [UInt8](repeating: 0, count: 200)
    #expect(try file.read(1_000, at: 0) == expected)
  }

  @Test(arguments: Disk.allCases)
  func `opening tells the absent from the present`(_ disk: Disk) throws {
    let place = try Place(disk)
    try place.files.put([1], to: place.path("a"))

    #expect(
      code { () throws(SystemError) in _ = try place.files.open(place.path("a"), .create) }
        == EEXIST)
    #expect(
      code { () throws(SystemError) in _ = try place.files.open(place.path("b"), .read) } == ENOENT)
    #expect(
      code { () throws(SystemError) in _ = try place.files.open(place.path("x/b"), .write) }
        == ENOENT)
    #expect(try place.files.open(place.path("a"), .write).size() == 1)
    #expect(try place.files.open(place.path("b"), .create).size() == 0)
  }

  @Test(arguments: Disk.allCases)
  func `a file opened for reading takes no writes`(_ disk: Disk) throws {
    let place = try Place(disk)
    try place.files.put([1], to: place.path("a"))
    let file = try place.files.open(place.path("a"), .read)

    #expect(code { () throws(SystemError) in try file.writeAll([2], at: 0) } == EBADF)
    #expect(code { () throws(SystemError) in try file.truncate(to: 0) } == EINVAL)
    #expect(try file.read(1, at: 0) == [1])
  }

  @Test(arguments: Disk.allCases)
  func `a rename replaces a file, and who has the old one open keeps it`(_ disk: Disk) throws {
    let place = try Place(disk)
    try place.files.put([1], to: place.path("a"))
    try place.files.put([2], to: place.path("b"))
    let old = try place.files.open(place.path("b"), .read)
    let inode = try place.files.status(place.path("a"))?.inode

    try place.files.rename(place.path("a"), to: place.path("b"))

    #expect(try place.files.list(place.root) == ["b"])
    #expect(try place.files.contents(place.path("b")) == [1])
    #expect(try place.files.status(place.path("b"))?.inode == inode)
    #expect(try old.read(1, at: 0) == [2])
  }

  @Test(arguments: Disk.allCases)
  func `a directory is renamed with all below it, but not onto a full one`(_ disk: Disk) throws {
    let place = try Place(disk)
    for name in ["a", "b", "c"] { try place.files.makeDirectory(place.path(name)) }
    try place.files.put([1], to: place.path("a/x"))
    try place.files.put([2], to: place.path("c/x"))

    try place.files.rename(place.path("a"), to: place.path("b"))

    #expect(try place.files.contents(place.path("b/x")) == [1])
    #expect(try place.files.status(place.path("a")) == nil)
    #expect(
      code { () throws(SystemError) in
        try place.files.rename(place.path("b"), to: place.path("c"))
      } == ENOTEMPTY)
    #expect(
      code { () throws(SystemError) in
        try place.files.rename(place.path("nothing"), to: place.path("c"))
      } == ENOENT)
  }

  @Test(arguments: Disk.allCases)
  func `a removed file lives on in its descriptor`(_ disk: Disk) throws {
    let place = try Place(disk)
    let file = try place.files.open(place.path("a"), .create)
    try file.writeAll([1, 2], at: 0)

    try place.files.remove(place.path("a"))

    #expect(try place.files.status(place.path("a")) == nil)
    #expect(try file.read(2, at: 0) == [1, 2])
    #expect(code { () throws(SystemError) in try place.files.remove(place.path("a")) } == ENOENT)
    #expect(code { () throws(SystemError) in try place.files.remove(place.root) } == EISDIR)
  }

  @Test(arguments: Disk.allCases)
  func `a list is sorted, and a status tells files from directories`(_ disk: Disk) throws {
    let place = try Place(disk)
    try place.files.put([1, 2, 3], to: place.path("b"))
    try place.files.put([], to: place.path("c"))
    try place.files.makeDirectory(place.path("a"))
    try place.files.makeDirectory(place.path("a"))

    #expect(try place.files.list(place.root) == ["a", "b", "c"])
    #expect(try place.files.status(place.path("a"))?.isDirectory == true)
    #expect(try place.files.status(place.path("b"))?.isDirectory == false)
    #expect(try place.files.status(place.path("b"))?.size == 3)
    #expect(try place.files.status(place.path("d")) == nil)
    #expect(code { () throws(SystemError) in _ = try place.files.list(place.path("d")) } == ENOENT)
  }

  @Test(arguments: Disk.allCases)
  func `removing a tree takes all below it and nothing beside it`(_ disk: Disk) throws {
    let place = try Place(disk)
    for name in ["a", "a/b", "a/b/c", "z"] { try place.files.makeDirectory(place.path(name)) }
    for name in ["a/1", "a/b/2", "a/b/c/3", "z/4"] {
      try place.files.put([1], to: place.path(name))
    }

    try place.files.removeTree(place.path("a"))

    #expect(try place.files.list(place.root) == ["z"])
    #expect(try place.files.list(place.path("z")) == ["4"])
    #expect(
      code { () throws(SystemError) in try place.files.removeTree(place.path("a")) } == ENOENT)
  }

  @Test(arguments: Disk.allCases)
  func `a lock belongs to one descriptor until that is closed`(_ disk: Disk) throws {
    let place = try Place(disk)
    var holder: (any File)? = try place.files.open(place.path("a"), .write)
    let other = try place.files.open(place.path("a"), .write)

    #expect(try holder?.tryLock() == true)
    #expect(try holder?.tryLock() == true)
    #expect(try other.tryLock() == false)
    holder = nil
    #expect(try other.tryLock() == true)
  }

  @Test(arguments: Disk.allCases)
  func `a lock follows the file to its new name`(_ disk: Disk) throws {
    let place = try Place(disk)
    let holder = try place.files.open(place.path("a.init"), .write)
    #expect(try holder.tryLock())

    try place.files.rename(place.path("a.init"), to: place.path("a"))

    #expect(try place.files.open(place.path("a"), .write).tryLock() == false)
  }

  @Test(arguments: Disk.allCases)
  func `syncs of files, directories and the volume succeed where these exist`(_ disk: Disk) throws {
    let place = try Place(disk)
    let volume = try place.files.openVolume(place.root)
    let file = try place.files.open(place.path("a"), .write)
    try file.writeAll([1], at: 0)

    try file.synchronize()
    try place.files.synchronizeDirectory(place.root)
    try volume.synchronize()

    #expect(try place.files.contents(place.path("a")) == [1])
    #expect(
      code { () throws(SystemError) in
        try place.files.synchronizeDirectory(place.path("b"))
      } == ENOENT)
    #expect(
      code { () throws(SystemError) in
        try place.files.synchronizeDirectory(place.path("a"))
      } == ENOTDIR)
    #expect(
      code { () throws(SystemError) in _ = try place.files.openVolume(place.path("b")) } == ENOENT)
    #expect(try place.files.freeBytes(place.root) > 0)
  }

  @Test(arguments: Disk.allCases, [false, true])
  func `a direct journal file takes whole aligned sectors only`(
    _ disk: Disk, _ isSynced: Bool
  ) throws {
    let place = try Place(disk)
    let file = try place.files.open(place.path("j"), .journal(direct: true, synced: isSynced))
    let buffer = AlignedBuffer(count: 16_384)
    buffer.copy([UInt8](repeating: 3, count: 4_096).span, to: 4_096)

    try file.writeAll(buffer, 4_096..<12_288, at: 8_192)

    let back = AlignedBuffer(count: 16_384)
    #expect(try file.read(into: back, 0..<16_384, at: 0) == 16_384)
    #expect(back.copy(0..<8_192) == [UInt8](repeating: 0, count: 8_192))
    #expect(back.copy(8_192..<12_288) == [UInt8](repeating: 3, count: 4_096))
    #expect(back.copy(12_288..<16_384) == [UInt8](repeating: 0, count: 4_096))
    #expect(
      code { () throws(SystemError) in _ = try file.write(buffer, 0..<4_096, at: 100) } == EINVAL)
    #expect(
      code { () throws(SystemError) in _ = try file.write(buffer, 0..<100, at: 0) } == EINVAL)
    #expect(
      code { () throws(SystemError) in _ = try file.write(buffer, 8..<4_104, at: 0) } == EINVAL)
  }

  @Test(arguments: Disk.allCases)
  func `a buffered journal file takes any bytes`(_ disk: Disk) throws {
    let place = try Place(disk)
    let file = try place.files.open(place.path("j"), .journal(direct: false, synced: true))
    let buffer = AlignedBuffer(count: 4_096)
    buffer.copy([1, 2, 3].span, to: 5)

    try file.writeAll(buffer, 5..<8, at: 1)

    #expect(try file.read(9, at: 0) == [0, 1, 2, 3])
    #expect(try file.read(into: buffer, 100..<110, at: 2) == 2)
    #expect(buffer.copy(99..<103) == [0, 2, 3, 0])
  }

  @Test(arguments: Disk.allCases)
  func `a cached read answers what was just written, and never at the end`(_ disk: Disk) throws {
    let place = try Place(disk)
    let file = try place.files.open(place.path("a"), .write)
    try file.writeAll([UInt8](0..<100), at: 0)

    #expect(try file.readCached(10, at: 50) == [UInt8](50..<60))
    #expect(try file.readCached(10, at: 95) == nil)
    #expect(try file.readCached(10, at: 100) == nil)
  }
}
