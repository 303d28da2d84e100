internal import Bytes
internal import CConsole

/// A file that browsers and tools are shown, as it was when the program was compiled.
public struct ConsoleFile: Sendable, Equatable {
  /// Where it lies: `/console/index.html`.
  public let path: String
  /// Its bytes.
  public let bytes: [UInt8]
  /// Its media type.
  public let type: String
  /// Names this content and no other; a strong validator, with its quotes.
  public let etag: String

  /// All files that are embedded.
  static let all: [ConsoleFile] = (0..<curlew_console_file_count()).map { index in
    let file = unsafe curlew_console_file_at(index)
    let bytes = unsafe [UInt8](UnsafeBufferPointer(start: file.bytes, count: file.size))
    return unsafe ConsoleFile(
      path: String(cString: file.path), bytes: bytes, type: String(cString: file.type),
      etag: etag(of: bytes))
  }

  static func etag(of bytes: [UInt8]) -> String {
    let digits = String(XXH3.digest(bytes.span), radix: 16)
    return "\"" + String(repeating: "0", count: 16 - digits.utf8.count) + digits + "\""
  }
}
