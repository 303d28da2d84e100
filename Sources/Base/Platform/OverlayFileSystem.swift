internal import Glibc

/// Another file system as it lies, and what is written over it in memory: nothing below is ever
/// changed. For looking at a directory as a program would leave it.
///
/// A file that is written to is kept as the pages that were. Names that are made, renamed or
/// removed are so here alone.
public final class OverlayFileSystem: FileSystem {
  /// What a name stands for, where it does not stand for what lies below.
  fileprivate enum Node: Sendable {
    case directory
    case file(OverlayContent)
    case removed
  }

  private struct State: Sendable {
    var nodes: [String: Node] = [:]
    /// Directories that lie elsewhere below: a rename moved them.
    var moved: [String: String] = [:]
  }

  private let base: any FileSystem
  private let state = Lock(State())

  /// An overlay over `base`.
  public init(_ base: any FileSystem) { self.base = base }

  /// The content of a file under this name, as far as it has any here.
  private func node(_ path: String) -> Node? { state.withLock { $0.nodes[path] } }

  /// Where `path` lies below; `nil` where it was removed or is new.
  private func below(_ path: String) -> String? {
    state.withLock { state in
      var name = Substring(path)
      while true {
        if let moved = state.moved[String(name)] {
          return moved + path.dropFirst(name.count)
        }
        switch state.nodes[String(name)] {
        // A directory that was made here hides what may lie below.
        case .removed?, .directory?: return nil
        case .file?, nil: break
        }
        guard let slash = name.lastIndex(of: "/"), slash > name.startIndex else { return path }
        name = name[..<slash]
      }
    }
  }

  public func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> any File {
    if case .file(let content)? = node(path) {
      if mode == .create { throw SystemError(call: "open", subject: path, code: EEXIST) }
      return OverlayFile(content)
    }
    var file: (any File)?
    if let below = below(path) {
      do throws(SystemError) { file = try base.open(below, .read) } catch {
        guard error.isAbsent else { throw error }
      }
    }
    if file != nil, mode == .create {
      throw SystemError(call: "open", subject: path, code: EEXIST)
    }
    if file == nil, mode == .read || mode == .update {
      throw SystemError(call: "open", subject: path, code: ENOENT)
    }
    if mode == .read, let file { return file }
    let inode = try below(path).flatMap { below throws(SystemError) in try base.status(below) }?
      .inode
    let content = OverlayContent(file, size: try file?.size() ?? 0, inode: inode ?? 0)
    state.withLock { $0.nodes[path] = .file(content) }
    return OverlayFile(content)
  }

  public func makeDirectory(_ path: String) throws(SystemError) {
    guard try status(path) == nil else { return }
    state.withLock { $0.nodes[path] = .directory }
  }

  public func rename(_ old: String, to new: String) throws(SystemError) {
    guard let status = try status(old) else {
      throw SystemError(call: "rename", subject: old, code: ENOENT)
    }
    if status.isDirectory {
      let source = below(old)
      state.withLock { state in
        for (path, node) in state.nodes where path.hasPrefix(old + "/") {
          state.nodes[path] = nil
          state.nodes[new + path.dropFirst(old.count)] = node
        }
        state.nodes[new] = .directory
        state.moved[new] = source
        state.moved[old] = nil
        state.nodes[old] = .removed
      }
    } else {
      _ = try open(old, .update)
      state.withLock { state in
        state.nodes[new] = state.nodes[old]
        state.nodes[old] = .removed
      }
    }
  }

  public func remove(_ path: String) throws(SystemError) {
    guard try status(path) != nil else {
      throw SystemError(call: "unlink", subject: path, code: ENOENT)
    }
    state.withLock { $0.nodes[path] = .removed }
  }

  public func removeTree(_ path: String) throws(SystemError) {
    state.withLock { state in
      for name in state.nodes.keys.filter({ $0.hasPrefix(path + "/") }) { state.nodes[name] = nil }
      state.moved[path] = nil
      state.nodes[path] = .removed
    }
  }

  public func list(_ path: String) throws(SystemError) -> [String] {
    guard try status(path)?.isDirectory == true else {
      throw SystemError(call: "opendir", subject: path, code: ENOENT)
    }
    var names: Set<String> = []
    if let below = below(path), try base.status(below)?.isDirectory == true {
      names.formUnion(try base.list(below))
    }
    state.withLock { state in
      for (name, node) in state.nodes where name.hasPrefix(path + "/") {
        let rest = name.dropFirst(path.count + 1)
        guard !rest.contains("/") else { continue }
        if case .removed = node { names.remove(String(rest)) } else { names.insert(String(rest)) }
      }
    }
    return names.sorted()
  }

