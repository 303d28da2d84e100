import HTTP
import Platform
import TestSupport
import Testing

@Suite struct `Serving requests` {
  @Test func `an answer has its status, headers and body`() throws {
    let server = try TestServer([
      Route(.get, "/here/{name}") { request in
        Response(
          status: 201, headers: [("Content-Type", "text/plain"), ("X-Custom", "one")],
          body: .bytes(Array("hello \(request.parameter("name"))".utf8)))
      }
    ])

    let reply = try server.client().ask("GET", "/here/you%2Fme")

    #expect(reply.status == 201)
    #expect(reply["Content-Type"] == "text/plain")
    #expect(reply["X-Custom"] == "one")
    #expect(reply["Content-Length"] == "12")
    #expect(reply.text == "hello you/me")
  }

  @Test func `a connection serves one request after the other`() throws {
    let server = try TestServer([.echo()])
    let client = try server.client()

    for i in 0..<50 {
      #expect(try client.ask("POST", "/echo", [:], Array("body \(i)".utf8)).text == "body \(i)")
    }
  }

  @Test func `pipelined requests are answered in their order`() throws {
    let server = try TestServer([.echo(), .text(.get, "/a") { _ in "first" }])
    let client = try server.client()

    try client.send(
      "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
        + "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nsecond"
        + "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n"
        + "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n")

    #expect(try client.reply().text == "first")
    #expect(try client.reply().text == "second")
    #expect(try client.reply().status == 404)
    #expect(try client.reply().text == "first")
  }

