/// A way to compress bytes, named as HTTP's `Content-Encoding` names it.
public enum ContentCoding: String, Sendable, CaseIterable {
  /// RFC 1952, any number of members.
  case gzip
  /// RFC 8878, any number of frames, with a window of at most 8 MiB (RFC 9659).
  case zstd

  /// The coding that a header value names; `x-gzip` is gzip's old name.
  public init?(named name: String) {
    switch name.lowercased() {
    case "gzip", "x-gzip": self = .gzip
    case "zstd": self = .zstd
    default: return nil
    }
  }
}

/// Why bytes could not be decompressed.
public enum CompressionError: Error, Equatable, Sendable {
  /// The bytes are not of that coding, or were damaged.
  case corrupt
  /// The bytes end before the compressed text does.
  case truncated
  /// The text would be longer than `limit` bytes.
  case tooLarge(limit: Int)
  /// The library found no memory.
  case outOfMemory
}

extension ContentCoding {
  /// Compresses `bytes` whole, at the speed of a server that answers.
  public func compress(_ bytes: Span<UInt8>) -> [UInt8] {
    let encoder = Compressor(self, expecting: bytes.count)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count / 4 + 64)
    encoder.append(bytes, .finish, to: &output)
    return output
  }

  /// The text of `bytes`, whole; its array has room for `spare` more bytes. Never holds more than
  /// `limit` bytes and a block, whatever the input claims.
  public func decompress(
    _ bytes: Span<UInt8>, atMost limit: Int, spare: Int = 0
  ) throws(CompressionError) -> [UInt8] {
    let decoder = Decompressor(self)
    var output: [UInt8] = []
    output.reserveCapacity(Swift.min(limit, Swift.max(bytes.count, 64) * 4) + spare)
    try decoder.append(bytes, to: &output, atMost: limit)
    guard decoder.isComplete else { throw .truncated }
    output.reserveCapacity(output.count + spare)
    return output
  }
}
