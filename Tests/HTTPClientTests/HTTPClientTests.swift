import Glibc
import HTTPClient
import Platform
import Testing

@Suite struct HTTPClientTests {
  private static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Two:  b \r\n\r\nhello"

  private func server(_ answer: ScriptedServer.Answer) throws -> ScriptedServer {
    try ScriptedServer { _ in answer }
  }

  private func client() throws -> HTTPClient { try HTTPClient(userAgent: "test/1") }

  @Test func `an answer has status, headers and body`() throws {
    let server = try server(.bytes(Self.hello))
    defer { server.stop() }

    let response = try client().send(HTTPRequest("GET", server.url + "/a?b=c"))

    #expect(response.status == 200 && response.body == Array("hello".utf8))
    #expect(response["x-two"] == "b" && response["x-three"] == nil)
    #expect(response.headers.map(\.name) == ["Content-Length", "X-Two"])
    #expect(
      server.requests == [
        "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: test/1\r\n"
          + "Accept: */*\r\n\r\n"
      ])
  }

  @Test func `one connection serves many requests`() throws {
    let server = try server(.bytes(Self.hello))
    defer { server.stop() }
    let client = try client()

    for _ in 0..<5 { #expect(try client.send(HTTPRequest("GET", server.url)).status == 200) }

    #expect(server.requests.count == 5 && server.connections == 1)
  }

  @Test(arguments: ["POST", "PATCH", "PUT"])
  func `a body is sent with its length and the fields that were given`(method: String) throws {
    let server = try server(.bytes(Self.hello))
    defer { server.stop() }
    let client = try client()

    _ = try client.send(
      HTTPRequest(
        method, server.url, headers: [("Content-Type", "a/b"), ("X-Empty", "")],
        body: .bytes(Array("body".utf8))))
    _ = try client.send(
      HTTPRequest(method, server.url, headers: [("X-Bad", "a\r\nb: c")], body: .bytes([])))

    let (first, second) = (server.requests[0], server.requests[1])
    #expect(first.hasPrefix("\(method) / HTTP/1.1\r\n") && first.hasSuffix("\r\n\r\nbody"))
    #expect(first.contains("\r\nContent-Length: 4\r\n"))
    #expect(first.contains("\r\nContent-Type: a/b\r\nX-Empty:\r\n"))
    #expect(second.contains("\r\nContent-Length: 0\r\n") && !second.contains("Content-Type"))
    #expect(!second.contains("X-Bad") && !second.contains("Expect"))
  }

  @Test func `a large body goes whole, also by pieces`() throws {
    let server = try server(.bytes(Self.hello))
    defer { server.stop() }
    let client = try client()
    let large = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    let pieces = Pieces(["ab", "", "cd"])

    _ = try client.send(HTTPRequest("POST", server.url, body: .bytes(large)))
    _ = try client.send(HTTPRequest("POST", server.url, body: .stream { pieces.next() }))

    #expect(server.requests[0].utf8.reversed().prefix { $0 == UInt8(ascii: "x") }.count == 1 << 20)
    #expect(server.requests[1].hasSuffix("\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n"))
    #expect(server.connections == 1)
  }

  // SAFETY: only the thread of `send` uses it.
  private final class Pieces: @unchecked Sendable {
    private var left: [String]
    init(_ pieces: [String]) { left = pieces }
    func next() -> [UInt8]? { left.isEmpty ? nil : Array(left.removeFirst().utf8) }
  }

  @Test func `an answer without a body ends with its head`() throws {
    let server = try server(.bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))
    defer { server.stop() }

    let response = try client().send(HTTPRequest("HEAD", server.url))

    #expect(response.status == 200 && response.body.isEmpty)
  }

  @Test func `an interim answer is passed over, a redirect is an answer`() throws {
    let server = try server(
      .bytes(
        "HTTP/1.1 102 Processing\r\nX-Early: 1\r\n\r\n"
          + "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"))
    defer { server.stop() }

    let response = try client().send(HTTPRequest("GET", server.url))

    #expect(response.status == 302 && response["Location"] == "/b" && response["X-Early"] == nil)
    #expect(server.requests.count == 1)
  }

  @Test func `a receiver that has enough ends the answer`() throws {
    let server = try server(.silence("HTTP/1.1 200 OK\r\n\r\nfirst"))
    defer { server.stop() }
    var received: [UInt8] = []

    let response = try client().send(HTTPRequest("GET", server.url)) { head, bytes in
      received += bytes
      return head.status != 200
    }

    #expect(response.status == 200 && received == Array("first".utf8))
  }

  @Test func `a body larger than wanted is refused`() throws {
    let server = try server(.bytes(Self.hello))
    defer { server.stop() }
    let client = try client()

    #expect(throws: HTTPClientError.tooLarge(limit: 4)) {
      try client.send(HTTPRequest("GET", server.url), limit: 4)
    }
    #expect(try client.send(HTTPRequest("GET", server.url), limit: 5).body.count == 5)
  }

  @Test func `a port where nobody listens is unreachable`() throws {
    let (descriptor, port) = try ScriptedServer.socket(listens: false)
    defer { close(descriptor) }

    #expect(throws: HTTPClientError.unreachable("the connection is refused")) {
      try client().send(HTTPRequest("GET", "http://127.0.0.1:\(port)/"))
    }
    #expect(throws: HTTPClientError.unreachable("its host's name is not known")) {
      try client().send(HTTPRequest("GET", "http://nowhere.invalid/"))
    }
  }

  @Test(arguments: [
    "ftp://127.0.0.1/", "http://127.0.0.1/a b", "http://127.0.0.1/ä", "http://", "",
  ])
  func `what is no address of HTTP is refused`(url: String) throws {
    let error = try #require(throws: HTTPClientError.self) {
      try client().send(HTTPRequest("GET", url))
    }
    guard case .badAddress = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func `a server without TLS is not taken for one that has it`() throws {
    let server = try ScriptedServer(greeting: Self.hello) { _ in .last("") }
    defer { server.stop() }

    let error = try #require(throws: HTTPClientError.self) {
      try client().send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/"))
    }

    guard case .insecure = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func `a server that does not answer is given up`() throws {
    let server = try server(.silence(""))
    defer { server.stop() }
    var request = HTTPRequest("POST", server.url, body: .bytes(Array("x".utf8)))
    request.answerTimeout = .milliseconds(50)

    #expect(throws: HTTPClientError.timedOut) { try client().send(request) }
  }

  @Test func `an answer that is cut off is interrupted`() throws {
    for cut in ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"] {
      let server = try server(.last(cut))
      defer { server.stop() }

      let error = try #require(throws: HTTPClientError.self) {
        try client().send(HTTPRequest("GET", server.url))
      }

      guard case .interrupted = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func `another thread ends a request that waits`() throws {
    let server = try server(.silence("HTTP/1.1 200 OK\r\n\r\nfirst"))
    defer { server.stop() }
    let client = try client()
    var worker: Worker?

    #expect(throws: HTTPClientError.cancelled) {
      try client.send(HTTPRequest("GET", server.url)) { _, _ in
        worker = try? Worker("cancel") { client.cancel() }
        return true
      }
    }
    worker?.join()
    #expect(throws: HTTPClientError.cancelled) { try client.send(HTTPRequest("GET", server.url)) }
  }
}
