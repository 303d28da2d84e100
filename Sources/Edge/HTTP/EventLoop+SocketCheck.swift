// A suspended connection is not in libmicrohttpd's epoll set, so that nobody sees its client leave.
// Once in a while one `poll` asks the kernel about all of them. The same round closes what sends
// too slowly: libmicrohttpd's timeout starts anew with every byte.

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
    var waiting: [Exchange] = []
    for link in traffic.connections {
      if let exchange = link.exchange {
        if exchange.isSuspended { waiting.append(exchange) }
        if exchange.isLate(now) { link.cut() }
      } else if exceedsIdle(link, now) {
        link.cut()
      }
    }
    for exchange in departed(among: waiting) { exchange.clientLeft() }
    if !traffic.connections.isEmpty { scheduleSocketCheck(every: check.interval) }
  }

  /// Whether a connection has sent no whole request line for twice the idle timeout: it drips.
  private func exceedsIdle(_ link: Connection, _ now: Instant) -> Bool {
    guard let limit = idleTimeout else { return false }
    return now - link.idleSince > limit * 2
  }

  /// Those whose client has closed its side.
  private func departed(among waiting: [Exchange]) -> [Exchange] {
    guard !waiting.isEmpty else { return [] }
    var sockets = waiting.map {
      pollfd(fd: $0.socket, events: Int16(CURLEW_POLLRDHUP), revents: 0)
    }
    guard unsafe Glibc.poll(&sockets, nfds_t(sockets.count), 0) > 0 else { return [] }
    return zip(waiting, sockets).filter { $0.1.revents != 0 }.map(\.0)
  }
}
