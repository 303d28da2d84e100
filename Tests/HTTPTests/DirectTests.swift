@testable import HTTP
import Platform
import TestSupport
import Testing

@Suite struct `Handlers without a task` {
  private static func text(_ text: String, status: Int = 200) -> Response {
    Response(status: status, body: .bytes(Array(text.utf8)))
  }

  /// A route that keeps its responders for the test.
  private static func parking(_ desk: Desk) -> Route {
    Route(.post, "/park") { _, responder in
      desk.responders.update { $0.append(responder) }
      desk.signal.raise()
    } lost: { _ in
      text("lost", status: 500)
    }
  }

  private final class Desk: Sendable {
    let responders = Box<[Responder]>([])
    let signal = Signal()
  }

  @Test func `an answer given in the call is sent, also one connection's many`() throws {
    let server = try TestServer([
      Route(.post, "/echo") { request, responder in
        responder.answer(Response(status: 200, body: .bytes(request.takeBody())))
      } lost: { _ in
        Self.text("lost")
      }
    ])
    let client = try server.client()

    for i in 0..<50 {
      #expect(try client.ask("POST", "/echo", [:], Array("body \(i)".utf8)).text == "body \(i)")
    }
    #expect(server.onLoop { $0.trafficExchanges } == 0)
  }

  @Test func `an answer given later is sent, and only the first one`() throws {
    let desk = Desk()
    let server = try TestServer([Self.parking(desk)])
    let clients = try (0..<3).map { _ in try server.client() }
    for client in clients {
      try client.request("POST", "/park")
      #expect(desk.signal.wait())
    }

    server.loop.deliver {
      for (i, responder) in desk.responders.value.enumerated() {
        responder.answer(Self.text("\(i)"))
        responder.answer(Self.text("again"))
      }
    }

    for (i, client) in clients.enumerated() { #expect(try client.reply().text == "\(i)") }
    #expect(try clients[0].ask("GET", "/none").status == 404)
  }

  @Test func `it may go on in a task of its loop`() throws {
    let server = try TestServer([
      Route(.post, "/task") { request, responder in
        responder.start {
          await request.loop.sleep(until: request.loop.time.now + .milliseconds(1))
          responder.answer(Self.text("\(request.loop.isCurrent)"))
        }
      } lost: { _ in
        Self.text("lost")
      }
    ])

    #expect(try server.client().ask("POST", "/task").text == "true")
  }

  @Test func `an answer to a client that has left is dropped, and the request is freed`() throws {
    let desk = Desk()
    let server = try TestServer([Self.parking(desk)])
    do {
      let client = try server.client()
      try client.request("POST", "/park")
      #expect(desk.signal.wait())
    }

    server.loop.deliver {
      desk.responders.update { responders in
        for responder in responders { responder.answer(Self.text("late")) }
        responders = []
      }
    }

    #expect(server.turn { $0.trafficExchanges == 0 })
    #expect(try server.client().ask("GET", "/none").status == 404)
  }

  @Test func `what follows a round runs once behind it, and at once elsewhere`() throws {
    let ran = Box(0)
    let server = try TestServer([
      Route(.post, "/round") { request, responder in
        let before = ran.value
        request.loop.afterRound { ran.update { $0 += 1 } }
        responder.answer(Self.text("\(before) \(ran.value)"))
      } lost: { _ in
        Self.text("lost")
      }
    ])

    #expect(try server.client().ask("POST", "/round").text == "0 0")
    #expect(server.onLoop { _ in ran.value } == 1)
    server.loop.afterRound { ran.update { $0 += 1 } }
    #expect(ran.value == 2)
  }

  @Test func `a long body ahead, or many others, end a round early`() throws {
    let ran = Box(0)
    let server = try TestServer([]) { $0.loops = 1 }

    let seen = server.onLoop { loop in
      loop.inRound {
        var seen: [Int] = []
        loop.afterRound { ran.update { $0 += 1 } }
        loop.willRunHandler(bytes: 100)
        seen.append(ran.value)
        loop.willRunHandler(bytes: 1 << 20)
        seen.append(ran.value)
        loop.afterRound { ran.update { $0 += 1 } }
        for _ in 0..<31 { loop.willRunHandler(bytes: 100) }
        seen.append(ran.value)
        loop.willRunHandler(bytes: 100)
        seen.append(ran.value)
        return seen
      }
    }

    #expect(seen == [0, 1, 1, 2])
  }

  @Test func `what is parked at the end of the grace gets the route's own answer`() throws {
    let desk = Desk()
    let server = try TestServer([Self.parking(desk)]) { $0.stopGrace = .milliseconds(50) }
    let (loop, client) = (server.loop, try server.client())
    try client.request("POST", "/park")
    #expect(desk.signal.wait())

    server.server.stop()

    let reply = try client.reply()
    #expect(reply.status == 500)
    #expect(reply.text == "lost")
    loop.deliver { desk.responders.value[0].answer(Self.text("after the end")) }
  }
}
