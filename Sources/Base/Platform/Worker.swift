internal import CPlatform
internal import Glibc

/// A named thread that runs one function to its end.
public final class Worker: Sendable {
  private let thread: pthread_t

  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void
    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts a thread called `name` (at most 15 bytes are shown by tools) that runs `body`.
  public init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    var thread = pthread_t()
    let start = unsafe Unmanaged.passRetained(Start(name, body))
    let result = unsafe pthread_create(
      &thread, nil,
      { context in
        let start = unsafe Unmanaged<Start>.fromOpaque(context!).takeRetainedValue()
        _ = unsafe curlew_set_thread_name(String(start.name.prefix(15)))
        start.body()
        return nil
      }, start.toOpaque())
    guard result == 0 else {
      unsafe start.release()
      throw SystemError(call: "pthread_create", subject: name, code: result)
    }
    self.thread = thread
  }

  /// Waits until the thread's function has returned. Call it once.
  public func join() { pthread_join(thread, nil) }
}
