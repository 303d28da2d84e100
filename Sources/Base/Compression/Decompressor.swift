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
  mutating func extend(by size: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    // Grown by doubling, so that many small calls stay linear.
    let needed = count + size
    if capacity < needed { reserveCapacity(Swift.max(needed, capacity * 2)) }
    append(addingCapacity: size) { (output: inout OutputSpan<UInt8>) in
      unsafe output.withUnsafeMutableBufferPointer { buffer, filled in
        guard let base = buffer.baseAddress else { return }
        filled = unsafe body(base)
      }
    }
  }
}

/// How much room to give a decoder at a time: about what its input may become, and one byte over
/// the limit, which proves that a text is too long.
func roomForText(of input: Int, before limit: Int, after count: Int) -> Int {
  min(max(limit - count, 0) + 1, min(max(input * 4, 1024), 131_072))
}
