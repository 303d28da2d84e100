// One request and its answer, between libmicrohttpd's callbacks and a handler's task. Its life, on
// one thread:
//
//   target     made when the request line has come
//   begin      the headers are there: what cannot be served is known now; a route of chunks starts
//              its handler
//   receive    pieces of body, into one buffer or to the handler
//   complete   the request is whole: the handler starts, in this very call; only where it awaits,
//              the connection is suspended
//   answer     the response is queued, and the connection resumed
//   ended      everything is sent, or the client is gone: the request lets go of the connection

internal import CMicrohttpd
internal import Compression
internal import Glibc
internal import Platform

/// A request on its way through the server.
// SAFETY: made, used and ended on its loop's thread.
@safe final class Exchange: @unchecked Sendable {
  let core: ServerCore
  let loop: EventLoop
  /// What was in force when the request began.
  let policy: ServerPolicy
  let link: Connection
  let isLoopback: Bool
  private let rawTarget: [UInt8]
  private let receivedAt: Instant

  private(set) var connection: OpaquePointer?
  private(set) var hasBegun = false
  private(set) var isSuspended = false
  var request: Request?
  var plan = Plan.nothing
  var scanned: Scanned?

  // The body.
  var body: [UInt8] = []
  var bodyCoding: ContentCoding?
  var bodyCharge = 0
  var excess = 0
  var isHopeless = false
  var chunks: ChunkReader?

  // The answer.
  private var task: Task<Void, Never>?
  private var hasStarted = false
  private var isRunning = false
  private var isWhole = false
  private var isAbandoned = false
  /// The handler has returned before the body's end, and waits until the rest has passed.
  private var passing: UnsafeContinuation<Void, Never>?
  var hasAnswered = false
  var status = 0
  var bytesOut = 0
  var writer: BodyWriter?

  /// What is to be done when the request is whole.
  enum Plan {
    case nothing
    /// An answer that no handler gives.
    indirect case respond(Response)
    case handle(Route)
  }

  /// What of the headers is needed later.
  struct Scanned {
    var accepts: ContentCoding?
    /// An allowed origin that is not the server's own: it gets CORS headers.
    var origin: String?
  }

  init(
    _ target: [UInt8], _ connection: OpaquePointer, _ link: Connection, _ sink: ListenerSink
  ) {
    core = sink.core
    loop = sink.loop
    policy = loop.policy
    isLoopback = sink.isLoopback
    self.link = link
    rawTarget = target
    unsafe self.connection = connection
    receivedAt = loop.time.now
    link.exchange = self
  }

  var socket: Int32 { link.socket }

  // MARK: What libmicrohttpd calls

  /// The headers are there. False closes the connection without a word.
  func begin(_ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>) -> Bool {
    hasBegun = true
    loop.traffic.exchanges += 1
    loop.traffic.progress &+= 1
    guard let connection = unsafe connection else { return false }
    let scan = unsafe HeaderScan(connection)
    plan = unsafe makePlan(scan, method, version)
    if case .respond(let response) = plan {
      // A client that waits for leave to send its body, has a long one, or one whose end nobody
      // knows, is answered now; its connection ends with that, since libmicrohttpd does not read
      // on. Others are let finish, and may go on.
      if scan.expectsContinue || scan.defect != nil
        || (scan.length ?? 0) > policy.maximumBody * 2
      {
        answer(response)
      }
    } else if let chunks {
      request?.chunks = chunks
      chunks.hasRoom = { [weak self] in self?.resume() }
      run()
    }
    return true
  }

