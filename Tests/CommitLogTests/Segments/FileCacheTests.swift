import Model
import Platform
import TestSupport
import Testing

@testable import CommitLog

@Suite struct FileCacheTests {
  private let disk = SimulatedFileSystem(seed: 6)

  private func file(_ partition: UInt32, base: Offset = 0, generation: UInt32 = 0) -> SegmentFile {
    SegmentFile(
      partition: PartitionNumber(partition), base: base, generation: generation, kind: .log)
  }

  @Test func `names are Kafka's, with a sidecar beside`() {
    var file = file(1, base: 1_234)
    #expect(file.name == "00000000000000001234.log")
    file.kind = .sidecar
    #expect(file.name == "00000000000000001234.curlew")
    #expect(self.file(1, base: .max).name == "09223372036854775807.log")
  }

  @Test func `never more than its capacity are open, and the oldest go first`() throws {
    let cache = FileCache(disk, capacity: 16)
    let first = try cache.open(file(0), in: "", .write)

    for index in 1..<100 as Range<UInt32> {
      _ = try cache.open(file(index, base: Offset(index)), in: "", .write)
      #expect(cache.count <= 16)
      // Used again and again, it stays.
      #expect(try cache.open(file(0), in: "", .write) === first)
    }

    disk.failAlways(.open)
    #expect(try cache.open(file(99, base: 99), in: "", .write) !== first)
    #expect(throws: SystemError.self) { try cache.open(file(1, base: 1), in: "", .write) }
  }

  @Test func `a file that was closed lives on for who holds it`() throws {
    let cache = FileCache(disk, capacity: 1)
    let held = try cache.open(file(1), in: "", .write)
    try held.writeAll([7], at: 0)

    _ = try cache.open(file(2, base: 2), in: "", .write)

    #expect(cache.count == 1)
    #expect(try held.read(1, at: 0) == [7])
  }

  @Test func `generations are files of their own`() throws {
    let cache = FileCache(disk)
    let old = try cache.open(file(1), in: "", .write)

    #expect(try cache.open(file(1, generation: 1), in: "", .write) !== old)
    #expect(cache.count == 2)
  }

  @Test func `all files of a deleted partition are forgotten`() throws {
    let cache = FileCache(disk)
    for base in 0..<5 as Range<Offset> {
      _ = try cache.open(file(1, base: base), in: "", .write)
      _ = try cache.open(file(2, base: base), in: "", .write)
    }

    cache.forget(PartitionNumber(1))

    #expect(cache.count == 5)
  }

  @Test func `a file that cannot be opened leaves nothing behind`() throws {
    let cache = FileCache(disk)

    #expect(throws: SystemError.self) { try cache.open(file(1), in: "/absent", .update) }
    #expect(cache.count == 0)
  }
}
