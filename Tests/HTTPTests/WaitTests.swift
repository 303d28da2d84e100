import Glibc
import HTTP
import Platform
import Synchronization
import TestSupport
import Testing

@Suite struct `Waiting in a handler` {
  /// Hands resumers from handlers to the test.
  final class Desk: Sendable {
    let resumers = Lock<[Resumer<Int>]>([])
    let signal = Signal()
    func put(_ resumer: Resumer<Int>) {
      resumers.withLock { $0.append(resumer) }
      signal.raise()
    }
    func take() -> [Resumer<Int>] {
      resumers.withLock { resumers in
        defer { resumers = [] }
        return resumers
      }
    }
  }

  static func waiting(_ desk: Desk, until limit: Duration?) -> Route {
    Route(.get, "/wait") { request in
      let deadline = limit.map { request.receivedAt + $0 }
      let value: Int? = await request.loop.suspend(until: deadline) { desk.put($0) }
      return Response(status: 200, body: .bytes(Array("\(value.map(String.init) ?? "nil")".utf8)))
    }
  }

  @Test func `another thread ends the wait, once`() throws {
    let desk = Desk()
    let server = try TestServer([Self.waiting(desk, until: nil)])
    let client = try server.client()
    try client.request("GET", "/wait")
    #expect(desk.signal.wait())

    let resumers = desk.take()
    resumers[0].resume(7)
    resumers[0].resume(8)

    #expect(try client.reply().text == "7")
    resumers[0].resume(9)
    #expect(server.turn { $0.trafficTasks == 0 })
  }

  @Test func `a value that is there at once needs no turn`() throws {
    let server = try TestServer([
      Route(.get, "/wait") { request in
        let value: Int? = await request.loop.suspend(until: nil) { $0.resume(5) }
        return Response(status: value == 5 ? 200 : 500)
      }
    ])

    #expect(try server.client().ask("GET", "/wait").status == 200)
  }

  @Test func `the deadline ends the wait, and not before`() throws {
    let time = SteppedTime()
    let desk = Desk()
    let server = try TestServer([Self.waiting(desk, until: .seconds(30))], time: time)
    let client = try server.client()
    try client.request("GET", "/wait")
    #expect(desk.signal.wait())

    time.advance(.milliseconds(29_999), server)
    #expect(server.onLoop { $0.trafficExchanges } == 1)
    #expect(client.unread == 0)
    time.advance(.milliseconds(1), server)

    #expect(try client.reply().text == "nil")
  }

