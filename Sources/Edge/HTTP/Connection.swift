internal import CMicrohttpd
internal import Glibc
internal import Platform

/// A client's connection, beside what libmicrohttpd knows of it. On the loop's thread only.
@safe final class Connection {
  let socket: Int32
  private let handle: OpaquePointer
  /// Since when it has no request.
  var idleSince: Instant
  /// Over the table's limit: its first request is refused.
  var isOverLimit = false
  /// The request that it has now; the exchange takes itself out when it is over.
  var exchange: Exchange?
  /// Its place in the loop's table.
  fileprivate(set) var place = 0

  init(_ handle: OpaquePointer, since: Instant) {
    unsafe self.handle = handle
    socket = unsafe curlew_mhd_socket(handle)
    idleSince = since
  }

  /// Whether the client has closed its side, or the connection is dead, with nothing left to read.
  var isAtEnd: Bool {
    let count = peek()
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
  }

  /// Whether bytes wait in the kernel that libmicrohttpd has not read.
  var hasUnread: Bool { peek() > 0 }

  private func peek() -> Int {
    var byte: UInt8 = 0
    return unsafe recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
  }

  /// Makes libmicrohttpd read from a connection that is not suspended, though no edge told of
  /// anything: one that comes back from suspension counts as readable.
  func nudge() {
    unsafe MHD_suspend_connection(handle)
    unsafe MHD_resume_connection(handle)
  }

  /// Makes libmicrohttpd see the end of the connection.
  func cut() { shutdown(socket, Int32(SHUT_RDWR)) }
}

/// What is connected to a loop and under way on it. On the loop's thread only.
struct Traffic {
  private(set) var connections: [Connection] = []
  /// Requests whose headers have come and that are not over.
  var exchanges = 0
  /// Handlers and streams that have not returned; their clients may have left.
  var tasks = 0
  /// Counts what moves requests: connections, headers, pieces of bodies, ends.
  var progress = 0
  /// Bytes of bodies in memory.
  var bodyBytes = 0

  /// Whether nothing is under way.
  var isQuiet: Bool { exchanges == 0 && tasks == 0 }

  mutating func add(_ link: Connection) {
    progress &+= 1
    link.place = connections.count
    connections.append(link)
  }

  mutating func remove(_ link: Connection) {
    let last = connections.removeLast()
    guard last !== link else { return }
    connections[link.place] = last
    last.place = link.place
  }

  /// Streams hear that they should end; they may write a farewell.
  func stopStreams() { for link in connections { link.exchange?.writer?.stop() } }

  /// Streams end now, and what has been parked without a task is answered for.
  func giveUp() {
    for link in connections {
      link.exchange?.writer?.close(.stopping)
      link.exchange?.chunks?.fail(.stopping)
      link.exchange?.giveUp()
    }
  }

  /// Gives up what has not been answered; afterwards no connection is suspended.
  func abandonAll() {
    for link in connections { link.exchange?.abandon() }
  }
}
