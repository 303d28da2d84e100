internal import Bytes
internal import Glibc

/// Memory at a 4 KiB boundary, as direct I/O needs it. Zero when made, and resident only where it
/// was written; of fixed size.
// SAFETY: one owner at a time writes; the journal's threads hand a buffer over, they never share
// it.
@safe public final class AlignedBuffer: @unchecked Sendable {
  private let memory: UnsafeMutableRawPointer
  /// Its size in bytes.
  public let count: Int

  /// `count` bytes, a multiple of 4,096.
  public init(count: Int) {
    precondition(count > 0 && count % 4096 == 0, "an aligned buffer is whole blocks")
    let mapped = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      fatalError("out of memory for an aligned buffer of \(count) bytes")
    }
    unsafe memory = mapped
    self.count = count
  }

  deinit { unsafe munmap(memory, count) }

  /// The memory, for system calls of this module.
  var pointer: UnsafeMutableRawPointer { unsafe memory }

  /// Calls `body` with the bytes of `range`.
  public func withSpan<R, E: Error>(
    _ range: Range<Int>, _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the buffer")
    let bytes = unsafe UnsafeBufferPointer(
      start: memory.assumingMemoryBound(to: UInt8.self) + range.lowerBound, count: range.count)
    return try body(unsafe bytes.span)
  }

  /// Copies `bytes` to `offset`.
  public func copy(_ bytes: Span<UInt8>, to offset: Int) {
    precondition(offset >= 0 && offset + bytes.count <= count, "outside the buffer")
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      unsafe memcpy(memory + offset, base, source.count)
    }
  }

  /// Writes `value` at `offset`, least significant byte first.
  public func store(littleEndian value: some FixedWidthInteger, at offset: Int) {
    let size = value.bitWidth / 8
    precondition(offset >= 0 && offset + size <= count, "outside the buffer")
    unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value))
  }

  /// Sets the bytes of `range` to zero.
  public func zero(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the buffer")
    unsafe memset(memory + range.lowerBound, 0, range.count)
  }

  /// A copy of the bytes of `range`.
  public func copy(_ range: Range<Int>) -> [UInt8] { withSpan(range) { $0.copy() } }
}
