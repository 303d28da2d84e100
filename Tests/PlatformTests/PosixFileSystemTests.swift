import Glibc
import Platform
import TestSupport
import Testing

@Suite struct PosixFileSystemTests {
  let files = PosixFileSystem()

  @Test func `an error names the call, its subject and the reason`() throws {
    let error = #expect(throws: SystemError.self) { try files.remove("/var/tmp/no/such/file") }

    #expect(error == SystemError(call: "unlink", subject: "/var/tmp/no/such/file", code: ENOENT))
    #expect(error?.description == "unlink /var/tmp/no/such/file: No such file or directory")
    #expect(error?.isAbsent == true)
    #expect(error?.isOutOfSpace == false)
  }

  @Test func `a full disk and a full quota are both out of space`() {
    #expect(SystemError(call: "pwrite", subject: "", code: ENOSPC).isOutOfSpace)
    #expect(SystemError(call: "pwrite", subject: "", code: EDQUOT).isOutOfSpace)
    #expect(
      SystemError(call: "pwrite", subject: "", code: EDQUOT).description.hasPrefix("pwrite: "))
  }

  @Test func `a device without room reports it`() throws {
    let full = try files.open("/dev/full", .write)

    let error = #expect(throws: SystemError.self) { try full.writeAll([1], at: 0) }

    #expect(error?.isOutOfSpace == true)
  }

  @Test func `removing a tree removes a link in it, not what the link leads to`() throws {
    let (tree, outside) = (try TemporaryDirectory(), try TemporaryDirectory())
    try files.put([1], to: outside.path + "/kept")
    try files.makeDirectory(tree.path + "/a")
    #expect(symlink(outside.path, tree.path + "/a/link") == 0)

    try files.removeTree(tree.path + "/a")

    #expect(try files.list(tree.path) == [])
    #expect(try files.contents(outside.path + "/kept") == [1])
  }

  @Test func `memory says that it is volatile`() throws {
    try #require(files.status("/dev/shm")?.isDirectory == true)

    #expect(try files.kind("/dev/shm") == .volatile("tmpfs"))
  }

  @Test func `an absent path has neither kind nor free space`() {
    #expect(throws: SystemError.self) { try files.kind("/no/such/path") }
    #expect(throws: SystemError.self) { try files.freeBytes("/no/such/path") }
  }

  @Test func `two openers read each other's bytes before any sync`() throws {
    let directory = try TemporaryDirectory()
    let writer = try files.open(directory.path + "/a", .journal(direct: true, synced: true))
    let reader = try files.open(directory.path + "/a", .read)
    let buffer = AlignedBuffer(count: 4_096)
    buffer.store(littleEndian: UInt32(0x0102_0304), at: 8)

    try writer.writeAll(buffer, 0..<4_096, at: 0)

    #expect(try reader.read(4, at: 8) == [4, 3, 2, 1])
  }
}
