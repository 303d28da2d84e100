// A suspended connection is not in libmicrohttpd's epoll set, so that nobody sees its client leave.
// And libmicrohttpd waits for an edge: an end that came together with the last bytes gives none.
// Once in a while one `poll` asks the kernel about all connections. The same round closes what
// sends too slowly: libmicrohttpd's timeout starts anew with every byte.

internal import CMicrohttpd
internal import Glibc
internal import Platform

/// The loop's next round over its sockets.
final class SocketCheck: TimedEntry {
  private unowned let loop: EventLoop
  let interval: Duration

  init(_ loop: EventLoop, _ interval: Duration) {
    self.loop = loop
    self.interval = interval
  }

  override func expire() { loop.checkSockets(self) }
}

extension EventLoop {
  /// Sees to it that there is a next round, when there is something to check.
  func scheduleSocketCheck(every interval: Duration) {
    if socketCheck == nil { socketCheck = SocketCheck(self, interval) }
    guard let check = socketCheck, check.place < 0 else { return }
    check.deadline = time.now + check.interval
    timers.insert(check)
  }

  fileprivate func checkSockets(_ check: SocketCheck) {
    let now = time.now
    for link in traffic.connections where isLate(link, now) { link.cut() }
    for link in departed() {
      if let exchange = link.exchange, exchange.isWaiting {
        exchange.clientLeft()
      } else {
        link.nudge()
        hasResumed = true
      }
    }
    if !traffic.connections.isEmpty { scheduleSocketCheck(every: check.interval) }
  }

  /// Whether a request takes too long to arrive; or a request line, of which nothing is known
  /// before it is whole: twice the idle timeout.
  private func isLate(_ link: Connection, _ now: Instant) -> Bool {
    if let exchange = link.exchange { return exchange.isLate(now) }
    guard let limit = idleTimeout else { return false }
    return now - link.idleSince > limit * 2
  }

  /// Those whose client has closed its side, with nothing left to read.
  private func departed() -> [Connection] {
    var sockets = traffic.connections.map {
      pollfd(fd: $0.socket, events: Int16(CURLEW_POLLRDHUP), revents: 0)
    }
    guard unsafe Glibc.poll(&sockets, nfds_t(sockets.count), 0) > 0 else { return [] }
    return zip(traffic.connections, sockets).filter { link, state in
      guard state.revents != 0 else { return false }
      guard let exchange = link.exchange else { return link.isAtEnd }
      return exchange.isWaiting || exchange.isArriving && link.isAtEnd
    }.map(\.0)
  }
}
