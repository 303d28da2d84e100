import HTTP
import Model
import Platform
import Store
import Telemetry
import TestSupport
import Testing

@testable import API

/// Notes what it is asked, and refuses what it is told to.
final class NotingGate: Gate {
  private let asked = Lock<[String]>([])
  let admitsAll: Bool
  init(admitsAll: Bool) { self.admitsAll = admitsAll }
  func principal(of request: Request) -> Principal { Principal(name: "tester") }
  func admits(_ principal: Principal, to operation: Operation, _ resource: Resource) -> Bool {
    asked.withLock { $0.append("\(principal) \(operation.rawValue) \(resource)") }
    return admitsAll
  }
  func take() -> [String] {
    asked.withLock { asked in
      defer { asked = [] }
      return asked
    }
  }
}

struct GateTests {
  static let rows: [(Ask, String)] = [
    (.get("/brokers"), "describe Cluster"), (.get("/capabilities"), "describe Cluster"),
    (.get("/metrics"), "describe Cluster"), (.get("/topics/a"), "describe Topic:a"),
    (.make("b"), "create Topic:b"), (.patch("/topics/a", #"{"partitions":2}"#), "alter Topic:a"),
    (.delete("/topics/a"), "delete Topic:a"), (.get("/topics/a/offsets"), "describe Topic:a"),
    (.get("/topics/a/partitions"), "describe Topic:a"),
    (.get("/topics/a/partitions/0"), "describe Topic:a"),
    (.get("/topics/a/partitions/0/offsets"), "describe Topic:a"),
    (.post("/topics/a", "1"), "write Topic:a"),
    (.post("/topics/a/partitions/0", "1"), "write Topic:a"),
    (.v2("/topics/a", #"{"records":[{"value":1}]}"#), "write Topic:a"),
    (.get("/topics/a/records"), "read Topic:a"), (.get("/records?topics=a"), "read Topic:a"),
    (.get("/topics/a/partitions/0/records"), "read Topic:a"),
    (.get("/topics/a/partitions/0/records/0"), "read Topic:a"),
    (.get("/v3/clusters"), "describe Cluster"),
    (.get("/v3/clusters/c1"), "describe Cluster"),
    (.get("/v3/clusters/c1/topics/a"), "describe Topic:a"),
    (.post("/v3/clusters/c1/topics", #"{"topic_name":"b"}"#), "create Topic:b"),
    (.patch("/v3/clusters/c1/topics/a", #"{"partitions_count":2}"#), "alter Topic:a"),
    (.delete("/v3/clusters/c1/topics/a"), "delete Topic:a"),
    (.delete("/topics/a/partitions/0/records?before=1"), "delete Topic:a"),
    (.get("/v3/clusters/c1/topics/a/configs"), "describe Topic:a"),
    (.get("/v3/clusters/c1/topics/a/configs/segment.ms"), "describe Topic:a"),
    (.put("/v3/clusters/c1/topics/a/configs/segment.ms", #"{"value":"1"}"#), "alter Topic:a"),
    (.delete("/v3/clusters/c1/topics/a/configs/segment.ms"), "alter Topic:a"),
    (.post("/v3/clusters/c1/topics/a/configs:alter", #"{"data":[]}"#), "alter Topic:a"),
  ]

  @Test(arguments: rows)
  func `a handler asks first, and does nothing for those who may not`(_ ask: Ask, _ asked: String)
    throws
  {
    let store = MemoryStore()
    _ = try InProcess(store).send(.post("/topics/a", "1"))
    let gate = NotingGate(admitsAll: false)
    let client = try InProcess(store, gate: gate)

    let seen = try client.send(ask)

    #expect(seen.status == 403)
    #expect(gate.take() == ["User:tester " + asked])
    #expect(store.appended == 1)
    #expect(store.topics().map(\.name.text) == ["a"])
    #expect(store.topics().first?.partitionCount == 1)
  }

  @Test func `the same refusal has each family's words`() throws {
    let client = try InProcess(MemoryStore(), gate: NotingGate(admitsAll: false))

    let v2 = try client.send(.v2("/topics/a", #"{"records":[{"value":1}]}"#))
    let native = try client.send(.post("/topics/a", "1"))

    #expect(v2.text == #"{"error_code":40301,"message":"Request is not authorized"}"#)
    #expect(
      native.text.hasPrefix(
        #"{"error_code":403,"message":"User:tester may not write Topic:a.","code":"forbidden""#))
  }

  @Test func `a topic that a produce would make needs leave to be made`() throws {
    let gate = NotingGate(admitsAll: true)
    let client = try InProcess(MemoryStore(), gate: gate)

    _ = try client.send(.post("/topics/new", "1"))

    #expect(gate.take() == ["User:tester write Topic:new", "User:tester create Topic:new"])
  }

  @Test func `lists leave out what the caller may not see`() throws {
    let store = MemoryStore()
    _ = try InProcess(store).send(.make("a"))
    let client = try InProcess(store, gate: NotingGate(admitsAll: false))

    #expect(try client.send(.get("/topics")).text == "[]")
    #expect(try client.send(.get("/v3/clusters/c1/topics")).text.hasSuffix(#""data":[]}"#))
    #expect(
      try client.send(.get("/v3/clusters/c1/topics/-/configs")).text.hasSuffix(#""data":[]}"#))
  }

  @Test(arguments: ["/", "/healthz", "/readyz"])
  func `what tells nothing is open`(_ path: String) throws {
    let client = try InProcess(MemoryStore(), gate: NotingGate(admitsAll: false))

    #expect(try client.send(.get(path)).status == 200)
  }

  @Test func `every route is in the table of this test, or open, or comes later`() throws {
    let api = try Surface(MemoryStore()).api
    let router = try Router(routes: api.routes)
    let loop = EventLoop(time: StillTime())
    var seen: Set<String> = [
      "GET /", "POST /", "GET /healthz", "GET /readyz", "GET /topics",
      "GET /v3/clusters/{cluster}/topics", "GET /v3/clusters/{cluster}/topics/-/configs",
      "GET /topics/{topic}/keys/{key}", "DELETE /topics/{topic}/keys/{key}",
    ]
    for (ask, _) in Self.rows {
      guard
        case .route(let route) = router.match(Request(testing: ask.method, ask.target, loop: loop))
      else { continue }
      seen.insert("\(route.method.rawValue) \(route.pattern)")
    }

    let all = Set(api.routes.map { "\($0.method.rawValue) \($0.pattern)" })

    #expect(all.subtracting(seen) == [])
  }
}
