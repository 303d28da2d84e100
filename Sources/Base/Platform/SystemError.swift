internal import Glibc

/// A system call that failed: which, on what, and the kernel's error number.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The call, as in its manual page: `open`, `fdatasync`.
  public let call: String
  /// The path or address that it was about; may be empty.
  public let subject: String
  /// The kernel's `errno`.
  public let code: Int32

  /// An error of `call` on `subject`.
  public init(call: String, subject: String, code: Int32) {
    self.call = call
    self.subject = subject
    self.code = code
  }

  /// The error that `errno` holds now.
  static func last(_ call: String, _ subject: String) -> SystemError {
    SystemError(call: call, subject: subject, code: errno)
  }

  /// A full disk, noticed by something other than the call at hand.
  public static let outOfSpace = SystemError(call: "write", subject: "", code: ENOSPC)

  /// The file or directory does not exist.
  public var isAbsent: Bool { code == ENOENT }
  /// Nobody reads what is written any more.
  public var isClosedPipe: Bool { code == EPIPE }
  /// This user may not do that.
  public var isForbidden: Bool { code == EACCES || code == EPERM }
  /// The disk, or the quota on it, is full.
  public var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT }

  public var description: String {
    let reason = unsafe String(cString: strerror(code))
    return subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)"
  }
}
