import HTTP
import Platform
import Synchronization
import TestSupport
import Testing

@Suite("Streaming answers") struct StreamTests {
  @Test func `what is written arrives at once, and the end is seen`() throws {
    let desk = Lock<[Resumer<String>]>([])
    let signal = Signal()
    let server = try TestServer([
      Route(.get, "/stream") { request in
        let loop = request.loop
        return Response(
          status: 200, headers: [("Content-Type", "application/x-ndjson")],
          body: .stream { writer in
            while true {
              let text: String? = await loop.suspend(until: nil) { resumer in
                desk.withLock { $0.append(resumer) }
                signal.raise()
              }
              guard let text, text != "end" else { return }
              try? await writer.write(Array(text.utf8))
            }
          })
      }
    ])
    func say(_ text: String) {
      #expect(signal.wait())
      desk.withLock { $0.removeFirst() }.resume(text)
    }
    let client = try server.client()
    try client.request("GET", "/stream")

    let head = try client.head()
    #expect(head["Transfer-Encoding"] == "chunked")
    say("one")
    #expect(try client.chunk() == Array("one".utf8))
    say("two")
    #expect(try client.chunk() == Array("two".utf8))
    say("end")
    #expect(try client.chunk() == nil)

    try client.request("GET", "/stream")
    say("end")
    #expect(try client.reply().body.isEmpty)
  }

  @Test func `a long stream arrives whole, also in HTTP 1.0`() throws {
    let server = try TestServer([Self.counting(pieces: 300, of: 10_007)])

    let reply = try server.client().ask("GET", "/count")
    #expect(reply.body == Self.expected(300, 10_007))

    let old = try server.client()
    try old.send("GET /count HTTP/1.0\r\n\r\n")
    let whole = try old.reply()
    #expect(whole["Transfer-Encoding"] == nil)
    #expect(whole.body == Self.expected(300, 10_007))
  }

  @Test func `pieces larger than the room arrive whole`() throws {
    let server = try TestServer([Self.counting(pieces: 5, of: 300_000)])

    #expect(try server.client().ask("GET", "/count").body == Self.expected(5, 300_000))
  }

  @Test func `a client that never reads costs at most 256 KiB`() throws {
    let written = Atomic<Int>(0)
    let server = try TestServer([
      Route(.get, "/flood") { _ in
        Response(
          status: 200,
          body: .stream { writer in
            let piece = [UInt8](repeating: 65, count: 8192)
            while (try? await writer.write(piece)) != nil {
              written.add(piece.count, ordering: .relaxed)
            }
          })
      },
      .text(.get, "/other") { _ in "fine" },
    ])
    let silent = try server.client()
    try silent.request("GET", "/flood")
    #expect(server.turn { _ in written.load(ordering: .relaxed) > 0 })

    // It is at rest when the loop has served others for a while and nothing more was taken.
    let other = try server.client()
    var last = -1
    while case let now = written.load(ordering: .relaxed), now != last {
      last = now
      for _ in 0..<50 { #expect(try other.ask("GET", "/other").text == "fine") }
    }

    // What the client's own kernel holds is the client's.
    let cost = last - silent.unread
    #expect(cost > 0)
    #expect(cost <= 256 << 10, "\(cost) bytes of \(last) are the server's")
  }

  @Test func `a writer hears that the client left`() throws {
    let closed = Box<StreamClosed.Reason?>(nil)
    let signal = Signal()
    let server = try TestServer([
      Route(.get, "/flood") { _ in
        Response(
          status: 200,
          body: .stream { writer in
            do throws(StreamClosed) {
              while true { try await writer.write([UInt8](repeating: 65, count: 8192)) }
            } catch {
              closed.update { $0 = error.reason }
              signal.raise()
            }
          })
      }
    ])
    var client: Client? = try server.client()
    try client?.request("GET", "/flood")
    _ = try client?.head()

    client = nil

    #expect(signal.wait())
    #expect(closed.value == .clientLeft)
    #expect(server.turn { $0.trafficTasks == 0 && $0.trafficConnections == 0 })
  }

  @Test func `an idle stream whose client left is noticed after 15 seconds`() throws {
    let time = SteppedTime()
    let started = Signal()
    let ended = Signal()
    let server = try TestServer(
      [
        Route(.get, "/idle") { request in
          let loop = request.loop
          return Response(
            status: 200,
            body: .stream { writer in
              started.raise()
              while !writer.isClosed {
                await loop.sleep(until: loop.time.now + .seconds(3600))
              }
              #expect(writer.closed?.reason == .clientLeft)
              ended.raise()
            })
        }
      ], time: time)
    var client: Client? = try server.client()
    try client?.request("GET", "/idle")
    _ = try client?.head()
    #expect(started.wait())

    client = nil
    time.advance(.seconds(15), server)

    #expect(ended.wait())
    #expect(server.turn { $0.trafficTasks == 0 && $0.trafficConnections == 0 })
  }

  @Test func `a client that stops reading is left after the idle timeout`() throws {
    let closed = Box<StreamClosed.Reason?>(nil)
    let signal = Signal()
    let server = try TestServer([
      Route(.get, "/flood") { _ in
        Response(
          status: 200,
          body: .stream { writer in
            do throws(StreamClosed) {
              while true { try await writer.write([UInt8](repeating: 65, count: 8192)) }
            } catch {
              closed.update { $0 = error.reason }
              signal.raise()
            }
          })
      }
    ]) { $0.idleTimeout = .seconds(1) }
    let client = try server.client()
    try client.request("GET", "/flood")

    #expect(signal.wait())
    #expect(closed.value == .timeout)
  }

  @Test func `a stream that is given up is cut, so that it does not look whole`() throws {
    let server = try TestServer([
      Route(.get, "/broken") { _ in
        Response(
          status: 200,
          body: .stream { writer in
            try? await writer.write(Array("half".utf8))
            writer.abort()
          })
      }
    ])
    let client = try server.client()
    try client.request("GET", "/broken")
    _ = try client.head()

    let rest = try client.rest()

    #expect(!String(decoding: rest, as: UTF8.self).contains("0\r\n\r\n"))
  }

  static func counting(pieces: Int, of size: Int) -> Route {
    Route(.get, "/count") { _ in
      Response(
        status: 200,
        body: .stream { writer in
          for i in 0..<pieces {
            do {
              try await writer.write([UInt8](repeating: UInt8(truncatingIfNeeded: i), count: size))
            } catch {
              return
            }
          }
        })
    }
  }

  static func expected(_ pieces: Int, _ size: Int) -> [UInt8] {
    (0..<pieces).flatMap { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: size) }
  }
}
