import Glibc
import Platform

/// A new directory on the machine's real disk; it goes when nobody holds it any more.
public final class TemporaryDirectory: Sendable {
  /// Where it is.
  public let path: String

  /// Makes it under `/var/tmp`, which is a disk where `/tmp` may be memory.
  public init() throws(SystemError) {
    var template = Array("/var/tmp/curlew-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SystemError(call: "mkdtemp", subject: "/var/tmp", code: errno)
    }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit { try? PosixFileSystem().removeTree(path) }
}
