// One thread, one epoll, and the handlers of the connections that came to it. The loop is the
// executor of its handlers' tasks: a handler runs on this thread from its first line to its last,
// and while it awaits, its connection is suspended and the thread serves others.
//
// Only this thread calls libmicrohttpd. Its internal threads with `MHD_resume_connection` from
// elsewhere were measured to stall; here other threads only put jobs into the inbox and, when the
// loop sleeps, write its eventfd once.

internal import CMicrohttpd
internal import Glibc
public import Platform
internal import Synchronization

/// A thread that serves connections and runs their handlers.
// SAFETY: everything that is neither atomic nor behind the inbox's lock belongs to the loop's
// thread, and to nobody before it runs. After it has ended, jobs run one at a time on whichever
// thread brings them.
@safe public final class EventLoop: TaskExecutor, @unchecked Sendable {
  /// The clock of deadlines.
  public let time: any TimeSource
  /// The thread's name.
  public let name: String

  private let wakeup = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
  private let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
  private let inbox = Lock(Inbox())
  private let thread = Atomic<UInt>(0)
  private let stopping = Atomic<Bool>(false)
  private let turnCount = Atomic<Int>(0)

  private var local: [UnownedJob] = []
  private var afterRound: [Delivery] = []
  private var isInRound = false
  /// How many handlers have run since something began to wait for the round's end.
  private var handlersAhead = 0
  private var listeners: [Listener] = []
  private var isBusy = false
  private var seenProgress = 0
  private var vainTurns = 0
  private var isEnded = false
  var timers = TimerHeap()
  /// Set by whoever resumes a connection: libmicrohttpd must run again in the same turn, since its
  /// timeout does not tell of connections that were resumed.
  var hasResumed = false
  /// What is connected and under way.
  var traffic = Traffic()
  /// The next look at the sockets of those that wait.
  var socketCheck: SocketCheck?
  /// How long a connection may do nothing.
  var idleTimeout: Duration?
  /// What requests that begin now go by.
  var policy = ServerPolicy(ServerConfiguration(), loops: 1)
  /// Whether the loop still comes round.
  let pulse = Pulse()
  private var identifier = SystemEntropy().next()
  private var stopDeadlines: (grace: Instant, end: Instant)?

  private struct Inbox {
    var jobs: [UnownedJob] = []
    var deliveries: [Delivery] = []
    var isSleeping = false
    var hasEnded = false
    var isDraining = false
    var isEmpty: Bool { jobs.isEmpty && deliveries.isEmpty }
  }

  /// What another thread wants done here. A type of its own, since an array of bare functions would
  /// wrap each of them.
  private struct Delivery {
    let run: @Sendable () -> Void
  }

  /// A loop that does nothing yet: `start` gives it a thread.
  public init(name: String = "http", time: any TimeSource) {
    self.name = name
    self.time = time
    watch(wakeup, edge: true)
  }

  deinit {
    close(wakeup)
    close(poll)
  }

  /// Starts the thread; `join` on it ends after `stop`.
  public func start() throws(SystemError) -> Worker { try Worker(name) { self.run() } }

  /// The loop whose thread this is.
  public static var current: EventLoop? {
    guard let pointer = unsafe pthread_getspecific(currentLoop) else { return nil }
    return unsafe Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Whether the server stops: waits with a deadline end at once, and streams should end.
  public var isStopping: Bool { stopping.load(ordering: .relaxed) }

  /// How often the thread has woken.
  public var turns: Int { turnCount.load(ordering: .relaxed) }

  /// Whether this is the loop's thread.
  public var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

  /// Serves what a daemon accepts. Before `start` only.
  func add(_ listener: Listener) {
    listeners.append(listener)
    watch(listener.poll, edge: false)
  }

  private func watch(_ descriptor: Int32, edge: Bool) {
    var event = unsafe epoll_event()
    // The eventfd is edge-triggered: every write wakes once and nobody needs to read it empty.
    unsafe event.events = EPOLLIN.rawValue | (edge ? EPOLLET.rawValue : 0)
    unsafe event.data.fd = descriptor
    let result = unsafe epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event)
    precondition(result == 0, "a loop's epoll takes its few descriptors")
  }

