import HTTP
import Platform
import TestSupport
import Testing

@testable import struct HTTP.Target

@Suite struct `Routing` {
  /// A loop that never starts: these handlers do not wait.
  static let loop = EventLoop(time: SystemTime())

  static func route(_ method: HTTP.Method, _ pattern: String) -> Route {
    Route(method, pattern) { request in
      let names = pattern.split(separator: "/").compactMap { segment in
        segment.firstIndex(of: "}").map { String(segment[..<$0].dropFirst()) }
      }
      let values = names.map { request.parameter($0) }
      return Response(
        status: 200, body: .bytes(Array(([pattern] + values).joined(separator: " ").utf8)))
    }
  }

  static func router(_ patterns: [String], aliases: [String] = []) throws -> Router {
    try Router(
      routes: patterns.map { line in
        let parts = line.split(separator: " ")
        return route(HTTP.Method(rawValue: String(parts[0]))!, String(parts[1]))
      }, aliases: aliases)
  }

  static func ask(_ router: Router, _ method: HTTP.Method, _ target: String) async -> String {
    let request = Request(testing: method, target, loop: loop)
    let response = await router.dispatch(request)
    guard response.status == 200, case .bytes(let bytes) = response.body else {
      return "\(response.status) \(response.header("Allow") ?? "")"
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static let table = [
    "GET /", "GET /topics", "POST /topics/{topic}", "GET /topics/{topic}",
    "GET /topics/{topic}/partitions/{partition}/records",
    "GET /topics/-/configs", "GET /topics/{topic}/configs", "POST /topics/{topic}/configs:alter",
    "POST /records:batch", "POST /jobs/{id}:cancel", "GET /jobs/{id}", "POST /jobs/{id}",
    "GET /v3/clusters/{cluster}/topics/-/partitions/-/status",
    "GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/status",
  ]

  @Test(arguments: [
    ("GET /", "/"), ("GET /topics", "/topics"), ("GET /topics/", "/topics"),
    ("POST /topics/orders", "/topics/{topic} orders"),
    ("GET /topics/a%2Fb", "/topics/{topic} a/b"), ("GET /topics/a%20b/", "/topics/{topic} a b"),
    ("GET /topics/a+b", "/topics/{topic} a+b"), ("GET /topics/a.b_c-d", "/topics/{topic} a.b_c-d"),
    ("GET /topics/%E2%82%AC", "/topics/{topic} €"), ("GET /topics/50%", "/topics/{topic} 50%"),
    ("GET /topics/t/partitions/3/records", "/topics/{topic}/partitions/{partition}/records t 3"),
    (
      "GET /topics/t/partitions/3/records/?x=/",
      "/topics/{topic}/partitions/{partition}/records t 3"
    ),
    ("GET /topics/-/configs", "/topics/-/configs"), ("GET /topics/-", "/topics/{topic} -"),
    ("GET /topics/%2D/configs", "/topics/-/configs"),
    ("POST /topics/t/configs:alter", "/topics/{topic}/configs:alter t"),
    ("POST /topics/t/configs%3Aalter", "/topics/{topic}/configs:alter t"),
    ("POST /records:batch", "/records:batch"),
    ("POST /jobs/7:cancel", "/jobs/{id}:cancel 7"), ("POST /jobs/7", "/jobs/{id} 7"),
    ("POST /jobs/a:b:cancel", "/jobs/{id}:cancel a:b"),
    ("POST /jobs/:cancel", "/jobs/{id} :cancel"),
    ("GET /jobs/7:cancel", "/jobs/{id} 7:cancel"),
    (
      "GET /v3/clusters/c/topics/-/partitions/-/status",
      "/v3/clusters/{cluster}/topics/-/partitions/-/status c"
    ),
    (
      "GET /v3/clusters/c/topics/-/partitions/0/status",
      "/v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/status c - 0"
    ),
    ("HEAD /topics", "/topics"), ("GET http://host:80/topics?x", "/topics"),
    ("GET /topics//configs", "404 "), ("GET /topics/t/none", "404 "), ("GET //", "404 "),
    ("GET /Topics", "404 "), ("DELETE /topics/t", "405 GET, HEAD, POST, OPTIONS"),
    ("GET /records:batch", "405 POST, OPTIONS"),
    ("POST /topics/-/configs", "405 GET, HEAD, OPTIONS"),
  ])
  func `a target finds its route and parameters`(request: String, answer: String) async throws {
    let router = try Self.router(Self.table)
    let parts = request.split(separator: " ")

    let got = await Self.ask(router, HTTP.Method(rawValue: String(parts[0]))!, String(parts[1]))

    #expect(got == answer)
  }

  @Test func `an alias leads to the same routes`() async throws {
    let router = try Self.router(["GET /v3/clusters", "GET /{any}/here"], aliases: ["/kafka"])

    #expect(await Self.ask(router, .get, "/kafka/v3/clusters") == "/v3/clusters")
    #expect(await Self.ask(router, .get, "/kafka/here") == "/{any}/here kafka")
    #expect(await Self.ask(router, .get, "/kafkaesque/v3/clusters") == "404 ")
    #expect(await Self.ask(router, .get, "/kafka") == "404 ")
  }

  @Test func `a rewrite changes path and query before they are matched`() async throws {
    let router = try Router(
      routes: [
        Route(.get, "/subjects/{subject}") { request in
          let parts = [request.parameter("subject"), request.query("x") ?? "-", request.path]
          return Response(status: 200, body: .bytes(Array(parts.joined(separator: " ").utf8)))
        }
      ],
      rewrites: [
        Router.Rewrite(prefix: "/contexts/") { target in
          let parts = target.dropFirst(10).split(separator: "/", maxSplits: 2)
          guard parts.count == 3 else { return nil }
          return "/subjects/:\(parts[0]):\(parts[2])&x=1"
        }
      ])

    #expect(
      await Self.ask(router, .get, "/contexts/.c/subjects/s?y=2")
        == ":.c:s 1 /contexts/.c/subjects/s")
    #expect(await Self.ask(router, .get, "/contexts/.c") == "404 ")
    #expect(await Self.ask(router, .get, "/subjects/s?x=9") == "s 9 /subjects/s")
  }

  @Test func `two routes of one shape are an error, and so are bad patterns`() {
    #expect(throws: RouterError.duplicate(method: .get, pattern: "/a/{y}")) {
      try Self.router(["GET /a/{x}", "GET /a/{y}"])
    }
    for pattern in ["a", "/{", "/{}", "/x{y}", "/{x}y", "/{x}/{x}", "/{x}:{y}"] {
      #expect(throws: RouterError.badPattern(pattern)) { try Self.router(["GET \(pattern)"]) }
    }
  }

  @Test func `names of parameters are each route's own`() async throws {
    let router = try Self.router(["GET /a/{x}", "POST /a/{y}", "GET /a/{z}/b"])

    #expect(await Self.ask(router, .get, "/a/1") == "/a/{x} 1")
    #expect(await Self.ask(router, .post, "/a/2") == "/a/{y} 2")
    #expect(await Self.ask(router, .get, "/a/3/b") == "/a/{z}/b 3")
  }

  @Test(arguments: ["", "a", "ftp://x/y", "/a b", "/a\u{7F}", "/\u{1}", "://"])
  func `what is no target is refused`(text: String) {
    #expect(Target(Array(text.utf8)) == nil)
  }

  @Test func `a request in process has its headers, query and body`() async throws {
    let request = Request(
      testing: .post, "/x?a=1", headers: [("Accept", "text/html")], body: [1, 2, 3],
      loop: Self.loop)

    #expect(request.header("ACCEPT") == "text/html")
    #expect(request.query("a") == "1")
    #expect(try await request.nextChunk() == [1, 2, 3])
    #expect(try await request.nextChunk() == nil)
    #expect(request.takeBody() == [1, 2, 3])
    #expect(request.body.isEmpty)
  }
}
