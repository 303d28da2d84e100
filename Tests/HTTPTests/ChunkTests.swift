import Compression
import HTTP
import Platform
import TestSupport
import Testing

@Suite("Taking a body in chunks") struct ChunkTests {
  static let adding = Route(.post, "/sum", body: .chunks) { request in
    var (sum, pieces) = (0, 0)
    do {
      while let piece = try await request.nextChunk() {
        pieces += 1
        for byte in piece { sum &+= Int(byte) }
      }
    } catch {
      return Response(status: 400, body: .bytes(Array("\(error)".utf8)))
    }
    return Response(status: 200, body: .bytes(Array("\(sum) \(pieces > 1)".utf8)))
  }

  @Test func `all of it comes, in more than one piece, without a limit`() throws {
    let server = try TestServer([Self.adding]) { $0.maximumBody = 1000 }
    let client = try server.client()

    let body = [UInt8](repeating: 3, count: 2_000_000)
    #expect(try client.ask("POST", "/sum", [:], body).text == "6000000 true")
    #expect(try client.ask("POST", "/sum", [:], []).text == "0 false")
    #expect(try client.ask("POST", "/sum", [:], [1, 2]).text == "3 false")
  }

  @Test func `pieces are decoded as they come`() throws {
    let server = try TestServer([Self.adding])
    let client = try server.client()
    let body = (0..<500_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    let sum = body.reduce(0) { $0 + Int($1) }

    for coding in ContentCoding.allCases {
      let reply = try client.ask(
        "POST", "/sum", ["Content-Encoding": coding.rawValue], coding.compress(body.span))
      #expect(reply.text == "\(sum) true")
    }
    let damaged = try client.ask("POST", "/sum", ["Content-Encoding": "gzip"], [1, 2, 3, 4])
    #expect(damaged.text == "malformed")
    let short = ContentCoding.zstd.compress(body.span).dropLast(3)
    let cut = try client.ask("POST", "/sum", ["Content-Encoding": "zstd"], Array(short))
    #expect(cut.text == "malformed")
  }

  @Test func `a handler that does not take holds the sender back`() throws {
    let gate = Lock<Resumer<Int>?>(nil)
    let waiting = Signal()
    let server = try TestServer([
      Route(.post, "/slow", body: .chunks) { request in
        let _: Int? = await request.loop.suspend(until: nil) { resumer in
          gate.withLock { $0 = resumer }
          waiting.raise()
        }
        var count = 0
        while let piece = try? await request.nextChunk() { count += piece.count }
        return Response(status: 200, body: .bytes(Array("\(count)".utf8)))
      },
      .text(.get, "/other") { _ in "fine" },
    ])
    let client = try server.client()
    let total = 64 << 20
    try client.request("POST", "/slow", ["Content-Length": "\(total)"])
    #expect(waiting.wait())
    let piece = [UInt8](repeating: 9, count: 1 << 20)

    let sender = Box(0)
    let done = Signal()
    let thread = try Worker("sender") {
      for _ in 0..<64 {
        guard (try? client.send(piece)) != nil else { break }
        sender.update { $0 += piece.count }
      }
      done.raise()
    }
    // At rest when others were served for a while and no more was taken.
    let other = try server.client()
    var last = -1
    while case let now = sender.value, now != last || now == 0 {
      last = now
      for _ in 0..<50 { #expect(try other.ask("GET", "/other").text == "fine") }
    }
    #expect(last < total)
    gate.withLock { $0 }!.resume(1)

    #expect(done.wait())
    thread.join()
    #expect(try client.reply().text == "\(total)")
  }

  @Test func `a handler that answers early lets the rest pass`() throws {
    let server = try TestServer([
      Route(.post, "/early", body: .chunks) { _ in Response(status: 401) }
    ])
    let client = try server.client()

    for _ in 0..<2 {
      let reply = try client.ask("POST", "/early", [:], [UInt8](repeating: 1, count: 300_000))
      #expect(reply.status == 401)
    }
  }

  @Test func `a stream may be the answer before the body's end`() throws {
    let server = try TestServer([
      Route(.post, "/early", body: .chunks) { _ in
        Response(
          status: 200,
          body: .stream { writer in
            for i in 0..<3 { try? await writer.write(Array("\(i)".utf8)) }
          })
      }
    ])
    let client = try server.client()

    for _ in 0..<2 {
      let reply = try client.ask("POST", "/early", [:], [UInt8](repeating: 1, count: 300_000))
      #expect(reply.text == "012")
    }
  }

  @Test func `a client that leaves while its body passes is let go`() throws {
    let returned = Signal()
    let server = try TestServer([
      Route(.post, "/early", body: .chunks) { _ in
        defer { returned.raise() }
        return Response(status: 200)
      }
    ])
    var client: Client? = try server.client()
    try client?.request("POST", "/early", ["Content-Length": "100"])
    #expect(returned.wait())

    client = nil

    #expect(server.turn { $0.trafficTasks == 0 && $0.trafficConnections == 0 })
  }

  @Test func `a client that leaves in the middle is told to the handler`() throws {
    let fault = Box<BodyFault?>(nil)
    let signal = Signal()
    let server = try TestServer([
      Route(.post, "/sum", body: .chunks) { request in
        do throws(BodyFault) {
          while (try await request.nextChunk()) != nil { signal.raise() }
        } catch {
          fault.update { $0 = error }
          signal.raise()
        }
        return Response(status: 200)
      }
    ])
    var client: Client? = try server.client()
    try client?.request("POST", "/sum", ["Content-Length": "1000"])
    try client?.send([1, 2, 3])
    #expect(signal.wait())

    client = nil

    #expect(signal.wait())
    #expect(fault.value == .clientLeft)
    #expect(server.turn { $0.trafficTasks == 0 && $0.trafficConnections == 0 })
  }
}
