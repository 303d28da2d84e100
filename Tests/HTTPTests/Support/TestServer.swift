import Platform

@testable import HTTP

/// A server on a free port of loopback, for one test. It stops with the last reference to it.
final class TestServer {
  let server: HTTPServer
  let port: UInt16

  init(
    _ routes: [Route], time: any TimeSource = SystemTime(), observer: (any RequestObserver)? = nil,
    aliases: [String] = [], _ configure: (inout ServerConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = ServerConfiguration(listen: [("127.0.0.1", 0)])
    configuration.loops = 1
    configure(&configuration)
    server = HTTPServer(
      configuration, router: try Router(routes: routes, aliases: aliases), observer: observer,
      time: time)
    let url = try server.start()[0]
    port = UInt16(url.split(separator: ":").last!)!
  }

  deinit { server.stop() }

  var loop: EventLoop { server.loops[0] }

  func client() throws -> Client { try Client(port) }

  /// Runs something on the loop's thread and waits for what it gives.
  func onLoop<T: Sendable>(_ body: @escaping @Sendable (EventLoop) -> T) -> T {
    let result = Lock<T?>(nil)
    let parking = Parking()
    let loop = loop
    loop.deliver {
      let value = body(loop)
      result.withLock { $0 = value }
      parking.wake()
    }
    parking.park()
    return result.withLock { $0! }
  }

  /// Lets the loop turn until `condition` holds on its thread; false when it has not after 30
  /// seconds.
  func turn(until condition: @escaping @Sendable (EventLoop) -> Bool) -> Bool {
    let end = SystemTime().now + .seconds(30)
    while SystemTime().now < end {
      if onLoop(condition) { return true }
    }
    return false
  }
}

extension Route {
  /// A route that answers with the body that it got.
  static func echo(_ method: HTTP.Method = .post, _ pattern: String = "/echo") -> Route {
    Route(method, pattern) { request in
      Response(
        status: 200, headers: [("Content-Type", "application/octet-stream")],
        body: .bytes(request.takeBody()))
    }
  }

  /// A route that answers with a text.
  static func text(
    _ method: HTTP.Method = .get, _ pattern: String, type: String = "text/plain",
    _ text: @escaping @Sendable (Request) -> String
  ) -> Route {
    Route(method, pattern) { request in
      Response(
        status: 200, headers: [("Content-Type", type)], body: .bytes(Array(text(request).utf8)))
    }
  }
}

/// A clock that goes on only when it is told to.
final class SteppedTime: TimeSource {
  private let nanoseconds = Lock<Int64>(1_000_000_000)

  var now: Instant { Instant(nanoseconds: nanoseconds.withLock { $0 }) }
  var wallMilliseconds: Int64 { now.nanoseconds / 1_000_000 }

  /// Goes on, and wakes the server's loops to see it.
  func advance(_ duration: Duration, _ server: TestServer) {
    nanoseconds.withLock { $0 += duration.nanoseconds }
    for loop in server.server.loops { loop.deliver {} }
  }
}

/// Runs something on a thread of its own; Swift's own few may all be blocked by tests.
func inBackground(_ body: @escaping @Sendable () -> Void) {
  _ = try? Worker("background", body)
}

/// A flag that a handler raises and a test waits for.
final class Signal: Sendable {
  private let parking = Parking()

  func raise() { parking.wake() }

  /// Waits for the next raise, 20 seconds at most. Whether it came.
  func wait() -> Bool { parking.park(atMost: .seconds(20)) }
}

/// Keeps values that handlers see.
final class Box<T: Sendable>: Sendable {
  private let held: Lock<T>
  init(_ value: T) { held = Lock(value) }
  var value: T { held.withLock { $0 } }
  func update(_ body: (inout T) -> Void) { held.withLock { body(&$0) } }
}
