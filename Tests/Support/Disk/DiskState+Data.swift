import Glibc
import Platform

/// The system calls that work on open files.
extension DiskState {
  func description(_ id: Int, _ call: String) throws(SystemError) -> Description {
    guard let description = descriptions[id] else {
      throw SystemError(call: call, subject: "", code: EBADF)
    }
    return description
  }

  /// Direct I/O refuses memory, lengths and places that are not whole sectors.
  func refuseDirect(_ id: Int, _ call: String) throws(SystemError) {
    let file = try description(id, call)
    if file.isDirect { throw SystemError(call: call, subject: file.path, code: EINVAL) }
  }

  mutating func close(_ id: Int) {
    guard let inode = descriptions.removeValue(forKey: id)?.inode else { return }
    if inodes[inode]?.lock == id { inodes[inode]?.lock = nil }
    let isNamed = inodes.values.contains { $0.entries.values.contains(inode) }
    if !isNamed { releaseSpace(of: inode) }
  }

  mutating func read(_ id: Int, _ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    let file = try description(id, "pread")
    guard offset >= 0 else { throw SystemError(call: "pread", subject: file.path, code: EINVAL) }
    try refuse(.read, "pread", file.path)
    return inodes[file.inode]!.cached.read(count, at: Int(offset))
  }

  mutating func readCached(
    _ id: Int, _ count: Int, at offset: Int64
  ) throws(SystemError) -> [UInt8]? {
    let file = try description(id, "preadv2")
    guard offset >= 0, !file.isDirect, !random.chance(cacheMissProbability) else { return nil }
    let bytes = inodes[file.inode]!.cached.read(count, at: Int(offset))
    // As the real one: a short answer may be the file's end or a page that is not in memory.
    return bytes.count < count ? nil : bytes
  }

  mutating func write(
    _ id: Int, _ bytes: [UInt8], at offset: Int64, isAligned: Bool
  ) throws(SystemError) -> Int {
    let file = try description(id, "pwrite")
    func failure(_ code: Int32) -> SystemError {
      SystemError(call: "pwrite", subject: file.path, code: code)
    }
    guard file.mode != .read else { throw failure(EBADF) }
    guard offset >= 0 else { throw failure(EINVAL) }
    guard !bytes.isEmpty else { return 0 }
    let (sector, offset) = (PagedBytes.sectorSize, Int(offset))
    if file.isDirect, !isAligned || offset % sector != 0 || bytes.count % sector != 0 {
      throw failure(EINVAL)
    }
    var length = bytes.count
    if random.chance(shortWriteProbability) {
      length = random.within(1...length)
      if file.isDirect { length = max(sector, length / sector * sector) }
    }
    length = min(length, room(in: file, at: offset, for: length))
    guard length > 0 else { throw failure(ENOSPC) }
    let written = length == bytes.count ? bytes : Array(bytes[..<length])
    try begin(.write(file, written, offset: offset), "pwrite", file.path)
    if let code = strike(.write, [file.path]) {
      failWrite(id, written, at: offset, code)
      throw failure(code)
    }
    put(written, at: offset, in: file.inode)
    if file.isSynced { flush(file.inode, PagedBytes.pages(of: offset..<offset + length)) }
    return length
  }

  /// How many of `length` bytes at `offset` the disk has room for; overwriting needs none.
  private func room(in file: Description, at offset: Int, for length: Int) -> Int {
    let cached = inodes[file.inode]!.cached
    var free = (capacity - used) / PagedBytes.pageSize
    for page in PagedBytes.pages(of: offset..<offset + length) where cached.isHole(page) {
      if free <= 0 { return max(0, page * PagedBytes.pageSize - offset) }
      free -= 1
    }
    return length
  }

  /// A write that failed. Buffered it changes nothing; synced, some sectors may be on the device,
  /// and a page cache between keeps all of it, as clean.
  private mutating func failWrite(_ id: Int, _ bytes: [UInt8], at offset: Int, _ code: Int32) {
    guard let file = descriptions[id], file.isSynced else { return }
    put(bytes, at: offset, in: file.inode)
    let pages = Set(PagedBytes.pages(of: offset..<offset + bytes.count))
    inodes[file.inode]!.durable = survivors(of: inodes[file.inode]!, among: pages)
    inodes[file.inode]!.dirty.subtract(pages)
    if file.isDirect {
      inodes[file.inode]!.cached = inodes[file.inode]!.durable
      inodes[file.inode]!.dirty = []
    } else {
      report(code, on: file.inode)
      descriptions[id]!.unreported = nil
    }
  }

  /// Changes what processes see.
  mutating func put(_ bytes: [UInt8], at offset: Int, in number: Int) {
    var inode = inodes.removeValue(forKey: number)!
    defer { inodes[number] = inode }
    let pages = PagedBytes.pages(of: offset..<offset + bytes.count)
    for page in pages where inode.dirty.contains(page) && random.below(4) == 0 {
      // The kernel may have written the page back between two writes to it.
      inode.durable.take(page, from: inode.cached)
    }
    used += pages.count(where: inode.cached.isHole) * PagedBytes.pageSize
    let oldSize = inode.cached.size
    inode.cached.write(bytes, at: offset)
    inode.dirty.formUnion(PagedBytes.pages(of: min(oldSize, offset)..<offset + bytes.count))
  }

