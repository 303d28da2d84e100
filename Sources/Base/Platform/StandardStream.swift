internal import Glibc

/// Standard output and standard error, written without a buffer of this process.
public struct StandardStream: Sendable {
  private let descriptor: Int32

  /// Where results go.
  public static let output = StandardStream(descriptor: 1)
  /// Where complaints and log lines go.
  public static let error = StandardStream(descriptor: 2)

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Writes all of `bytes`, by one `write` where the kernel takes it whole, so that lines of
  /// several threads do not mix. When it throws, a beginning of `bytes` may have been written.
  public func write(_ bytes: [UInt8]) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let put = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
      }
      if put > 0 { done += put } else if put < 0, errno != EINTR { throw .last("write", "") }
    }
  }

  /// Writes `text` in UTF-8, as `write(_:)` does.
  public func write(_ text: String) throws(SystemError) { try write(Array(text.utf8)) }

  /// Whether a person looks at it: a terminal.
  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Waits until nobody can read it any more: the other end of a pipe or socket was closed, or the
  /// terminal hung up. A file is never left.
  public func waitUntilLeft() {
    var watched = pollfd(fd: descriptor, events: 0, revents: 0)
    while unsafe poll(&watched, 1, -1) < 0, errno == EINTR {}
  }

  /// How many columns the terminal has; `nil` where it is none or does not say.
  public var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
