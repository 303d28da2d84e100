/// The content of a file as pages of 4 KiB, shared until written, so that a copy costs nothing.
struct PagedBytes: Sendable {
  static let pageSize = 4096
  static let sectorSize = 512
  static let zeros = [UInt8](repeating: 0, count: pageSize)

  private(set) var size = 0
  /// An empty page is a hole; the array may end before the size does.
  private var pages: [[UInt8]] = []

  /// Pages that take space on the disk.
  var allocatedPages: Int { pages.reduce(0) { $0 + ($1.isEmpty ? 0 : 1) } }

  static func pages(of range: Range<Int>) -> Range<Int> {
    range.lowerBound / pageSize..<(range.upperBound + pageSize - 1) / pageSize
  }

  func isHole(_ page: Int) -> Bool { page >= pages.count || pages[page].isEmpty }

  func page(_ index: Int) -> [UInt8] { isHole(index) ? Self.zeros : pages[index] }

  func read(_ count: Int, at offset: Int) -> [UInt8] {
    let end = min(size, offset + count)
    guard offset < end else { return [] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end - offset)
    var position = offset
    while position < end {
      let start = position % Self.pageSize
      let length = min(Self.pageSize - start, end - position)
      bytes += page(position / Self.pageSize)[start..<start + length]
      position += length
    }
    return bytes
  }

  mutating func write(_ bytes: [UInt8], at offset: Int) {
    var done = 0
    while done < bytes.count {
      let (index, start) = (offset + done).quotientAndRemainder(dividingBy: Self.pageSize)
      let length = min(Self.pageSize - start, bytes.count - done)
      reach(index)
      if length == Self.pageSize {
        pages[index] = Array(bytes[done..<done + length])
      } else {
        if pages[index].isEmpty { pages[index] = Self.zeros }
        pages[index].replaceSubrange(start..<start + length, with: bytes[done..<done + length])
      }
      done += length
    }
    size = max(size, offset + bytes.count)
  }

  /// Takes page `index` from `other`, a hole as a hole, and grows to hold it where it must.
  mutating func take(_ index: Int, from other: PagedBytes) {
    guard index * Self.pageSize < other.size else { return }
    set(index, other.isHole(index) ? [] : other.pages[index])
    grow(to: min(other.size, (index + 1) * Self.pageSize))
  }

  /// Replaces a whole page; the size stays.
  mutating func set(_ index: Int, _ page: [UInt8]) {
    reach(index)
    pages[index] = page
  }

  mutating func grow(to newSize: Int) { size = max(size, newSize) }

  /// Cuts or extends with a hole; what is cut reads as zero if the file grows again.
  mutating func resize(to newSize: Int) {
    if newSize < size {
      let kept = (newSize + Self.pageSize - 1) / Self.pageSize
      if kept < pages.count { pages.removeLast(pages.count - kept) }
      let tail = newSize % Self.pageSize
      if tail > 0, !isHole(kept - 1) {
        pages[kept - 1].replaceSubrange(tail..., with: Self.zeros[tail...])
      }
    }
    size = newSize
  }

  private mutating func reach(_ index: Int) {
    while pages.count <= index { pages.append([]) }
  }
}