  mutating func truncate(_ id: Int, to size: Int64) throws(SystemError) {
    let file = try description(id, "ftruncate")
    guard size >= 0, file.mode != .read else {
      throw SystemError(call: "ftruncate", subject: file.path, code: EINVAL)
    }
    try refuse(.truncate, "ftruncate", file.path)
    try begin(.truncate(inode: file.inode, size: Int(size)), "ftruncate", file.path)
    cut(file.inode, to: Int(size))
  }

  mutating func cut(_ number: Int, to size: Int) {
    var inode = inodes.removeValue(forKey: number)!
    defer { inodes[number] = inode }
    let (oldSize, oldPages) = (inode.cached.size, inode.cached.allocatedPages)
    inode.cached.resize(to: size)
    used -= (oldPages - inode.cached.allocatedPages) * PagedBytes.pageSize
    if size > oldSize {
      inode.dirty.formUnion(PagedBytes.pages(of: oldSize..<size))
    } else {
      inode.dirty = inode.dirty.filter { $0 * PagedBytes.pageSize < size }
      if size % PagedBytes.pageSize != 0 { inode.dirty.insert(size / PagedBytes.pageSize) }
    }
  }

  mutating func tryLock(_ id: Int) throws(SystemError) -> Bool {
    let file = try description(id, "flock")
    try refuse(.lock, "flock", file.path)
    let holder = inodes[file.inode]!.lock
    if holder == nil { inodes[file.inode]!.lock = id }
    return holder == nil || holder == id
  }

  mutating func synchronize(_ id: Int) throws(SystemError) {
    let file = try description(id, "fdatasync")
    try begin(.synchronize(inodes: [file.inode]), "fdatasync", file.path)
    if let code = strike(.synchronize, [file.path]) {
      failWriteback(of: file.inode, code)
      descriptions[id]!.unreported = nil
      throw SystemError(call: "fdatasync", subject: file.path, code: code)
    }
    flush(file.inode)
    if let code = file.unreported {
      descriptions[id]!.unreported = nil
      throw SystemError(call: "fdatasync", subject: file.path, code: code)
    }
  }

  mutating func synchronizeVolume(_ id: Int) throws(SystemError) {
    guard let volume = volumes[id] else {
      throw SystemError(call: "syncfs", subject: "", code: EBADF)
    }
    try begin(.synchronize(inodes: files), "syncfs", volume.path)
    if let code = strike(.synchronizeVolume, [volume.path]) {
      for number in files where isDirty(number) { failWriteback(of: number, code) }
      failNames(in: nil)
      volumes[id]!.unreported = nil
      throw SystemError(call: "syncfs", subject: volume.path, code: code)
    }
    for number in files { flush(number) }
    synchronizeNames(in: nil)
    if let code = volume.unreported {
      volumes[id]!.unreported = nil
      throw SystemError(call: "syncfs", subject: volume.path, code: code)
    }
  }

  var files: [Int] { inodes.keys.filter { !inodes[$0]!.isDirectory }.sorted() }

  func isDirty(_ number: Int) -> Bool {
    let inode = inodes[number]!
    return !inode.dirty.isEmpty || inode.cached.size != inode.durable.size
  }

  /// The device has these pages now, and the size that they need.
  mutating func flush(_ number: Int, _ pages: Range<Int>) {
    if case .volatile = kind { return }
    var inode = inodes.removeValue(forKey: number)!
    defer { inodes[number] = inode }
    for page in pages where inode.dirty.contains(page) {
      inode.durable.take(page, from: inode.cached)
    }
    inode.dirty.subtract(pages)
  }

  /// The device has the whole file now.
  mutating func flush(_ number: Int) {
    if case .volatile = kind { return }
    var inode = inodes.removeValue(forKey: number)!
    defer { inodes[number] = inode }
    for page in inode.dirty { inode.durable.take(page, from: inode.cached) }
    inode.dirty = []
    inode.durable.resize(to: inode.cached.size)
  }

  /// The device took only some of the pages; all count as clean from now on, and everybody who
  /// has the file or the volume open hears of it once.
  mutating func failWriteback(of number: Int, _ code: Int32) {
    let inode = inodes[number]!
    inodes[number]!.durable = survivors(of: inode, among: inode.dirty)
    inodes[number]!.dirty = []
    report(code, on: number)
  }

  private mutating func report(_ code: Int32, on number: Int) {
    for id in descriptions.keys where descriptions[id]!.inode == number {
      descriptions[id]!.unreported = code
    }
    for id in volumes.keys { volumes[id]!.unreported = code }
  }
}
