internal import Glibc

/// State that one thread at a time may touch: as the standard library's `Mutex`, over a lock of
/// pthread. The thread sanitizer knows that one, and does not see that the other orders what it
/// guards. Not contended it takes a nanosecond longer; its memory is allocated, so that it is for
/// what lives long and not for a request.
// SAFETY: lock and value live at fixed addresses of this owner's own until it goes; the value is
// touched only by whoever holds the lock.
@safe public struct Lock<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline let value: UnsafeMutablePointer<Value>

  /// A lock that nobody holds, around `value`.
  public init(_ value: consuming sending Value) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe self.value = .allocate(capacity: 1)
    unsafe self.value.initialize(to: value)
  }

  deinit {
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Runs `body` alone with the value. It must not ask for the same lock.
  @inlinable public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    acquire()
    defer { release() }
    return try unsafe body(&value.pointee)
  }

  @usableFromInline borrowing func acquire() { unsafe pthread_mutex_lock(mutex) }

  @usableFromInline borrowing func release() { unsafe pthread_mutex_unlock(mutex) }
}
