import HTTP
import Platform
import TestSupport
import Testing

@Suite struct `Refusing requests` {
  @Test func `an unknown path is 404, a known one with another method 405 with Allow`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }, .echo(.post, "/a")])
    let client = try server.client()

    #expect(try client.ask("GET", "/b").status == 404)
    let refused = try client.ask("DELETE", "/a", [:], Array("ignored".utf8))
    #expect(refused.status == 405)
    #expect(refused["Allow"] == "GET, HEAD, POST, OPTIONS")
    #expect(try client.ask("GET", "/a").status == 200)
  }

  @Test(arguments: ["TRACE", "QUERY"])
  func `a method of HTTP that no route has is 405`(method: String) throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }])

    let refused = try server.client().ask(method, "/a")

    #expect(refused.status == 405)
    #expect(refused["Allow"] == "GET, HEAD, OPTIONS")
  }

  @Test func `a method that HTTP does not have is 501`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }])

    #expect(try server.client().ask("BREW", "/a").status == 501)
  }

  @Test func `a body over the limit is 413, and the connection goes on`() throws {
    let server = try TestServer([.echo()]) { $0.maximumBody = 1000 }
    let client = try server.client()

    let long = [UInt8](repeating: 65, count: 1001)
    #expect(try client.ask("POST", "/echo", [:], long).status == 413)
    #expect(try client.ask("POST", "/echo", [:], Array(long.dropLast())).status == 200)

    try client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in 0..<3 { try client.send(Array("190\r\n".utf8) + long[..<400] + Array("\r\n".utf8)) }
    try client.send("0\r\n\r\n")
    #expect(try client.reply().status == 413)
    #expect(try client.ask("POST", "/echo", [:], Array("on".utf8)).text == "on")
  }

  @Test func `a body far over the limit is answered and the connection closed`() throws {
    let server = try TestServer([.echo()]) { $0.maximumBody = 1000 }
    let client = try server.client()

    try client.request("POST", "/echo", ["Content-Length": "1000000000"])

    #expect(try client.reply().status == 413)
    #expect(client.isClosed())
  }

  @Test func `a body that never ends is cut`() throws {
    let server = try TestServer([.echo()]) { $0.maximumBody = 1000 }
    let client = try server.client()
    try client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 65, count: 65_536) + Array("\r\n".utf8)

    // The limit on what is thrown away is 1 MiB; the kernel's buffers take some more before a send
    // fails.
    var sent = 0
    while sent < 4096, (try? client.send(chunk)) != nil { sent += 1 }

    #expect(sent < 4096)
  }

  @Test func `a budget of bodies that is used up is 503`() throws {
    let server = try TestServer([.echo()]) { $0.bodyBudget = 10_000 }
    let client = try server.client()

    let reply = try client.ask("POST", "/echo", [:], [UInt8](repeating: 65, count: 10_001))
    #expect(reply.status == 503)
    #expect(reply["Retry-After"] == "1")
    for _ in 0..<5 {
      let body = [UInt8](repeating: 65, count: 9_000)
      #expect(try client.ask("POST", "/echo", [:], body).status == 200)
    }
  }

  @Test(arguments: [
    "GET /a HTTP/1.1\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
    "GET a HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /a HTTP/9.9.9\r\nHost: localhost\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  ])
  func `a malformed request is 400`(request: String) throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }, .echo(.post, "/a")])
    let client = try server.client()

    try client.send(request)

    #expect(try client.reply().status == 400)
  }

  @Test func `what is no request at all is closed`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }])
    let client = try server.client()

    try client.send("nonsense\r\n\r\n")

    #expect(client.isClosed())
  }

  @Test(arguments: [
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "Content-Length: 5\r\nContent-Length: 6\r\n",
    "Transfer-Encoding: gzip\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "Content-Length : 5\r\n",
    "Host: other\r\n",
  ])
  func `headers that two parties could read differently are 400`(headers: String) throws {
    let server = try TestServer([.echo()])
    let client = try server.client()

    try client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n0\r\n\r\n")
    client.finishWriting()

    #expect(try client.reply().status == 400)
  }

  @Test func `headers that do not fit are 431, and a target that does not 414`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }])

    let wide = try server.client()
    try wide.request("GET", "/a", ["X-Wide": String(repeating: "w", count: 20_000)])
    #expect(try wide.reply().status == 431)

    let long = try server.client()
    try long.request("GET", "/" + String(repeating: "l", count: 20_000))
    #expect(try long.reply().status == 414)
  }

  @Test func `a cursor of 8 KiB fits`() throws {
    let server = try TestServer([.text(.get, "/a") { "\($0.query("cursor")!.count)" }])

    let cursor = String(repeating: "c", count: 8192)
    #expect(try server.client().ask("GET", "/a?cursor=\(cursor)").text == "8192")
  }

  @Test func `on loopback a foreign host is 421`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }]) { $0.allowedHosts = ["mine.test"] }
    let client = try server.client()
    let good = [
      "localhost", "LOCALHOST:99", "127.0.0.1", "127.1.2.3:8082", "[::1]:8082", "mine.test:1",
      "Mine.test",
    ]
    let bad = ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "127.evil", "", "[::2]"]

    for host in good {
      #expect(try client.ask("GET", "/a", ["Host": host]).status == 200, "\(host)")
    }
    for host in bad {
      #expect(try client.ask("GET", "/a", ["Host": host]).status == 421, "\(host)")
    }
  }

  @Test func `on other listeners any host will do`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }]) { $0.listen = [("0.0.0.0", 0)] }

    #expect(try server.client().ask("GET", "/a", ["Host": "what.ever"]).status == 200)
  }

  @Test func `a page of another origin is 403, of its own or an allowed one served`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }]) {
      $0.allowedOrigins = ["https://good.test"]
    }
    let client = try server.client()
    func ask(_ origin: String, _ host: String = "localhost:8082") throws -> Reply {
      try client.ask("GET", "/a", ["Origin": origin, "Host": host])
    }

    #expect(try ask("http://evil.test").status == 403)
    #expect(try ask("null").status == 403)
    #expect(try ask("http://localhost:9999").status == 403)
    #expect(try ask("https://good.test.evil.test").status == 403)

    let own = try ask("http://localhost:8082")
    #expect(own.status == 200)
    #expect(own["Access-Control-Allow-Origin"] == nil)
    #expect(try ask("http://localhost", "localhost:80").status == 200)
    #expect(try ask("https://localhost", "localhost:80").status == 403)

    let allowed = try ask("https://good.test")
    #expect(allowed.status == 200)
    #expect(allowed["Access-Control-Allow-Origin"] == "https://good.test")
    #expect(allowed.headers.contains { $0.name == "Vary" && $0.value == "Origin" })
  }

  @Test func `OPTIONS says what a path takes, and what a page may do`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "" }, .echo(.post, "/a")]) {
      $0.allowedOrigins = ["https://good.test"]
    }
    let client = try server.client()

    let plain = try client.ask("OPTIONS", "/a")
    #expect(plain.status == 204)
    #expect(plain["Allow"] == "GET, HEAD, POST, OPTIONS")
    #expect(plain["Access-Control-Allow-Methods"] == nil)

    let preflight = try client.ask(
      "OPTIONS", "/a",
      [
        "Origin": "https://good.test", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, x-y",
      ])
    #expect(preflight.status == 204)
    #expect(preflight["Access-Control-Allow-Origin"] == "https://good.test")
    #expect(preflight["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS")
    #expect(preflight["Access-Control-Allow-Headers"] == "content-type, x-y")
    #expect(try client.ask("OPTIONS", "/none").status == 404)
  }

  @Test func `connections over the table's limit are told and closed`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "a" }]) { $0.maximumConnections = 3 }
    var clients: [Client] = []
    for _ in 0..<3 { clients.append(try server.client()) }
    for client in clients { #expect(try client.ask("GET", "/a").status == 200) }

    let late = try server.client()
    let reply = try late.ask("GET", "/a")

    #expect(reply.status == 503)
    #expect(reply["Retry-After"] == "1")
    #expect(late.isClosed())
    #expect(try clients[0].ask("GET", "/a").status == 200)
    clients.removeLast()
    #expect(server.turn { $0.trafficConnections == 2 })
    #expect(try server.client().ask("GET", "/a").status == 200)
  }

  @Test func `a client that says nothing is closed after the idle timeout`() throws {
    let server = try TestServer([.echo()]) { $0.idleTimeout = .seconds(1) }
    let silent = try server.client()
    let half = try server.client()
    try half.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf")

    #expect(silent.isClosed())
    #expect(half.isClosed())
    #expect(server.turn { $0.trafficConnections == 0 })
  }

  @Test(arguments: [
    "", "POS", "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx",
  ])
  func `a client that closed its half is left when the sockets are looked at`(
    beginning: String
  ) throws {
    let time = SteppedTime()
    let server = try TestServer([.echo(), .text(.get, "/a") { _ in "a" }], time: time)
    let client = try server.client()

    // The end comes with the last bytes, where no edge tells of it.
    try client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n" + beginning)
    client.finishWriting()
    #expect(try client.reply().text == "a")
    time.advance(.seconds(15), server)

    #expect(client.isClosed())
    #expect(server.turn { $0.trafficConnections == 0 && $0.trafficExchanges == 0 })
  }

  @Test func `a chunk's line that fills the memory is cut, and keeps no loop turning`() throws {
    let server = try TestServer([.echo(), .text(.get, "/a") { _ in "a" }])
    let client = try server.client()

    try client.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5;"
        + String(repeating: "x", count: 40_000))

    #expect(client.isClosed())
    #expect(try server.client().ask("GET", "/a").text == "a")
  }

  @Test func `a client that drips a body, or a request line, is cut`() throws {
    let time = SteppedTime()
    let server = try TestServer([.echo()], time: time)
    let body = try server.client()
    try body.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nh")
    let line = try server.client()
    try line.send("POS")
    #expect(server.turn { $0.trafficConnections == 2 && $0.trafficExchanges == 1 })

    time.advance(.seconds(61), server)
    #expect(body.isClosed())

    #expect(server.turn { $0.trafficConnections == 1 })
    time.advance(.seconds(61), server)
    #expect(line.isClosed())
  }
}
