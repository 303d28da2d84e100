internal import CZstd

/// zstd's streaming compressor.
@safe final class ZstdEncoder: Encoder {
  private let context: OpaquePointer

  init(expecting size: Int?) {
    guard let context = unsafe ZSTD_createCCtx() else {
      preconditionFailure("zstd found no memory for a stream")
    }
    unsafe self.context = context
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0)
    if let size {
      unsafe ZSTD_CCtx_setPledgedSrcSize(context, UInt64(size))
    } else {
      // 64 KiB of window: a stream without known end would reserve 1 MiB else.
      unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 16)
    }
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  func append(_ bytes: Span<UInt8>, _ flush: Compressor.Flush, to output: inout [UInt8]) {
    let mode =
      switch flush {
      case .none: ZSTD_e_continue
      case .flush: ZSTD_e_flush
      case .finish: ZSTD_e_end
      }
    unsafe bytes.withUnsafeBufferPointer { source in
      var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      var isDone = false
      while !isDone {
        let room = min(max(source.count / 2, 512), 65_536)
        unsafe output.extend(by: room) { target in
          var out = unsafe ZSTD_outBuffer(dst: target, size: room, pos: 0)
          let left = unsafe ZSTD_compressStream2(context, &out, &input, mode)
          precondition(ZSTD_isError(left) == 0, "zstd failed on a stream of its own")
          isDone = unsafe flush == .none ? input.pos == input.size : left == 0
          return unsafe out.pos
        }
      }
    }
  }
}
