import API
import Console
import Platform
import Store
import Synchronization
import Telemetry
import TestSupport

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
    router = try Router(routes: api.routes + Console.routes, aliases: API.aliases)
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
    let result = Lock<Seen?>(nil)
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

  func connection() throws -> TestHTTPClient { try TestHTTPClient(port: port, name: "localhost") }

  func send(_ ask: Ask) throws -> Seen {
    let connection = try connection()
    try connection.send(ask)
    return try connection.answer(to: ask.method)
  }
}

extension TestHTTPClient {
  /// Sends a request.
  func send(_ ask: Ask) throws {
    try request(ask.method.rawValue, ask.target, headers: ask.headers, body: ask.body)
  }

  /// Reads an answer to its end.
  func answer(to method: HTTP.Method) throws -> Seen {
    try readResponse(toHead: method == .head)
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
}
