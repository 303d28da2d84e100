internal import CZlib

/// zlib's inflate over gzip members.
@safe final class GzipDecoder: Decoder {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isReady = false
  private(set) var isComplete = false

  init() {
    unsafe stream.initialize(to: z_stream())
    isReady =
      unsafe inflateInit2_(
        stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { unsafe inflateEnd(stream) }
    unsafe stream.deallocate()
  }

  func append(
    _ bytes: Span<UInt8>, to output: inout [UInt8], atMost limit: Int
  ) throws(CompressionError) {
    guard isReady else { throw .outOfMemory }
    try unsafe bytes.withUnsafeBufferPointer { (source) throws(CompressionError) in
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(source.count)
      while true {
        if isComplete {
          // What follows a member is another one (RFC 1952, 2.2).
          guard unsafe stream.pointee.avail_in > 0 else { return }
          unsafe inflateReset(stream)
          isComplete = false
        }
        if try step(&output, limit) { return }
      }
    }
  }

  /// Fills one piece of output. True when the input is used up.
  private func step(_ output: inout [UInt8], _ limit: Int) throws(CompressionError) -> Bool {
    let room = unsafe roomForText(
      of: Int(stream.pointee.avail_in), before: limit, after: output.count)
    var result = Z_OK
    unsafe output.extend(by: room) { target in
      unsafe stream.pointee.next_out = target
      unsafe stream.pointee.avail_out = UInt32(room)
      result = unsafe inflate(stream, Z_NO_FLUSH)
      return unsafe room - Int(stream.pointee.avail_out)
    }
    guard output.count <= limit else { throw .tooLarge(limit: limit) }
    switch result {
    case Z_OK: return unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
    case Z_STREAM_END:
      isComplete = true
      return unsafe stream.pointee.avail_in == 0
    case Z_BUF_ERROR: return true
    case Z_MEM_ERROR: throw .outOfMemory
    default: throw .corrupt
    }
  }
}