  // MARK: Jobs

  /// Runs a step of a task on the loop's thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { local.append(job) } else { post { $0.jobs.append(job) } }
  }

  /// Runs `job` on the loop's thread, behind those delivered before. From any thread: one lock, and
  /// a wake-up where the loop sleeps.
  public func deliver(_ job: @escaping @Sendable () -> Void) {
    post { $0.deliveries.append(Delivery(run: job)) }
  }

  /// Runs `job` at once, or while connections are being served behind those that were ready
  /// together: what they all lead to is then done once.
  public func afterRound(_ job: @escaping @Sendable () -> Void) {
    if isCurrent, isInRound { afterRound.append(Delivery(run: job)) } else { job() }
  }

  private func post(_ put: (inout Inbox) -> Void) {
    let (mustWake, mustDrain) = inbox.withLock { inbox in
      put(&inbox)
      let result = (inbox.isSleeping, inbox.hasEnded && !inbox.isDraining)
      inbox.isSleeping = false
      if result.1 { inbox.isDraining = true }
      return result
    }
    if mustWake {
      var one: UInt64 = 1
      _ = unsafe write(wakeup, &one, 8)
    }
    if mustDrain { drainAfterEnd() }
  }

  /// Runs what is queued on this thread until nothing is; also what it queues itself.
  func runLocal() {
    while !local.isEmpty {
      var jobs: [UnownedJob] = []
      swap(&jobs, &local)
      for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }

  /// Runs what other threads sent. True when there was something.
  private func runInbox() {
    let (jobs, deliveries) = inbox.withLock { inbox in
      inbox.isSleeping = false
      guard !inbox.isEmpty else { return ([UnownedJob](), [Delivery]()) }
      let taken = (inbox.jobs, inbox.deliveries)
      inbox.jobs = []
      inbox.deliveries = []
      return taken
    }
    for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    for delivery in deliveries { delivery.run() }
    runLocal()
  }

  /// A number that this loop has not given before.
  func nextIdentifier() -> UInt64 {
    // Steps of the golden ratio: all 2^64 values, and two neighbours do not look alike.
    identifier &+= 0x9E37_79B9_7F4A_7C15
    return identifier
  }

  // MARK: Turns

  private func run() {
    thread.store(pthread_self(), ordering: .relaxed)
    unsafe pthread_setspecific(currentLoop, Unmanaged.passUnretained(self).toOpaque())
    while !isEnded { turn() }
    end()
  }

  private func turn() {
    rest()
    turnCount.add(1, ordering: .relaxed)
    runInbox()
    let now = time.now
    while let due = timers.removeDue(now) { due.expire() }
    runLocal()
    runListeners()
    if isStopping { advanceStop(now) }
  }

  /// Sleeps until a socket, another thread or a deadline has something to do, 1 second at most.
  private func rest() {
    var limit: Int64 = isBusy ? 0 : 1000
    if let next = timers.next, limit > 0 {
      limit = min(limit, max(0, (next - time.now).nanoseconds + 999_999) / 1_000_000)
    }
    for listener in listeners where limit > 0 {
      let wanted = listener.timeoutMilliseconds
      if wanted >= 0 { limit = min(limit, Int64(wanted)) }
    }
    if limit > 0 {
      let mayRest = inbox.withLock { inbox in
        inbox.isSleeping = inbox.isEmpty
        return inbox.isSleeping
      }
      if !mayRest { limit = 0 }
    }
    var events = unsafe epoll_event()
    // Which descriptor it was does not matter: a turn looks at all of them, and there are few.
    _ = unsafe epoll_wait(poll, &events, 1, Int32(limit))
  }

  /// Lets libmicrohttpd read, call, and write, as long as it has more to do at once; bounded, so
  /// that one busy stream does not keep the inbox and the timers waiting.
  private func runListeners() {
    guard !listeners.isEmpty else { return }
    var rounds = 0
    repeat {
      hasResumed = false
      for listener in listeners { run(listener) }
      runLocal()
      rounds += 1
      isBusy = hasResumed || listeners.contains { $0.timeoutMilliseconds == 0 }
    } while isBusy && rounds < 16
    noteProgress()
  }

  private func run(_ listener: Listener) { inRound { listener.run() } }

  func inRound<Result>(_ body: () -> Result) -> Result {
    isInRound = true
    defer {
      isInRound = false
      endRound()
    }
    return body()
  }

  /// A handler for a body of `bytes` is about to run. What waits for the round's end does not wait
  /// for a long one, nor for more than 32 others.
  func willRunHandler(bytes: Int) {
    guard !afterRound.isEmpty else { return }
    handlersAhead += 1
    if bytes > 64 << 10 || handlersAhead >= 32 { endRound() }
  }

  private func endRound() {
    guard !afterRound.isEmpty else { return }
    handlersAhead = 0
    var jobs: [Delivery] = []
    swap(&jobs, &afterRound)
    for job in jobs { job.run() }
  }

  /// Ends what keeps the loop turning in vain. libmicrohttpd reports work for a request that it
  /// cannot read on (a chunk's line that fills its memory) until the connection times out.
  private func noteProgress() {
    guard isBusy, !hasResumed, traffic.progress == seenProgress else {
      seenProgress = traffic.progress
      vainTurns = 0
      return
    }
    vainTurns += 1
    guard vainTurns >= 64 else { return }
    vainTurns = 0
    for link in traffic.connections where link.exchange?.isArriving == true && link.hasUnread {
      link.cut()
    }
  }

  // MARK: Stop

  /// Whether the server has waited long enough: what comes now is refused.
  var isPastGrace: Bool { stopDeadlines.map { time.now >= $0.grace } ?? false }

  /// Stops accepting, ends waits that have a deadline, and ends the loop when nothing is under way,
  /// or at the latest half a second after `grace`. On the loop's thread.
  package func beginStop(grace: Duration) {
    guard !isStopping else { return }
    let now = time.now
    stopDeadlines = (now + grace, now + grace + .milliseconds(500))
    stopping.store(true, ordering: .relaxed)
    for listener in listeners { listener.stopAccepting() }
    endWaits { $0.deadline.nanoseconds != .max }
    traffic.stopStreams()
  }

  private func advanceStop(_ now: Instant) {
    guard let (grace, end) = stopDeadlines else { return }
    if traffic.isQuiet {
      isEnded = true
      return
    }
    guard now >= grace else { return }
    // What has not come by now is not waited for: handlers hear it and have half a second to
    // answer.
    endWaits { _ in true }
    traffic.giveUp()
    runLocal()
    if now >= end { isEnded = true }
    runListeners()
  }

  private func endWaits(where test: (TimedEntry) -> Bool) {
    for entry in timers.entries.filter(test) {
      timers.remove(entry)
      entry.expire()
    }
  }

  /// The thread's last act. libmicrohttpd must not be stopped with suspended connections.
  private func end() {
    traffic.abandonAll()
    for listener in listeners { run(listener) }
    listeners = []
    pthread_setspecific(currentLoop, nil)
    thread.store(0, ordering: .relaxed)
    let hasMore = inbox.withLock { inbox in
      inbox.hasEnded = true
      inbox.isDraining = !inbox.isEmpty || !local.isEmpty
      return inbox.isDraining
    }
    if hasMore { drainAfterEnd() }
  }

  /// Runs late jobs, one thread at a time.
  private func drainAfterEnd() {
    thread.store(pthread_self(), ordering: .relaxed)
    while true {
      runInbox()
      let isDone = inbox.withLock { inbox in
        guard inbox.isEmpty else { return false }
        thread.store(0, ordering: .relaxed)
        inbox.isDraining = false
        return true
      }
      if isDone { return }
    }
  }
}

/// Where a thread keeps its loop.
private let currentLoop: pthread_key_t = {
  var key = pthread_key_t()
  unsafe pthread_key_create(&key, nil)
  return key
}()
