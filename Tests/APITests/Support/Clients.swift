import API
import Glibc
import Platform
import Store
import Synchronization
import Telemetry

@testable import HTTP

/// A wall clock that stands still, so that answers are the same in every run.
final class StillTime: TimeSource {
  private let system = SystemTime()
  var now: Instant { system.now }
  /// 2026-11-25T13:20:00.123Z.
  var wallMilliseconds: Int64 { 1_795_612_800_123 }
}

/// Something that answers requests.
protocol Client: AnyObject {
  func send(_ ask: Ask) throws -> Seen
}

/// The surface over a store, ready to be asked.
struct Surface: Sendable {
  let api: API
  let router: Router
  let time = StillTime()

  init(
    _ store: any EventStore, _ setup: Setup = Setup(), gate: any Gate = OpenGate()
  ) throws {
    var settings = APISettings(clusterID: "c1", version: "1.2.3")
    settings.autoCreate = setup.autoCreate
    settings.defaultPartitions = setup.defaultPartitions
    settings.rootPage = setup.rootPage
    settings.authority = "localhost"
    api = API(
      store: store, settings: settings, gate: gate, metrics: MetricsRegistry(), time: time)
    router = try Router(routes: api.routes, aliases: API.aliases)
  }
}

/// Requests that go through the router and no socket.
final class InProcess: Client {
  let surface: Surface
  let loop: EventLoop
  private let thread: Worker

  init(
    _ store: any EventStore, _ setup: Setup = Setup(), gate: any Gate = OpenGate()
  ) throws {
    surface = try Surface(store, setup, gate: gate)
    loop = EventLoop(name: "test", time: surface.time)
    thread = try loop.start()
  }

  deinit {
    let loop = loop
    loop.deliver { loop.beginStop(grace: .zero) }
    thread.join()
  }

  func send(_ ask: Ask) throws -> Seen {
    let result = Mutex<Seen?>(nil)
    let parking = Parking()
    start(ask) { seen in
      result.withLock { $0 = seen }
      parking.wake()
    }
    guard parking.park(atMost: .seconds(30)), let seen = result.withLock({ $0 }) else {
      throw Failure(description: "no answer to \(ask.method.rawValue) \(ask.target)")
    }
    return seen
  }

  /// Sends without waiting.
  func start(_ ask: Ask, _ done: @escaping @Sendable (Seen) -> Void) {
    let loop = loop
    let surface = surface
    Task(executorPreference: loop) { done(await InProcess.answer(ask, surface, loop)) }
  }

  private static func answer(_ ask: Ask, _ surface: Surface, _ loop: EventLoop) async -> Seen {
    let request = Request(
      testing: ask.method, ask.target, headers: ask.headers, body: ask.body, loop: loop)
    let api = surface.api
    let response = await surface.router.dispatch(request) { api.fault($0, $1) }
    var seen = Seen(status: response.status, headers: response.headers)
    switch response.body {
    case .none: break
    case .bytes(let bytes): seen.body = bytes
    case .stream(let write): seen.body = await collect(write, loop)
    }
    return seen
  }

  /// Reads a stream as fast as it comes.
  private static func collect(
    _ write: @escaping @Sendable (BodyWriter) async -> Void, _ loop: EventLoop
  ) async -> [UInt8] {
    let writer = BodyWriter(testing: ())
    let over = Flag()
    Task(executorPreference: loop) {
      await write(writer)
      over.raise()
    }
    var bytes: [UInt8] = []
    while !over.isUp {
      bytes += writer.drain()
      await loop.sleep(until: loop.time.now)
    }
    return bytes + writer.drain()
  }
}

/// Goes up once.
final class Flag: Sendable {
  private let state = Atomic<Bool>(false)
  var isUp: Bool { state.load(ordering: .acquiring) }
  func raise() { state.store(true, ordering: .releasing) }
}

/// Requests over a connection each.
final class OverSocket: Client {
  let surface: Surface
  private let server: HTTPServer
  private let port: UInt16

  init(_ store: any EventStore, _ setup: Setup = Setup()) throws {
    surface = try Surface(store, setup)
    var configuration = ServerConfiguration(listen: [("127.0.0.1", 0)])
    configuration.loops = 1
    configuration.maximumBody = setup.maximumBody
    let api = surface.api
    server = HTTPServer(configuration, router: surface.router, time: surface.time) {
      api.fault($0, $1)
    }
    let url = try server.start()[0]
    guard let text = url.split(separator: ":").last, let port = UInt16(text) else {
      throw Failure(description: "no port in \(url)")
    }
    self.port = port
  }

  deinit { server.stop() }

  func connection() throws -> Connection { try Connection(port) }

  func send(_ ask: Ask) throws -> Seen {
    let connection = try connection()
    try connection.send(ask)
    return try connection.answer(to: ask.method)
  }

  /// A blocking connection.
  final class Connection {
    private let socket: Int32
    private var buffer: [UInt8] = []

    init(_ port: UInt16) throws {
      socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var patience = timeval(tv_sec: 30, tv_usec: 0)
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard result == 0 else { throw Failure(description: "connect: \(errno)") }
    }

    deinit { close(socket) }

    func send(_ ask: Ask) throws {
      var head = "\(ask.method.rawValue) \(ask.target) HTTP/1.1\r\nHost: localhost\r\n"
      for (name, value) in ask.headers { head += "\(name): \(value)\r\n" }
      if ask.method != .get { head += "Content-Length: \(ask.body.count)\r\n" }
      let bytes = Array((head + "\r\n").utf8) + ask.body
      var sent = 0
      while sent < bytes.count {
        let count = bytes.withUnsafeBytes {
          Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw Failure(description: "send: \(errno)") }
        sent += count
      }
    }

    func answer(to method: HTTP.Method) throws -> Seen {
      var seen = try head()
      if method == .head || seen.status == 204 { return seen }
      if seen["Transfer-Encoding"] == "chunked" {
        while let chunk = try chunk() { seen.body += chunk }
      } else {
        seen.body = try take(Int(seen["Content-Length"] ?? "0") ?? 0)
      }
      return seen
    }

    func head() throws -> Seen {
      let status = try line()
      guard status.hasPrefix("HTTP/1.1 "), let code = Int(status.dropFirst(9).prefix(3)) else {
        throw Failure(description: "no status line: \(status)")
      }
      var seen = Seen(status: code)
      while case let text = try line(), !text.isEmpty {
        let parts = text.split(separator: ":", maxSplits: 1)
        seen.headers.append((String(parts[0]), String(parts[1].drop { $0 == " " })))
      }
      return seen
    }

    /// The next chunk of a chunked body; `nil` is its end.
    func chunk() throws -> [UInt8]? {
      guard let count = Int(try line(), radix: 16) else { throw Failure(description: "no chunk") }
      let bytes = try take(count)
      _ = try line()
      return count == 0 ? nil : bytes
    }

    private func line() throws -> String {
      while true {
        if let end = buffer.firstIndex(of: 10) {
          let text = buffer[..<end]
          defer { buffer.removeFirst(end + 1) }
          return String(decoding: text.last == 13 ? text.dropLast() : text, as: UTF8.self)
        }
        try fill()
      }
    }

    private func take(_ count: Int) throws -> [UInt8] {
      while buffer.count < count { try fill() }
      defer { buffer.removeFirst(count) }
      return Array(buffer[..<count])
    }

    private func fill() throws {
      var piece = [UInt8](repeating: 0, count: 65_536)
      let count = recv(socket, &piece, piece.count, 0)
      guard count > 0 else { throw Failure(description: "the connection ended: \(errno)") }
      buffer += piece[..<count]
    }
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
}
