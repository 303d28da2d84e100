/// A request's target: the path and the query, raw, as they came.
struct Target {
  /// All bytes; of an absolute form (`http://host/path`) all but scheme and host.
  let bytes: [UInt8]
  /// The path's end. It begins at 0.
  let pathEnd: Int

  /// Nothing where `bytes` is no target: not a path, or with bytes that no URI has.
  init?(_ bytes: [UInt8]) {
    var bytes = bytes
    guard !bytes.isEmpty else { return nil }
    if bytes[0] != 0x2F {
      guard let path = Self.pathOfAbsoluteForm(bytes) else { return nil }
      bytes = path
    }
    var end = bytes.count
    for (i, byte) in bytes.enumerated() {
      if byte <= 0x20 || byte == 0x7F { return nil }
      if byte == 0x3F, end == bytes.count { end = i }
    }
    self.bytes = bytes
    pathEnd = end
  }

  /// The path.
  var path: String { String(decoding: bytes[..<pathEnd], as: UTF8.self) }
  /// Where the query's bytes are: after the question mark.
  var query: Range<Int> { min(pathEnd + 1, bytes.count)..<bytes.count }

  /// `*` (of `OPTIONS *`) stands for itself.
  private static func pathOfAbsoluteForm(_ bytes: [UInt8]) -> [UInt8]? {
    if bytes == [0x2A] { return bytes }
    let scheme = bytes.prefix(8)
    let start: Int
    if scheme.prefix(7).elementsEqual("http://".utf8) {
      start = 7
    } else if scheme.elementsEqual("https://".utf8) {
      start = 8
    } else {
      return nil
    }
    guard let slash = bytes[start...].firstIndex(where: { $0 == 0x2F || $0 == 0x3F }) else {
      return [0x2F]
    }
    return bytes[slash] == 0x2F ? Array(bytes[slash...]) : [0x2F] + bytes[slash...]
  }
}
