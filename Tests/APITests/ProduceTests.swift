import HTTP
import Model
import Platform
import Store
import TestSupport
import Testing

@testable import API

/// What scenarios of one request after the other cannot show of producing.
struct ProduceTests {
  @Test func `a produce is answered when it is durable and not before`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))
    store.hold()

    let later = WaitingTests.Later()
    client.start(.post("/topics/a", "1")) { later.set($0) }
    while store.appended == 0 {}
    let offsets = try client.send(.get("/topics/a/partitions/0/offsets")).text
    #expect(later.value == nil)
    store.release()

    #expect(later.wait()?.status == 200)
    #expect(offsets == #"{"beginning_offset":0,"end_offset":0}"#)
  }

  @Test func `memory is answered before it is durable`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))
    store.hold()

    let seen = try client.send(.post("/topics/a?acks=memory", "1"))

    #expect(seen.status == 200)
    #expect(seen["Curlew-Durability"] == "memory")
    #expect(try client.send(.get("/topics/a/records")).text.hasPrefix(#"{"records":[],"#))
    store.release()
    #expect(try client.send(.get("/topics/a/records")).text.contains(#""value":1,"#))
  }

  @Test func `two first produces make one topic`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    store.hold()
    let answers = (0..<2).map { _ in WaitingTests.Later() }
    for answer in answers { client.start(.post("/topics/a", "1")) { answer.set($0) } }
    // The loop has taken both when it answers what came behind them.
    _ = try client.send(.get("/healthz"))
    store.release()

    let seen = answers.compactMap { $0.wait() }

    #expect(seen.map(\.status) == [200, 200])
    #expect(Set(seen.map(\.text)) == [placed((0, 0)), placed((0, 1))])
    #expect(store.topics().count == 1)
  }

  @Test func `a refused append leaves no topic half made`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    store.refuse(.busy(retryAfterSeconds: 2))

    let seen = try client.send(.post("/topics/a", "1"))

    #expect(seen.status == 503)
    #expect(seen["Retry-After"] == "2")
    #expect(store.topics().isEmpty)
  }

  @Test func `a body may come compressed`() throws {
    let server = try OverSocket(MemoryStore())
    let gzip: [UInt8] = [
      0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x33, 0x34, 0x32, 0x06, 0, 0xD2, 0x63, 0x48, 0x88, 3, 0,
      0, 0,
    ]

    let seen = try server.send(
      .post("/topics/a", bytes: gzip, type: "application/json", [("Content-Encoding", "gzip")]))

    #expect(seen.status == 200, "\(seen.text)")
    #expect(try server.send(.get("/topics/a/partitions/0/records/0")).text == "123")
  }

  @Test func `HEAD answers as GET without a body`() throws {
    let server = try OverSocket(MemoryStore())
    _ = try server.send(.make("a"))

    let seen = try server.send(Ask(method: .head, target: "/topics/a"))

    #expect(seen.status == 200)
    #expect(seen["Content-Type"] == v2Type)
    #expect(seen.body.isEmpty)
  }

  @Test(arguments: [
    "application/vnd.kafka.json.v2+json; charset=utf-8", "Application/vnd.kafka.JSON.v2+json",
  ])
  func `v2's types may be written in other ways`(_ type: String) throws {
    let client = try InProcess(MemoryStore())

    let seen = try client.send(.post("/topics/a", #"{"records":[{"value":1}]}"#, type: type))

    #expect(seen.text == placed((0, 0)))
    #expect(seen["Content-Type"] == v2Type)
  }
}
