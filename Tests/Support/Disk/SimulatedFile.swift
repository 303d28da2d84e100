import Platform

/// An open file of a simulated disk.
final class SimulatedFile: File {
  private let disk: SimulatedFileSystem
  private let id: Int
  private let process: Int
  private let path: String

  init(disk: SimulatedFileSystem, id: Int, process: Int, path: String) {
    self.disk = disk
    self.id = id
    self.process = process
    self.path = path
  }

  deinit { disk.close(id) }

  private func call<R: Sendable>(
    _ name: String, _ body: (inout DiskState) throws(SystemError) -> R
  ) throws(SystemError) -> R {
    try disk.call(process, name, path, body)
  }

  func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    try call("pread") { (disk) throws(SystemError) in
      // Memory of an array does not lie at a sector's boundary.
      try disk.refuseDirect(id, "pread")
      return try disk.read(id, count, at: offset)
    }
  }

  func readCached(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8]? {
    try call("preadv2") { (disk) throws(SystemError) in
      try disk.readCached(id, count, at: offset)
    }
  }

  func read(
    into buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64
  ) throws(SystemError) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "outside the buffer")
    let bytes = try call("pread") { (disk) throws(SystemError) in
      if [range.lowerBound, range.count, Int(offset)].contains(where: { $0 % 512 != 0 }) {
        try disk.refuseDirect(id, "pread")
      }
      return try disk.read(id, range.count, at: offset)
    }
    buffer.copy(bytes.span, to: range.lowerBound)
    return bytes.count
  }

  func write(_ bytes: Span<UInt8>, at offset: Int64) throws(SystemError) -> Int {
    let copy = bytes.withUnsafeBufferPointer { Array($0) }
    return try call("pwrite") { (disk) throws(SystemError) in
      try disk.write(id, copy, at: offset, isAligned: false)
    }
  }

  func write(
    _ buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64
  ) throws(SystemError) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "outside the buffer")
    let copy = buffer.copy(range)
    return try call("pwrite") { (disk) throws(SystemError) in
      try disk.write(id, copy, at: offset, isAligned: range.lowerBound % 512 == 0)
    }
  }

  func synchronize() throws(SystemError) {
    try call("fdatasync") { (disk) throws(SystemError) in try disk.synchronize(id) }
  }

  func size() throws(SystemError) -> Int64 {
    try call("fstat") { (disk) throws(SystemError) in
      Int64(disk.inodes[try disk.description(id, "fstat").inode]!.cached.size)
    }
  }

  func truncate(to size: Int64) throws(SystemError) {
    try call("ftruncate") { (disk) throws(SystemError) in try disk.truncate(id, to: size) }
  }

  func tryLock() throws(SystemError) -> Bool {
    try call("flock") { (disk) throws(SystemError) in try disk.tryLock(id) }
  }
}

/// A directory of a simulated disk, held open to sync all of it.
final class SimulatedVolume: Volume {
  private let disk: SimulatedFileSystem
  private let id: Int
  private let process: Int

  init(disk: SimulatedFileSystem, id: Int, process: Int) {
    self.disk = disk
    self.id = id
    self.process = process
  }

  deinit { disk.closeVolume(id) }

  func synchronize() throws(SystemError) {
    try disk.call(process, "syncfs", "") { (disk) throws(SystemError) in
      try disk.synchronizeVolume(id)
    }
  }
}
