import Platform
import Store
import TestSupport
import Testing

@testable import API
@testable import HTTP

/// Reads that wait for what comes.
struct WaitingTests {
  /// An answer that comes on another thread.
  final class Later: Sendable {
    private let seen = Lock<Seen?>(nil)
    private let parking = Parking()
    func set(_ value: Seen) {
      seen.withLock { $0 = value }
      parking.wake()
    }
    var value: Seen? { seen.withLock { $0 } }
    func wait() -> Seen? {
      _ = parking.park(atMost: .seconds(30))
      return value
    }
  }

  /// Turns until `condition` holds; false when it has not after 30 seconds.
  private func until(_ condition: () -> Bool) -> Bool {
    let end = SystemTime().now + .seconds(30)
    while SystemTime().now < end { if condition() { return true } }
    return false
  }

  private func begin(_ target: String, _ client: InProcess, accept: String? = nil) -> Later {
    let later = Later()
    client.start(.get(target, accept: accept)) { later.set($0) }
    return later
  }

  @Test func `a long poll is answered by the next produce`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a", partitions: 2))

    let poll = begin("/topics/a/records?timeout=30s", client)
    #expect(until { store.waiting == 1 })
    #expect(poll.value == nil)
    #expect(try client.send(.get("/metrics")).text.contains("curlew_longpoll_waiting 1\n"))
    _ = try client.send(.post("/topics/a/partitions/1", "7"))

    let seen = try #require(poll.wait())
    #expect(seen.text.contains(#""partition":1,"offset":0,"#) && seen.text.contains(#""value":7,"#))
    #expect(store.waiting == 0)
    #expect(try client.send(.get("/metrics")).text.contains("curlew_longpoll_waiting 0\n"))
  }

  @Test func `a long poll without anything ends at its time with where to go on`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))

    let seen = try client.send(.get("/topics/a/records?timeout=20ms"))

    #expect(seen.status == 200)
    #expect(seen.text.hasPrefix(#"{"records":[],"next":""#))
    #expect(store.waiting == 0)
  }

  @Test func `a long poll for a key goes on past the records of others`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))

    let poll = begin("/topics/a/records?timeout=30s&key=k", client)
    #expect(until { store.waiting == 1 })
    _ = try client.send(.post("/topics/a?key=other", "1"))
    #expect(until { store.waiting == 1 })
    #expect(poll.value == nil)
    _ = try client.send(.post("/topics/a?key=k", "2"))

    let seen = try #require(poll.wait())
    #expect(seen.text.contains(#""value":2,"#) && !seen.text.contains(#""value":1,"#))
  }

  @Test func `nothing waits without a timeout`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))

    #expect(try client.send(.get("/topics/a/records?from=latest")).status == 200)
    #expect(store.waiting == 0)
  }

  @Test func `a long poll is told when its topic is deleted`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))

    let poll = begin("/topics/a/records?timeout=30s", client)
    #expect(until { store.waiting == 1 })
    _ = try client.send(.delete("/topics/a"))

    let seen = try #require(poll.wait())
    #expect(seen.status == 404)
    #expect(seen.text.contains("40401"))
  }

  @Test func `follow begins at the end and gives what comes, in new partitions too`() throws {
    let server = try OverSocket(MemoryStore())
    _ = try server.send(.post("/topics/a", "1"))
    let connection = try server.connection()
    try connection.send(.get("/topics/a/records?follow=true", accept: "application/x-ndjson"))
    let head = try connection.readHead()
    #expect(head.status == 200 && head["Content-Type"] == "application/x-ndjson")

    _ = try server.send(.post("/topics/a", "2"))
    let first = String(decoding: try #require(try connection.readChunk()), as: UTF8.self)
    _ = try server.send(.patch("/topics/a", #"{"partitions":2}"#))
    _ = try server.send(.post("/topics/a/partitions/1", "3"))
    _ = try server.send(.post("/topics/a/partitions/0", "4"))
    var rest = ""
    while !(rest.contains(#""value":3,"#) && rest.contains(#""value":4,"#)) {
      rest += String(decoding: try #require(try connection.readChunk()), as: UTF8.self)
    }

    #expect(
      first.contains(#""offset":1,"#) && first.contains(#""value":2,"#) && first.hasSuffix("}\n"))
  }

  @Test func `follow may begin at the start`() throws {
    let server = try OverSocket(MemoryStore())
    _ = try server.send(.post("/topics/a", "1"))
    let connection = try server.connection()
    try connection.send(
      .get("/topics/a/records?follow&from=earliest", accept: "application/x-ndjson"))
    _ = try connection.readHead()

    let chunk = String(decoding: try #require(try connection.readChunk()), as: UTF8.self)

    #expect(chunk.contains(#""value":1,"#))
  }

  @Test func `follow is cut when its topic is deleted`() throws {
    let server = try OverSocket(MemoryStore())
    _ = try server.send(.make("a"))
    let connection = try server.connection()
    try connection.send(.get("/topics/a/records?follow=true", accept: "application/x-ndjson"))
    _ = try connection.readHead()
    _ = try server.send(.delete("/topics/a"))

    #expect(throws: (any Error).self) { try connection.readChunk() }
  }

  @Test func `follow ends well when the server stops`() throws {
    var server: OverSocket? = try OverSocket(MemoryStore())
    _ = try server?.send(.make("a"))
    let connection = try #require(try server?.connection())
    try connection.send(.get("/topics/a/records?follow=true", accept: "application/x-ndjson"))
    _ = try connection.readHead()

    server = nil

    #expect(try connection.readChunk() == nil)
  }
}
