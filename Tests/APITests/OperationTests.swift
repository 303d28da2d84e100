import Model
import Store
import TestSupport
import Testing

@testable import API

/// What depends on the state of the store.
struct OperationTests {
  @Test func `a store that cannot acknowledge is not ready`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    store.setHealth(StoreHealth(canAcknowledge: false, problems: ["The journal has failed."]))

    let seen = try client.send(.get("/readyz"))

    #expect(seen.status == 503)
    #expect(seen.text == #"{"status":"unavailable","problems":["The journal has failed."]}"#)
    #expect(seen["Retry-After"] == "5")
    #expect(try client.send(.get("/healthz")).status == 200)
  }

  @Test func `a store that works is ready and says what is wrong all the same`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    store.setHealth(StoreHealth(canAcknowledge: true, problems: ["The disk is nearly full."]))

    let seen = try client.send(.get("/readyz"))

    #expect(seen.status == 200)
    #expect(seen.text == #"{"status":"ready","problems":["The disk is nearly full."]}"#)
  }

  @Test func `a topic is made as the settings say now`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    let api = client.surface.api

    api.settings.autoCreate = false
    #expect(try client.send(.post("/topics/a", "1")).status == 404)

    api.settings.autoCreate = true
    api.settings.defaultPartitions = 3
    #expect(try client.send(.post("/topics/a", "1")).status == 200)
    #expect(store.topic(try #require(TopicName("a")))?.partitionCount == 3)
  }

  @Test func `what a store can do is said with its reasons`() throws {
    let text = try InProcess(MemoryStore()).send(.get("/capabilities")).text

    #expect(text.contains(#""produce":{"supported":true}"#))
    #expect(
      text.contains(#""transactions":{"supported":false,"reason":"They come with groups."}"#))
    #expect(text.contains(#""compaction":{"supported":"limited","reason":"Only by deleting."}"#))
    #expect(text.ranges(of: #""transactions":"#).count == 1)
  }

  @Test func `our own topics are listed on request, read, and left alone`() throws {
    let store = MemoryStore()
    let name = try #require(TopicName("__curlew-state"))
    store.create(
      NewTopic(name: name, partitionCount: 1, configuration: TopicConfiguration()),
      reply: Reply { _ in })
    let client = try InProcess(store)

    #expect(try client.send(.get("/topics")).text == "[]")
    #expect(try client.send(.get("/topics?internal=true")).text == #"["__curlew-state"]"#)
    #expect(try client.send(.get("/v3/clusters/c1/topics")).text.hasSuffix(#""data":[]}"#))
    #expect(try client.send(.get("/topics/__curlew-state/records")).status == 200)
    for ask in [
      Ask.delete("/topics/__curlew-state"), .patch("/topics/__curlew-state", #"{"partitions":2}"#),
      .post("/topics/__curlew-state", "1"),
    ] {
      let seen = try client.send(ask)
      #expect(seen.status == 403)
      #expect(seen.text.contains(#""code":"reserved_topic_name""#))
    }
    #expect(store.topics().map(\.partitionCount) == [1])
    #expect(store.appended == 0)
  }

  @Test func `a topic that is deleted while all are listed in detail is left out`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    for name in ["a", "b"] { _ = try client.send(.make(name)) }
    store.deleteSinceListed(try #require(TopicName("a")))

    let seen = try client.send(.get("/topics?detail=true"))

    #expect(seen.status == 200)
    #expect(seen.text.hasPrefix(#"[{"name":"b","#))
  }
}
