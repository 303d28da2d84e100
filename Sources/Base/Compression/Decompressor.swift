/// Decompresses a stream piece by piece. One owner; not for use by two threads at once.
public final class Decompressor {
  private let decoder: any Decoder

  /// A stream of `coding`.
  public init(_ coding: ContentCoding) {
    decoder =
      switch coding {
      case .gzip: GzipDecoder()
      case .zstd: ZstdDecoder()
      }
  }

  /// Whether the bytes so far end where a compressed text may end.
  public var isComplete: Bool { decoder.isComplete }

  /// Decompresses `bytes` and appends the text to `output`, which never grows over `limit` bytes:
  /// where the text is longer it throws `tooLarge`, and the stream is of no more use.
  public func append(
    _ bytes: Span<UInt8>, to output: inout [UInt8], atMost limit: Int
  ) throws(CompressionError) {
    try decoder.append(bytes, to: &output, atMost: limit)
  }
}

/// One coding's decompressor.
protocol Decoder: AnyObject {
  var isComplete: Bool { get }
  func append(
    _ bytes: Span<UInt8>, to output: inout [UInt8], atMost limit: Int
  ) throws(CompressionError)
}

extension [UInt8] {
  /// Gives `body` `size` bytes of room after the array's end; it answers how many of them it
  /// filled.
  mutating func extend(
    by size: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int
  ) {
    let old = count
    // Grown by doubling and then cut, so that many small calls stay linear.
    if capacity < old + size { reserveCapacity(Swift.max(old + size, capacity * 2)) }
    append(contentsOf: repeatElement(0, count: size))
    let filled = unsafe withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe body(base + old)
    }
    removeLast(size - filled)
  }
}