  @Test func `a handler stays on its loop's thread across waits`() throws {
    let server = try TestServer([
      Route(.get, "/threads") { request in
        var threads: Set<UInt> = [pthread_self()]
        var isCurrent = EventLoop.current === request.loop
        for i in 0..<20 {
          let loop = request.loop
          let value: Int? = await loop.suspend(until: nil) { resumer in
            // Ended by another thread, by the loop itself, and by the clock.
            switch i % 2 {
            case 0: inBackground { resumer.resume(i) }
            default: loop.deliver { resumer.resume(i) }
            }
          }
          #expect(value == i)
          await loop.sleep(until: loop.time.now + .microseconds(100))
          await other(&threads)
          isCurrent = isCurrent && EventLoop.current === loop
          threads.insert(pthread_self())
        }
        return Response(status: 200, body: .bytes(Array("\(threads.count) \(isCurrent)".utf8)))
      }
    ]) { $0.loops = 2 }

    let clients = try (0..<8).map { _ in try server.client() }
    for client in clients { try client.request("GET", "/threads") }
    for client in clients { #expect(try client.reply().text == "1 true") }

    @Sendable func other(_ threads: inout Set<UInt>) async { threads.insert(pthread_self()) }
  }

  @Test func `a client that left while its handler waited is freed at the deadline`() throws {
    let time = SteppedTime()
    let desk = Desk()
    let live = Box<[WeakRequest]>([])
    let server = try TestServer(
      [
        Route(.get, "/wait") { request in
          live.update { $0.append(WeakRequest(request)) }
          let deadline = request.receivedAt + .seconds(60)
          let value: Int? = await request.loop.suspend(until: deadline) { desk.put($0) }
          return Response(status: value == nil ? 200 : 500)
        }
      ], time: time
    ) { $0.socketCheck = .seconds(3600) }
    var client: Client? = try server.client()
    try client?.request("GET", "/wait")
    #expect(desk.signal.wait())

    client = nil
    time.advance(.seconds(59), server)
    #expect(server.onLoop { $0.trafficTasks } == 1)
    time.advance(.seconds(1), server)

    #expect(server.turn { $0.trafficTasks == 0 && $0.trafficConnections == 0 })
    #expect(live.value.count == 1)
    #expect(live.value.allSatisfy { $0.request == nil })
  }

  @Test func `a client that left is noticed when the sockets are looked at`() throws {
    let time = SteppedTime()
    let desk = Desk()
    let server = try TestServer([Self.waiting(desk, until: .seconds(60))], time: time)
    var client: Client? = try server.client()
    let staying = try server.client()
    try client?.request("GET", "/wait")
    try staying.request("GET", "/wait")
    #expect(desk.signal.wait())
    #expect(server.turn { $0.trafficTasks == 2 })

    client = nil
    time.advance(.seconds(15), server)

    #expect(server.turn { $0.trafficTasks == 1 && $0.trafficConnections == 1 })
    for resumer in desk.take() { resumer.resume(3) }
    #expect(try staying.reply().text == "3")
  }

  @Test func `work that cannot be called back goes on when its client has left`() throws {
    let time = SteppedTime()
    let desk = Desk()
    let done = Box<[Int?]>([])
    let server = try TestServer(
      [
        Route(.post, "/work") { request in
          let value: Int? = await request.loop.suspend(until: nil) { desk.put($0) }
          done.update { $0.append(value) }
          _ = request.header("Host")
          return Response(status: 200)
        }
      ], time: time)
    var client: Client? = try server.client()
    try client?.request("POST", "/work", [:], [1, 2, 3])
    #expect(desk.signal.wait())

    client = nil
    time.advance(.seconds(15), server)
    #expect(server.onLoop { $0.trafficTasks } == 1)
    desk.take()[0].resume(11)

    #expect(server.turn { $0.trafficTasks == 0 && $0.trafficConnections == 0 })
    #expect(done.value == [11])
  }

  @Test func `deliveries run in order, and those to a loop that is awake wake it no more`() throws {
    let server = try TestServer([])
    let seen = Box<[Int]>([])
    let parking = Parking()

    let before = server.onLoop { loop in
      let turns = loop.turns
      for i in 0..<1000 { loop.deliver { seen.update { $0.append(i) } } }
      loop.deliver { parking.wake() }
      return turns
    }
    parking.park()

    #expect(seen.value == Array(0..<1000))
    #expect(server.loop.turns - before <= 3)
  }

  @Test func `a thousand waiting polls wake no thread more than once a second`() throws {
    raiseDescriptorLimit()
    let count = Atomic<Int>(0)
    let all = Signal()
    let server = try TestServer([
      Route(.get, "/poll") { request in
        let deadline = request.receivedAt + .seconds(300)
        let _: Int? = await request.loop.suspend(until: deadline) { _ in
          if count.add(1, ordering: .relaxed).newValue == 1000 { all.raise() }
        }
        return Response(status: 204)
      }
    ])
    let clients = try (0..<1000).map { _ in try server.client() }
    for client in clients { try client.request("GET", "/poll") }
    #expect(all.wait())
    #expect(server.turn { $0.trafficTasks == 1000 })

    // Another thread of this process parks for as long as is measured; the loop is left alone.
    let clock = SystemTime()
    let (start, before) = (clock.now, server.loop.turns)
    Parking().park(atMost: .seconds(5))
    let seconds = Double((clock.now - start).milliseconds) / 1000
    let turns = server.loop.turns - before

    #expect(Double(turns) <= seconds + 2, "\(turns) turns in \(seconds) s")
    #expect(turns >= 1)
  }

  struct WeakRequest: @unchecked Sendable {
    weak var request: Request?
    init(_ request: Request) { self.request = request }
  }
}