  @Test func `pipelined requests that wait are answered in their order`() throws {
    let server = try TestServer([
      Route(.get, "/wait/{n}") { request in
        await request.loop.sleep(until: request.loop.time.now + .milliseconds(3))
        return Response(status: 200, body: .bytes(Array(request.parameter("n").utf8)))
      }
    ])
    let client = try server.client()

    for i in 0..<20 { try client.request("GET", "/wait/\(i)") }

    for i in 0..<20 { #expect(try client.reply().text == "\(i)") }
  }

  @Test func `HEAD has the headers of GET and no body`() throws {
    let server = try TestServer([
      .text(.get, "/a") { _ in "twelve bytes" },
      Route(.get, "/stream") { _ in
        Response(status: 200, body: .stream { _ in Issue.record("HEAD has no stream") })
      },
    ])
    let client = try server.client()

    let head = try client.ask("HEAD", "/a")

    #expect(head.status == 200)
    #expect(head["Content-Length"] == "12")
    #expect(try client.ask("GET", "/a").text == "twelve bytes")
    let stream = try client.ask("HEAD", "/stream")
    #expect(stream.status == 200)
    #expect(stream["Content-Length"] == nil)
    #expect(client.isClosed())
  }

  @Test func `a body comes whole, with 64 bytes of room`() throws {
    let server = try TestServer([
      .text(.post, "/count") { "\($0.body.count) \($0.body.capacity >= $0.body.count + 64)" }
    ])
    let client = try server.client()

    for count in [1, 63, 4_096, 100_000, 3_000_000] {
      let body = [UInt8](repeating: 7, count: count)
      #expect(try client.ask("POST", "/count", [:], body).text == "\(count) true")
    }
  }

  @Test func `a chunked body comes whole`() throws {
    let server = try TestServer([.echo()])
    let client = try server.client()

    try client.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\nTrailer: t\r\n\r\n")

    #expect(try client.reply().text == "hello, world")
    #expect(try client.ask("POST", "/echo", [:], Array("on".utf8)).text == "on")
  }

  @Test func `a body is read on every method`() throws {
    let methods: [HTTP.Method] = [.get, .put, .patch, .delete]
    let server = try TestServer(methods.map { .echo($0) })
    let client = try server.client()

    for method in methods {
      #expect(try client.ask(method.rawValue, "/echo", [:], Array("body".utf8)).text == "body")
    }
  }

  @Test func `who expects 100-continue gets it before sending the body`() throws {
    let server = try TestServer([.echo()])
    let client = try server.client()
    try client.request("POST", "/echo", ["Expect": "100-continue", "Content-Length": "4"])

    #expect(try client.head().status == 100)
    try client.send("body")
    #expect(try client.reply().text == "body")
  }

  @Test func `who expects 100-continue for too much is refused before sending it`() throws {
    let server = try TestServer([.echo()]) { $0.maximumBody = 1000 }
    let client = try server.client()

    try client.request("POST", "/echo", ["Expect": "100-continue", "Content-Length": "1001"])

    #expect(try client.reply().status == 413)
    #expect(client.isClosed())
  }

  @Test func `Connection close is honoured, and so is HTTP 1.0`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "a" }])

    let closing = try server.client()
    #expect(try closing.ask("GET", "/a", ["Connection": "close"]).text == "a")
    #expect(closing.isClosed())

    let old = try server.client()
    try old.send("GET /a HTTP/1.0\r\n\r\n")
    #expect(try old.reply().text == "a")
    #expect(old.isClosed())
  }

  @Test func `a request keeps its id, or gets one`() throws {
    let server = try TestServer([.text(.get, "/id") { $0.id }])
    let client = try server.client()

    let given = try client.ask("GET", "/id", ["X-Request-Id": "abc-1"])
    #expect(given.text == "abc-1")
    #expect(given["X-Request-Id"] == "abc-1")

    let first = try client.ask("GET", "/id", ["X-Request-Id": "not sane"])
    let second = try client.ask("GET", "/id")
    #expect(first.text.count == 16)
    #expect(first["X-Request-Id"] == first.text)
    #expect(first.text != second.text)
  }

  @Test func `headers and query are looked up as they were sent`() throws {
    let server = try TestServer([
      Route(.get, "/look") { request in
        let fields = request.headers(prefixed: "curlew-header-").map { "\($0.name)=\($0.value)" }
        let parts = [
          request.header("accept") ?? "-", request.header("absent") ?? "-",
          fields.joined(separator: "|"), request.query("a") ?? "-", request.query("b c") ?? "-",
          request.query("none") ?? "-", request.queryNames.joined(separator: "|"),
          request.rawQuery, request.path,
        ]
        return Response(status: 200, body: .bytes(Array(parts.joined(separator: "\n").utf8)))
      }
    ])
    let client = try server.client()

    try client.send(
      "GET /look?a=1%202&b+c=x%2By+z&a=3&flag HTTP/1.1\r\nHost: localhost\r\nACCEPT: text/html\r\n"
        + "Curlew-Header-One: 1\r\nX-Other: y\r\ncurlew-HEADER-two:  zwei \r\n\r\n")

    #expect(
      try client.reply().text.split(separator: "\n", omittingEmptySubsequences: false) == [
        "text/html", "-", "Curlew-Header-One=1|curlew-HEADER-two=zwei", "1 2", "x+y z", "-",
        "a|b c|flag", "a=1%202&b+c=x%2By+z&a=3&flag", "/look",
      ])
  }

  @Test func `a value with line ends makes no header of its own`() throws {
    let server = try TestServer([
      Route(.get, "/a") { _ in
        Response(status: 200, headers: [("X-Value", "one\r\nX-Evil: two")])
      }
    ])

    let reply = try server.client().ask("GET", "/a")

    #expect(reply["X-Evil"] == nil)
    #expect(reply["X-Value"]?.hasPrefix("one") == true)
  }

  @Test func `a large body arrives whole`() throws {
    let bytes = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let server = try TestServer([
      Route(.get, "/large") { _ in Response(status: 200, body: .bytes(bytes)) }
    ])
    let client = try server.client()

    for _ in 0..<2 { #expect(try client.ask("GET", "/large").body == bytes) }
  }

  @Test func `an observer is told of each request once it is over`() throws {
    final class Recorder: RequestObserver {
      let seen = Box<[String]>([])
      let signal = Signal()
      func finished(_ request: Request, status: Int, bytesOut: Int, elapsed: Duration) {
        seen.update {
          $0.append("\(request.method.rawValue) \(request.path) \(status) \(bytesOut)")
        }
        signal.raise()
      }
    }
    let recorder = Recorder()
    let server = try TestServer([.text(.get, "/a") { _ in "four" }], observer: recorder)

    _ = try server.client().ask("GET", "/a")
    #expect(recorder.signal.wait())
    _ = try server.client().ask("GET", "/b")
    #expect(recorder.signal.wait())

    #expect(recorder.seen.value == ["GET /a 200 4", "GET /b 404 31"])
  }
}
