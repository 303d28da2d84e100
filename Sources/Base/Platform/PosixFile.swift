internal import CPlatform
internal import Glibc

/// A file descriptor, closed when nobody holds it any more.
final class PosixFile: File {
  private let descriptor: Int32
  private let path: String

  init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  func read(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let base = UnsafeMutableRawPointer(buffer.baseAddress)
      while filled < count {
        let got = unsafe pread(descriptor, base! + filled, count - filled, off_t(offset) + filled)
        if got > 0 {
          filled += got
        } else if got == 0 {
          return
        } else if errno != EINTR {
          failure = .last("pread", path)
          return
        }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  func readCached(_ count: Int, at offset: Int64) throws(SystemError) -> [UInt8]? {
    var missed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let base = UnsafeMutableRawPointer(buffer.baseAddress)
      while filled < count {
        let got = unsafe curlew_read_cached(
          descriptor, base! + filled, count - filled, off_t(offset) + filled)
        // A short read may be the file's end or the cache's; only a blocking read can tell them
        // apart.
        guard got > 0 else {
          missed = true
          return
        }
        filled += got
      }
    }
    return missed ? nil : bytes
  }

  func read(into buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64) throws(SystemError)
    -> Int
  {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "outside the buffer")
    var done = 0
    while done < range.count {
      let got = unsafe pread(
        descriptor, buffer.pointer + range.lowerBound + done, range.count - done,
        off_t(offset) + done)
      if got > 0 {
        done += got
      } else if got == 0 {
        break
      } else if errno != EINTR {
        throw .last("pread", path)
      }
    }
    return done
  }

  func write(_ bytes: Span<UInt8>, at offset: Int64) throws(SystemError) -> Int {
    try unsafe bytes.withUnsafeBufferPointer { (source) throws(SystemError) in
      try unsafe write(UnsafeRawBufferPointer(source), at: offset)
    }
  }

  func write(_ buffer: AlignedBuffer, _ range: Range<Int>, at offset: Int64) throws(SystemError)
    -> Int
  {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "outside the buffer")
    return try unsafe write(
      UnsafeRawBufferPointer(start: buffer.pointer + range.lowerBound, count: range.count),
      at: offset)
  }

  private func write(_ source: UnsafeRawBufferPointer, at offset: Int64) throws(SystemError) -> Int
  {
    guard source.count > 0 else { return 0 }
    while true {
      let put = unsafe pwrite(descriptor, source.baseAddress!, source.count, off_t(offset))
      if put > 0 { return put }
      guard put < 0, errno == EINTR else { throw .last("pwrite", path) }
    }
  }

  func writePassing(_ bytes: Span<UInt8>, at offset: Int64) throws(SystemError) -> Int {
    guard bytes.count > 0 else { return 0 }
    return try unsafe bytes.withUnsafeBufferPointer { (source) throws(SystemError) in
      while true {
        let put = unsafe curlew_write_passing(
          descriptor, source.baseAddress, source.count, off_t(offset))
        if put > 0 { return put }
        guard put < 0, errno == EINTR else { throw .last("pwritev2", path) }
      }
    }
  }

  func synchronize() throws(SystemError) {
    guard fdatasync(descriptor) == 0 else { throw .last("fdatasync", path) }
  }

  func size() throws(SystemError) -> Int64 {
    var info = stat()
    guard unsafe fstat(descriptor, &info) == 0 else { throw .last("fstat", path) }
    return Int64(info.st_size)
  }

  func truncate(to size: Int64) throws(SystemError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw .last("ftruncate", path) }
  }

  func tryLock() throws(SystemError) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK else { throw .last("flock", path) }
    return false
  }
}