  /// Takes a piece of body; how many of its bytes.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    loop.traffic.progress &+= 1
    guard let chunks, unsafe passing == nil, case .handle = plan else {
      unsafe keep(bytes)
      return bytes.count
    }
    if chunks.isFull {
      suspend()
      return 0
    }
    unsafe chunks.append(bytes)
    return bytes.count
  }

  /// The request is whole.
  func complete() {
    guard !isWhole else { return }
    isWhole = true
    if let chunks { chunks.end() }
    switch plan {
    case .respond(let response):
      if !hasAnswered { answer(response) }
    case .nothing: break
    case .handle:
      if chunks == nil, !takeBody() { return }
      pass()
      run()
    }
  }

  /// Everything is over.
  func ended(_ reason: MHD_RequestTerminationCode) {
    link.exchange = nil
    link.idleSince = loop.time.now
    loop.traffic.progress &+= 1
    if hasBegun { loop.traffic.exchanges -= 1 }
    loop.traffic.bodyBytes -= bodyCharge
    if let request, let observer = core.observer {
      observer.finished(
        request, status: hasAnswered ? status : 499, bytesOut: writer?.total ?? bytesOut,
        elapsed: loop.time.now - receivedAt)
    }
    request?.detach(keepingHeaders: isRunning)
    unsafe connection = nil
    writer?.close(reason == .REQUEST_TERMINATED_TIMEOUT_REACHED ? .timeout : .clientLeft)
    chunks?.fail(.clientLeft)
    task?.cancel()
    pass()
  }

  // MARK: The handler

  /// Starts the handler, or lets it go on, in this call as far as it comes without waiting.
  private func run() {
    if !hasStarted, case .handle(let route) = plan, let request {
      hasStarted = true
      isRunning = true
      loop.traffic.tasks += 1
      loop.willRunHandler(bytes: request.contents.count)
      if let direct = route.direct {
        direct(request, Responder(self))
      } else if let handler = route.handler {
        start { await self.handle(request, handler) }
      }
    }
    loop.runLocal()
    if !isRunning { task = nil }
    if isWhole, !hasAnswered { suspend() }
  }

  private func handle(_ request: Request, _ handler: Handler) async {
    let response = await handler(request)
    if !isWhole, unsafe connection != nil {
      // libmicrohttpd takes no answer before it has read the body to its end.
      resume()
      unsafe await withUnsafeContinuation { unsafe passing = $0 }
    }
    answer(response)
    if let writer, case .stream(let produce) = response.body {
      await produce(writer)
      writer.finish()
    }
    hasReturned()
  }

  /// Runs `body` as the handler's task.
  func start(_ body: @escaping @Sendable () async -> Void) {
    task = Task(executorPreference: loop) { await body() }
  }

  /// The answer of a handler that has no task.
  func conclude(_ response: Response) {
    guard isRunning else { return }
    if case .stream = response.body { preconditionFailure("a stream is written by a task") }
    answer(response)
    hasReturned()
  }

  private func hasReturned() {
    isRunning = false
    loop.traffic.tasks -= 1
    task = nil
  }

  /// The server does not wait any longer. A task hears it where it waits; who has none is answered
  /// for.
  func giveUp() {
    guard isRunning, !hasAnswered, let request, case .handle(let route) = plan,
      let lost = route.lost
    else { return }
    conclude(lost(request))
  }

  /// Lets a handler that waits for the end of the body answer.
  private func pass() {
    guard let waiting = unsafe passing else { return }
    unsafe passing = nil
    unsafe waiting.resume()
  }

  /// Whether nothing but its handler holds it.
  var isWaiting: Bool { isSuspended && isWhole }

  /// Whether more of it should come, and would be read.
  var isArriving: Bool { !isWhole && !isSuspended }

  /// The client has left while its handler ran. Waits with a deadline end; what has begun goes on.
  func clientLeft() {
    writer?.close(.clientLeft)
    chunks?.fail(.clientLeft)
    task?.cancel()
  }

  /// The server ends: nothing more is waited for.
  func abandon() {
    isAbandoned = true
    clientLeft()
    link.cut()
    resume()
  }

  /// Whether it has been arriving for too long: the idle time, and a second for each 16 KiB that
  /// have come.
  func isLate(_ now: Instant) -> Bool {
    guard !isWhole, !isSuspended, !hasAnswered, chunks == nil else { return false }
    let allowed = core.configuration.idleTimeout + .seconds(bodyCharge >> 14)
    return now - receivedAt > allowed
  }

  // MARK: Suspension

  func suspend() {
    guard !isSuspended, !isAbandoned, let connection = unsafe connection else { return }
    isSuspended = true
    unsafe MHD_suspend_connection(connection)
  }

  func resume() {
    guard isSuspended, let connection = unsafe connection else { return }
    isSuspended = false
    unsafe MHD_resume_connection(connection)
    loop.hasResumed = true
  }

  /// A request object for the handler.
  func makeRequest(_ method: Method) -> Request? {
    guard let target = Target(rawTarget) else { return nil }
    let request = Request(method, target, loop: loop, receivedAt: receivedAt)
    unsafe request.connection = unsafe connection
    return request
  }
}
