import Model
import Store
import TestSupport
import Testing

@testable import API

/// What the store says reaches the caller in the words of its family, and nothing is appended.
struct StoreErrorTests {
  static let a = TopicName("a")!

  struct Row: Sendable, CustomStringConvertible {
    let error: StoreError
    let v2: (Int, Int)
    let v3: (Int, Int)
    let native: (Int, Int, String)
    var retry: String?
    var description: String { "\(error)" }
  }

  static let table = [
    Row(
      error: .unknownTopic(a), v2: (404, 40401), v3: (404, 40403),
      native: (404, 40401, "unknown_topic")),
    Row(
      error: .topicExists(a), v2: (400, 40002), v3: (400, 40002), native: (409, 409, "topic_exists")
    ),
    Row(
      error: .unknownPartition(a, partition: 3, count: 2), v2: (404, 40402), v3: (404, 40402),
      native: (404, 40402, "unknown_partition")),
    Row(
      error: .invalidPartitionCount("x"), v2: (400, 40002), v3: (400, 40002),
      native: (422, 422, "invalid_partitions")),
    Row(
      error: .invalidConfiguration("x"), v2: (400, 40002), v3: (400, 40002),
      native: (422, 422, "invalid_configuration")),
    Row(
      error: .offsetOutOfRange(requested: 9, start: 0, end: 5), v2: (416, 416), v3: (416, 416),
      native: (416, 416, "offset_out_of_range")),
    Row(
      error: .batchTooLarge(size: 9, limit: 5), v2: (413, 413), v3: (413, 413),
      native: (413, 413, "too_large")),
    Row(
      error: .entryTooLarge(size: 9, limit: 5), v2: (413, 413), v3: (413, 413),
      native: (413, 413, "too_large")),
    Row(
      error: .invalidRecords("x"), v2: (422, 422), v3: (422, 422),
      native: (422, 422, "invalid_records")),
    Row(
      error: .durabilityTooLow(a, asked: .none, least: .disk), v2: (400, 40002), v3: (400, 40002),
      native: (422, 422, "durability_too_low")),
    Row(
      error: .busy(retryAfterSeconds: 3), v2: (503, 50302), v3: (503, 50302),
      native: (503, 503, "busy"),
      retry: "3"),
    Row(error: .outOfSpace, v2: (507, 50002), v3: (507, 50002), native: (507, 507, "out_of_space")),
    Row(
      error: .unavailable("x"), v2: (503, 50302), v3: (503, 50302),
      native: (503, 503, "unavailable"),
      retry: "5"),
    Row(
      error: .commitUnknown, v2: (500, 50002), v3: (500, 50002),
      native: (500, 500, "commit_unknown")),
    Row(
      error: .unsupported("x"), v2: (501, 501), v3: (501, 501),
      native: (501, 501, "not_implemented")),
    Row(
      error: .damaged(a, partition: 0, from: 1, to: 2), v2: (500, 50002), v3: (500, 50002),
      native: (500, 500, "damaged")),
    Row(
      error: .readFailed("x"), v2: (500, 50002), v3: (500, 50002), native: (500, 500, "read_failed")
    ),
  ]

  @Test(arguments: table)
  func `a produce is answered so in v2`(_ row: Row) throws {
    let seen = try ask(row, .v2("/topics/a", #"{"records":[{"value":1}]}"#))

    #expect(seen.status == row.v2.0)
    #expect(seen.text.hasPrefix(#"{"error_code":\#(row.v2.1),"message":""#), "\(seen.text)")
    #expect(!seen.text.contains("\"code\":"))
    #expect(seen["Content-Type"] == v2Type)
    #expect(seen["Retry-After"] == row.retry)
  }

  @Test(arguments: table)
  func `a deletion is answered so in v3`(_ row: Row) throws {
    let seen = try ask(row, .delete("/v3/clusters/c1/topics/a"))

    #expect(seen.status == row.v3.0)
    #expect(seen.text.hasPrefix(#"{"error_code":\#(row.v3.1),"message":""#), "\(seen.text)")
    #expect(seen["Content-Type"] == "application/json")
    #expect(seen["Retry-After"] == row.retry)
  }

  @Test(arguments: table)
  func `a raw produce is answered so in our words`(_ row: Row) throws {
    let seen = try ask(row, .post("/topics/a", "1"))

    #expect(seen.status == row.native.0)
    #expect(seen.text.hasPrefix(#"{"error_code":\#(row.native.1),"message":""#), "\(seen.text)")
    #expect(seen.text.contains(#""code":"\#(row.native.2)","request_id":""#), "\(seen.text)")
    #expect(seen["Retry-After"] == row.retry)
  }

  @Test(arguments: table)
  func `a read is answered so`(_ row: Row) throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))
    _ = try client.send(.post("/topics/a", "1"))
    store.refuseFetches(row.error)

    let seen = try client.send(.get("/topics/a/records"))

    #expect(seen.status == row.native.0)
    #expect(seen.text.contains(#""code":"\#(row.native.2)""#), "\(seen.text)")
  }

  private func ask(_ row: Row, _ ask: Ask) throws -> Seen {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))
    store.refuse(row.error)
    let seen = try client.send(ask)
    #expect(store.appended == 0)
    return seen
  }

  @Test func `a commit that failed is unknown, not refused`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))
    store.failCommits()

    let seen = try client.send(.post("/topics/a", "1"))

    #expect(seen.status == 500)
    #expect(seen.text.contains(#""code":"commit_unknown""#))
    #expect(seen.text.contains("it may be there or not"))
  }
}