  public func status(_ path: String) throws(SystemError) -> FileStatus? {
    switch node(path) {
    case .file(let content)?:
      return FileStatus(size: content.size, isDirectory: false, inode: content.inode)
    case .directory?: return FileStatus(size: 0, isDirectory: true, inode: 0)
    case .removed?: return nil
    case nil: return try below(path).flatMap { below throws(SystemError) in try base.status(below) }
    }
  }

  public func synchronizeDirectory(_ path: String) throws(SystemError) {}
  public func freeBytes(_ path: String) throws(SystemError) -> UInt64 { try base.freeBytes(path) }
  public func kind(_ path: String) throws(SystemError) -> FileSystemKind { try base.kind(path) }
  public func openVolume(_ path: String) throws(SystemError) -> any Volume { NoVolume() }

  private final class NoVolume: Volume {
    func synchronize() throws(SystemError) {}
  }
}

/// What was written to a file, over what lies below.
private final class OverlayContent: Sendable {
  static let page = 4096

  private struct State: Sendable {
    var pages: [Int64: [UInt8]] = [:]
    var size: Int64
    /// What lies below at or past it is not the file's: it was cut there.
    var limit: Int64
  }

  private let base: (any File)?
  private let state: Lock<State>

  let inode: UInt64

  init(_ base: (any File)?, size: Int64, inode: UInt64) {
    self.base = base
    self.inode = inode
    state = Lock(State(size: size, limit: size))
  }

  var size: Int64 { state.withLock { $0.size } }
  var lockable: (any File)? { base }

  func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    let (size, limit) = state.withLock { ($0.size, $0.limit) }
    let end = min(size, offset + Int64(count))
    guard offset < end else { return [] }
    var bytes: [UInt8] = []
    if let base, offset < limit {
      bytes = try base.read(Int(min(limit, end) - offset), at: offset)
    }
    bytes.append(contentsOf: repeatElement(0, count: Int(end - offset) - bytes.count))
    state.withLock { state in
      for number in offset / Int64(Self.page)...(end - 1) / Int64(Self.page) {
        guard let page = state.pages[number] else { continue }
        let start = number * Int64(Self.page)
        for at in max(start, offset)..<min(start + Int64(Self.page), end) {
          bytes[Int(at - offset)] = page[Int(at - start)]
        }
      }
    }
    return bytes
  }

  func write(_ bytes: [UInt8], at offset: Int64) throws(SystemError) {
    guard !bytes.isEmpty else { return }
    let end = offset + Int64(bytes.count)
    for number in offset / Int64(Self.page)...(end - 1) / Int64(Self.page) {
      let start = number * Int64(Self.page)
      var page = try read(Self.page, at: start)
      page.append(contentsOf: repeatElement(0, count: Self.page - page.count))
      for at in max(start, offset)..<min(start + Int64(Self.page), end) {
        page[Int(at - start)] = bytes[Int(at - offset)]
      }
      state.withLock { $0.pages[number] = page }
    }
    state.withLock { $0.size = max($0.size, end) }
  }

  func truncate(to size: Int64) {
    state.withLock { state in
      if size < state.size {
        state.limit = min(state.limit, size)
        for (number, page) in state.pages where (number + 1) * Int64(Self.page) > size {
          let kept = Int(max(0, size - number * Int64(Self.page)))
          state.pages[number] =
            kept == 0 ? nil : page[..<kept] + [UInt8](repeating: 0, count: Self.page - kept)
        }
      }
      state.size = size
    }
  }
}

private final class OverlayFile: File {
  private let content: OverlayContent

  init(_ content: OverlayContent) { self.content = content }

  func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    try content.read(count, at: offset)
  }

  func readCached(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8]? { nil }

  func read(
    into buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64
  ) throws(SystemError) -> Int {
    let bytes = try content.read(range.count, at: offset)
    buffer.copy(bytes.span, to: range.lowerBound)
    return bytes.count
  }

  func write(_ bytes: Span<UInt8>, at offset: Int64) throws(SystemError) -> Int {
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count)
    for index in bytes.indices { copy.append(bytes[index]) }
    try content.write(copy, at: offset)
    return bytes.count
  }

  func write(
    _ buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64
  ) throws(SystemError) -> Int {
    try content.write(buffer.copy(range), at: offset)
    return range.count
  }

  func synchronize() throws(SystemError) {}
  func size() throws(SystemError) -> Int64 { content.size }
  func truncate(to size: Int64) throws(SystemError) { content.truncate(to: size) }
  func tryLock() throws(SystemError) -> Bool { try content.lockable?.tryLock() ?? true }
}
