internal import CPlatform
internal import Glibc
internal import Synchronization

/// Where one thread sleeps until others wake it. A wake that comes first is kept: the next `park`
/// returns at once.
// SAFETY: the condition and its mutex live at fixed addresses of this object's own, and are used
// only by pthread calls.
@safe public final class Parking: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let woken = Atomic(false)

  /// Nobody parked, nothing woken.
  public init() {
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Sleeps until woken, or for `limit`. Returns whether it was woken. For `spinning` it first
  /// looks again and again: a thread that is awake is there at once, one that sleeps costs a
  /// switch.
  @discardableResult
  public func park(atMost limit: Duration? = nil, spinning: Duration = .zero) -> Bool {
    if spinning > .zero, spin(spinning) { return true }
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    if let limit {
      var until = timespec()
      unsafe clock_gettime(CLOCK_MONOTONIC, &until)
      let total = Int64(until.tv_nsec) + min(limit.nanoseconds, 1_000_000_000 * 86_400 * 365)
      until.tv_sec += Int(total / 1_000_000_000)
      until.tv_nsec = Int(total % 1_000_000_000)
      while !isWoken, unsafe pthread_cond_timedwait(condition, mutex, &until) == 0 {}
    } else {
      while !isWoken { unsafe pthread_cond_wait(condition, mutex) }
    }
    return woken.exchange(false, ordering: .acquiring)
  }

  private var isWoken: Bool { woken.load(ordering: .acquiring) }

  private func spin(_ limit: Duration) -> Bool {
    let end = Self.now + limit.nanoseconds
    repeat {
      for _ in 0..<32 {
        if isWoken { return woken.exchange(false, ordering: .acquiring) }
        curlew_relax()
      }
    } while Self.now < end
    return false
  }

  private static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Wakes the thread that parks here, or the next that will.
  public func wake() {
    unsafe pthread_mutex_lock(mutex)
    let was = woken.exchange(true, ordering: .releasing)
    unsafe pthread_mutex_unlock(mutex)
    if !was { unsafe pthread_cond_signal(condition) }
  }
}
