import Glibc
import Platform

/// An empty directory of one test's own, beside what was built: on a disk, where a temporary
/// directory may be memory. It is removed with all that it holds when nobody holds it any more.
public final class TemporaryDirectory: Sendable {
  public let path: String

  public init() throws {
    var template = Array("\(ServerProcess.buildDirectory)/test-XXXXXX\0".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ServerProcess.Failure(description: "mkdtemp: \(String(cString: strerror(errno)))")
    }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
  }

  deinit { try? PosixFileSystem().removeTree(path) }
}
