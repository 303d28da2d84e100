/// Compresses a stream piece by piece. One owner; not for use by two threads at once.
public final class Compressor {
  /// What a call has to reach before it returns.
  public enum Flush: Sendable {
    /// Compress as suits the coding; some input may stay inside.
    case none
    /// All input so far can be decompressed from the output so far.
    case flush
    /// The end of the stream. Nothing may follow.
    case finish
  }

  private let encoder: any Encoder

  /// A stream of `coding`. A small `expecting` (bytes of the whole text) saves memory; without it a
  /// stream costs about 100 KiB (gzip) to 300 KiB (zstd).
  public init(_ coding: ContentCoding, expecting size: Int? = nil) {
    encoder =
      switch coding {
      case .gzip: GzipEncoder(expecting: size)
      case .zstd: ZstdEncoder(expecting: size)
      }
  }

  /// Compresses `bytes` and appends what comes out to `output`.
  public func append(_ bytes: Span<UInt8>, _ flush: Flush, to output: inout [UInt8]) {
    encoder.append(bytes, flush, to: &output)
  }
}

/// One coding's compressor.
protocol Encoder: AnyObject {
  func append(_ bytes: Span<UInt8>, _ flush: Compressor.Flush, to output: inout [UInt8])
}
