internal import CZlib

/// zlib's deflate with gzip's frame.
@safe final class GzipEncoder: Encoder {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init(expecting size: Int?) {
    unsafe stream.initialize(to: z_stream())
    // 8 KiB of window hold the repetitions of JSON lines at 96 KiB a stream, where zlib's default
    // takes 256.
    let window: Int32 = (size ?? 0) > 1 << 20 ? 15 : 13
    let result = unsafe deflateInit2_(
      stream, 1, Z_DEFLATED, window + 16, 7, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(result == Z_OK, "zlib found no memory for a stream")
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  func append(_ bytes: Span<UInt8>, _ flush: Compressor.Flush, to output: inout [UInt8]) {
    if bytes.isEmpty, flush == .none { return }
    let mode =
      switch flush {
      case .none: Z_NO_FLUSH
      case .flush: Z_SYNC_FLUSH
      case .finish: Z_FINISH
      }
    unsafe bytes.withUnsafeBufferPointer { source in
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(source.count)
      var isFull = true
      while isFull {
        let room = min(max(source.count / 2, 512), 65_536)
        unsafe output.extend(by: room) { target in
          unsafe stream.pointee.next_out = target
          unsafe stream.pointee.avail_out = UInt32(room)
          // Z_BUF_ERROR says only that there was nothing to do; deflate has no other failure on a
          // valid stream.
          _ = unsafe deflate(stream, mode)
          isFull = unsafe stream.pointee.avail_out == 0
          return unsafe room - Int(stream.pointee.avail_out)
        }
      }
    }
  }
}
