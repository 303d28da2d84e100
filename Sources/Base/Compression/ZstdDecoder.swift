internal import CZstd

/// zstd's streaming decompressor.
@safe final class ZstdDecoder: Decoder {
  private let context: OpaquePointer?
  private(set) var isComplete = false

  init() {
    unsafe context = ZSTD_createDCtx()
    // 8 MiB of window, as RFC 9659 bounds what a sender may ask of a receiver.
    if let context = unsafe context {
      unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 23)
    }
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  func append(
    _ bytes: Span<UInt8>, to output: inout [UInt8], atMost limit: Int
  ) throws(CompressionError) {
    guard let context = unsafe context else { throw .outOfMemory }
    try unsafe bytes.withUnsafeBufferPointer { (source) throws(CompressionError) in
      var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      while true {
        let room = unsafe roomForText(
          of: source.count - input.pos, before: limit, after: output.count)
        var left = 0
        var filled = 0
        unsafe output.extend(by: room) { target in
          var out = unsafe ZSTD_outBuffer(dst: target, size: room, pos: 0)
          left = unsafe ZSTD_decompressStream(context, &out, &input)
          filled = unsafe out.pos
          return filled
        }
        guard ZSTD_isError(left) == 0 else { throw .corrupt }
        guard output.count <= limit else { throw .tooLarge(limit: limit) }
        if unsafe input.pos > 0 || filled > 0 { isComplete = left == 0 }
        if unsafe input.pos == input.size, filled < room { return }
      }
    }
  }
}
