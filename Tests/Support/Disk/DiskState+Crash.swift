/// What is left after the process or the machine has died.
extension DiskState {
  /// The process is gone, the kernel and its page cache live on.
  mutating func kill() {
    resolveInterrupted(powerIsCut: false)
    endProcess()
    collect()
    recount()
  }

  /// The machine is gone: of what was not synced a random part is on the device.
  mutating func cutPower() {
    resolveInterrupted(powerIsCut: true)
    endProcess()
    loseNames()
    for number in files {
      let durable = survivors(of: inodes[number]!, among: inodes[number]!.dirty)
      inodes[number]!.durable = durable
    }
    forgetCache()
  }

  /// Keeps what was synced, and nothing else.
  mutating func forgetCache() {
    pendingNames = []
    for number in inodes.keys {
      inodes[number]!.cached = inodes[number]!.durable
      inodes[number]!.dirty = []
      inodes[number]!.entries = inodes[number]!.durableEntries
    }
    collect()
    recount()
  }

  mutating func endProcess() {
    process += 1
    isCrashed = false
    interrupted = nil
    operationsBeforeCrash = nil
    descriptions = [:]
    volumes = [:]
    for number in inodes.keys { inodes[number]!.lock = nil }
  }

  /// Names survive as a journal keeps them, all up to some moment, or in any subset in which no
  /// change stands without the earlier ones of its names.
  private mutating func loseNames() {
    if random.coin() {
      for change in pendingNames.prefix(random.within(0...pendingNames.count)) { commit(change) }
    } else {
      var lost: [NameChange] = []
      for change in pendingNames {
        if random.coin() || lost.contains(where: change.touches) {
          lost.append(change)
        } else {
          commit(change)
        }
      }
    }
    pendingNames = []
  }

  /// Decides how far the operation came in whose middle the crash fell. Without power it leaves
  /// unsynced changes, which are then lost as others are.
  private mutating func resolveInterrupted(powerIsCut: Bool) {
    switch interrupted {
    case .write(let file, let bytes, let offset):
      let sector = PagedBytes.sectorSize
      var length = [0, bytes.count, random.within(0...bytes.count)][random.below(3)]
      if file.isDirect || file.isSynced {
        // The device may take the sectors in any order, so power decides over all of them.
        length = powerIsCut ? bytes.count : length / sector * sector
      }
      put(Array(bytes[..<length]), at: offset, in: file.inode)
      if file.isSynced, !powerIsCut, random.coin() || file.isDirect {
        flush(file.inode, PagedBytes.pages(of: offset..<offset + length))
      }
    case .truncate(let inode, let size):
      if random.coin() { cut(inode, to: size) }
    case .names(let change):
      if random.coin() { apply(change) }
    case .synchronize(let inodes):
      for number in inodes where !powerIsCut {
        for page in self.inodes[number]!.dirty.sorted() where random.coin() {
          flush(number, page..<page + 1)
        }
      }
    case .synchronizeNames(let directory):
      if !powerIsCut, random.coin() { synchronizeNames(in: directory) }
    case nil: break
    }
    interrupted = nil
  }

  /// What the device holds when only a random part of the dirty pages `among` these came to it.
  mutating func survivors(of inode: Inode, among pages: Set<Int>) -> PagedBytes {
    var result = inode.durable
    let pages = pages.intersection(inode.dirty).sorted()
    if inode.cached.size < inode.durable.size, random.coin() {
      result.resize(to: inode.cached.size)
    }
    let choice = Survival.allCases[random.below(Survival.allCases.count)]
    let chosen = pages.isEmpty ? 0 : random.below(pages.count)
    for (index, page) in pages.enumerated() {
      switch choice {
      case .none: break
      case .all: result.take(page, from: inode.cached)
      case .anyPages: if random.coin() { result.take(page, from: inode.cached) }
      case .anySectors: shear(page, of: inode.cached, into: &result)
      case .oneLost: if index != chosen { result.take(page, from: inode.cached) }
      case .oneKept: if index == chosen { result.take(page, from: inode.cached) }
      case .prefix:
        if index < chosen { result.take(page, from: inode.cached) }
        if index == chosen { shear(page, of: inode.cached, into: &result) }
      }
    }
    if inode.cached.size > inode.durable.size {
      // The size is written apart from the data: it may run ahead, or lag behind.
      let size = [result.size, inode.cached.size, random.within(inode.durable.size...result.size)]
      result.resize(to: size[random.below(3)])
    }
    return result
  }

  private enum Survival: CaseIterable {
    case none, all, anyPages, anySectors, oneLost, oneKept, prefix
  }

  /// Some sectors of the page are the new ones, the others are still the old.
  private mutating func shear(_ page: Int, of new: PagedBytes, into result: inout PagedBytes) {
    var mixed = result.page(page)
    let fresh = new.page(page)
    for start in stride(from: 0, to: PagedBytes.pageSize, by: PagedBytes.sectorSize)
    where random.coin() {
      mixed.replaceSubrange(
        start..<start + PagedBytes.sectorSize, with: fresh[start..<start + PagedBytes.sectorSize])
    }
    result.take(page, from: new)
    result.set(page, mixed)
  }
}
