internal import CPlatform
internal import Glibc

/// A request from outside to the process.
public enum ProcessSignal: Sendable, Equatable {
  /// SIGTERM or SIGINT: stop.
  case stop
  /// SIGHUP: read the configuration again.
  case reload
}

/// The signals that the process takes. Made first, on the main thread, before any other thread
/// starts: all inherit its mask, and SIGPIPE is ignored from then on.
public final class ProcessSignals: Sendable {
  private let descriptor: Int32

  /// Blocks SIGTERM, SIGINT and SIGHUP and takes them through a descriptor.
  public init() throws(SystemError) {
    descriptor = curlew_signal_fd()
    guard descriptor >= 0 else { throw .last("signalfd", "") }
  }

  deinit { close(descriptor) }

  /// Sleeps until a signal comes, or for about `limit`; `nil` where none came.
  public func next(within limit: Duration? = nil) -> ProcessSignal? {
    if let limit {
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(clamping: max(1, limit.milliseconds))
      guard unsafe poll(&wait, 1, milliseconds) > 0 else { return nil }
    }
    return curlew_next_signal(descriptor) == SIGHUP ? .reload : .stop
  }
}

/// What this process is and where it runs.
public enum ThisProcess {
  /// Its process id.
  public static var id: Int32 { getpid() }

  /// How many processors it may use.
  public static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// The machine's name.
  public static var host: String {
    var buffer = [CChar](repeating: 0, count: 256)
    unsafe gethostname(&buffer, buffer.count - 1)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Ends the process at once with `status`.
  public static func exit(_ status: Int32) -> Never { Glibc.exit(status) }

  /// Ends the process without the libraries' farewells, which other threads may still stand in the
  /// way of.
  public static func quit(_ status: Int32) -> Never { _exit(status) }

  /// Opens nothing in the place of standard streams that the process was started without: the next
  /// file that is opened would get their number, and what is meant for a person would be written
  /// into it. Call it first.
  public static func openMissingStreams() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", O_RDWR)
    }
  }

  /// Lets writing to a pipe that nobody reads fail with an error, rather than end the process.
  public static func ignoreClosedPipes() { _ = signal(SIGPIPE, SIG_IGN) }
}
