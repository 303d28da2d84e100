internal import Glibc

/// Where bytes come from, one piece after another.
public protocol ByteSource: Sendable {
  /// The next piece, of at most `count` bytes: waits for one; empty at the end.
  func read(atMost count: Int) throws(SystemError) -> [UInt8]
  /// Whether `read` would not wait, be it for the end: looks for at most so long.
  func isReady(within duration: Duration) -> Bool
}

/// Standard input.
public struct StandardInput: ByteSource {
  /// Standard input.
  public init() {}

  /// Whether a person types there: a terminal.
  public var isTerminal: Bool { isatty(0) == 1 }

  public func read(atMost count: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let piece = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var got: Int
      repeat {
        unsafe got = Glibc.read(0, buffer.baseAddress, count)
      } while got < 0
        && errno == EINTR
      if got < 0 { failure = .last("read", "standard input") }
      filled = max(0, got)
    }
    if let failure { throw failure }
    return piece
  }

  public func isReady(within duration: Duration) -> Bool {
    var watched = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&watched, 1, Int32(clamping: duration.milliseconds)) > 0
  }
}
