internal import CMicrohttpd
internal import Glibc
internal import Platform
internal import Synchronization

/// What a daemon's callbacks need. It outlives the daemon.
final class ListenerSink {
  let core: ServerCore
  /// Whether only this machine can connect: then `Host` must be this machine's.
  let isLoopback: Bool
  unowned let loop: EventLoop

  init(_ core: ServerCore, _ loop: EventLoop, isLoopback: Bool) {
    self.core = core
    self.loop = loop
    self.isLoopback = isLoopback
  }
}

/// A libmicrohttpd daemon over one listening socket, run by one loop.
// SAFETY: made by the thread that starts the server, from then on used by the loop's thread only.
@safe final class Listener: @unchecked Sendable {
  private let sink: ListenerSink
  private var daemon: OpaquePointer?
  private let socket: Int32
  private var isAccepting = true

  /// Takes over `socket`, which listens.
  init(socket: Int32, isLoopback: Bool, core: ServerCore, loop: EventLoop) throws(HTTPError) {
    sink = ListenerSink(core, loop, isLoopback: isLoopback)
    self.socket = socket
    let configuration = core.configuration
    let idle = max(1, (configuration.idleTimeout.milliseconds + 999) / 1000)
    // Some more than are allowed, so that those over the limit can be told.
    unsafe daemon = curlew_mhd_start(
      socket, UInt32(configuration.maximumConnections + 128), UInt32(min(idle, 86_400)),
      configuration.connectionMemory, Unmanaged.passUnretained(sink).toOpaque(), onAccess,
      onCompleted, onTarget, onConnection)
    guard unsafe daemon != nil else {
      close(socket)
      throw .noResources("a listener")
    }
  }

  deinit {
    if let daemon = unsafe daemon { unsafe MHD_stop_daemon(daemon) }
    if !isAccepting { close(socket) }
  }

  /// Readable when the daemon has something to do.
  var poll: Int32 { unsafe curlew_mhd_epoll(daemon) }

  /// Milliseconds until the daemon has something to do by itself; 0 when it has now, -1 for never.
  var timeoutMilliseconds: Int32 { unsafe curlew_mhd_timeout(daemon) }

  /// Reads, calls the handlers, writes: what is possible now.
  func run() { unsafe MHD_run(daemon) }

  /// No new connections from here on; those that wait in the kernel's queue are refused.
  func stopAccepting() {
    guard isAccepting else { return }
    isAccepting = false
    unsafe MHD_quiesce_daemon(daemon)
    shutdown(socket, Int32(SHUT_RDWR))
  }
}

/// The first word of a request: its target, before anything else of it is read.
// The exchange that is retained here is released in `onCompleted`, nowhere else.
private func onTarget(
  context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context, let target = unsafe target,
    let connection = unsafe connection, let held = unsafe curlew_mhd_context(connection)
  else { return nil }
  let sink = unsafe Unmanaged<ListenerSink>.fromOpaque(context).takeUnretainedValue()
  let link = unsafe Unmanaged<Connection>.fromOpaque(held).takeUnretainedValue()
  let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: target, count: strlen(target)))
  let exchange = unsafe Exchange(bytes, connection, link, sink)
  return unsafe Unmanaged.passRetained(exchange).toOpaque()
}

/// Once when the headers are there, once for each piece of body, once at the end.
private func onAccess(
  context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
  method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, data: UnsafePointer<CChar>?,
  size: UnsafeMutablePointer<Int>?, exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let held = unsafe exchange?.pointee, let method = unsafe method,
    let version = unsafe version, let size = unsafe size
  else { return .NO }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(held).takeUnretainedValue()
  if !exchange.hasBegun { return unsafe exchange.begin(method, version) ? .YES : .NO }
  guard let data = unsafe data, unsafe size.pointee > 0 else {
    exchange.complete()
    return .YES
  }
  let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size.pointee)
  unsafe size.pointee = unsafe bytes.count - exchange.receive(bytes)
  return exchange.isHopeless ? .NO : .YES
}

/// The end of a request, whatever the reason.
private func onCompleted(
  context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
  exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, reason: MHD_RequestTerminationCode
) {
  guard let held = unsafe exchange?.pointee else { return }
  unsafe exchange?.pointee = nil
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(held).takeRetainedValue()
  exchange.ended(reason)
}

/// The begin and the end of a connection.
// The link that is retained at the begin is released at the end.
private func onConnection(
  context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
  held: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, event: MHD_ConnectionNotificationCode
) {
  guard let context = unsafe context, let connection = unsafe connection,
    let held = unsafe held
  else { return }
  let sink = unsafe Unmanaged<ListenerSink>.fromOpaque(context).takeUnretainedValue()
  if event == .CONNECTION_NOTIFY_STARTED {
    let link = unsafe sink.connected(connection)
    unsafe held.pointee = unsafe Unmanaged.passRetained(link).toOpaque()
  } else if let pointer = unsafe held.pointee {
    unsafe held.pointee = nil
    sink.disconnected(unsafe Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue())
  }
}

extension ListenerSink {
  fileprivate func connected(_ handle: OpaquePointer) -> Connection {
    let count = core.connections.add(1, ordering: .relaxed).newValue
    let link = unsafe Connection(handle, since: loop.time.now)
    curlew_tune_connection(link.socket, 60_000, 128 << 10)
    link.isOverLimit = count > core.configuration.maximumConnections
    loop.traffic.add(link)
    loop.scheduleSocketCheck(every: core.configuration.socketCheck)
    return link
  }

  fileprivate func disconnected(_ link: Connection) {
    core.connections.subtract(1, ordering: .relaxed)
    loop.traffic.remove(link)
  }
}
