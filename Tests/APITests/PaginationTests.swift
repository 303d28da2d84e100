import Foundation
import TestSupport
import Testing

@testable import API

/// Pages cover every record once, whatever is produced meanwhile.
struct PaginationTests {
  @Test(arguments: ["limit=7", "max_bytes=20", "limit=10000", "limit=1"], [1, 5])
  func `pages cover all records exactly once while producing continues`(
    _ size: String, _ partitions: Int
  ) throws {
    let client = try InProcess(MemoryStore())
    _ = try client.send(.make("a", partitions: partitions))
    var produced = 0
    func produce() throws {
      let records = (0..<5).map { _ in
        defer { produced += 1 }
        return #"{"value":\#(produced),"partition":\#(produced % partitions)}"#
      }
      let body = #"{"records":[\#(records.joined(separator: ","))]}"#
      #expect(try client.send(.v2("/topics/a", body)).status == 200)
    }

    for _ in 0..<10 { try produce() }
    var values: [Int] = []
    var next: String?
    var isCaughtUp = false
    while !isCaughtUp {
      let page = try page(client, "?\(size)" + (next.map { "&cursor=\($0)" } ?? ""))
      values += page.values
      next = page.next
      isCaughtUp = page.isCaughtUp
      if produced < 100 {
        try produce()
        isCaughtUp = false
      }
      try #require(values.count <= produced)
    }

    #expect(values.sorted() == Array(0..<produced))
    let last = try page(client, "?cursor=\(next ?? "")")
    #expect(last.values.isEmpty && last.isCaughtUp)
  }

  @Test func `a page begins where the cursor says, also after partitions were added`() throws {
    let client = try InProcess(MemoryStore())
    _ = try client.send(.make("a"))
    _ = try client.send(.v2("/topics/a", #"{"records":[{"value":0},{"value":1}]}"#))
    let first = try page(client, "?limit=1")
    _ = try client.send(.patch("/topics/a", #"{"partitions":3}"#))
    _ = try client.send(.v2("/topics/a", #"{"records":[{"value":2,"partition":2}]}"#))

    let second = try page(client, "?cursor=\(first.next)")

    #expect(first.values == [0])
    #expect(second.values.sorted() == [1, 2])
  }

  @Test func `a cursor of one partition stays with it`() throws {
    let client = try InProcess(MemoryStore())
    _ = try client.send(.make("a", partitions: 2))
    let body =
      #"{"records":[{"value":0,"partition":0},{"value":1,"partition":1},{"value":2,"partition":"#
      + #"0}]}"#
    _ = try client.send(.v2("/topics/a", body))
    let first = try page(client, "?partition=0&limit=1")

    let second = try page(client, "?cursor=\(first.next)")
    let other = try client.send(.get("/topics/a/records?partition=1&cursor=\(first.next)"))

    #expect(first.values == [0] && second.values == [2] && second.isCaughtUp)
    #expect(other.status == 400)
    #expect(other.text.contains(#""code":"foreign_cursor""#))
  }

  @Test func `a cursor of a deleted topic is not one of its successor's`() throws {
    let client = try InProcess(MemoryStore())
    _ = try client.send(.make("a"))
    let cursor = try page(client, "").next
    _ = try client.send(.delete("/topics/a"))
    _ = try client.send(.make("a"))

    let seen = try client.send(.get("/topics/a/records?cursor=\(cursor)"))

    #expect(seen.status == 400)
    #expect(seen.text.contains(#""code":"foreign_cursor""#))
  }

  @Test func `a cursor whose records are gone is answered with what is left`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.v2("/topics/a", #"{"records":[{"value":0},{"value":1}]}"#))
    let cursor = try page(client, "?limit=1").next
    _ = try client.send(.post("/topics/a", "2"))
    store.advanceStart(StoreErrorTests.a, 0, to: 2)

    let seen = try client.send(.get("/topics/a/records?cursor=\(cursor)"))

    #expect(seen.status == 416)
    #expect(seen.text.contains(#""start":2,"end":3"#))
  }

  @Test func `a cursor reads on where a filter found nothing`() throws {
    let client = try InProcess(MemoryStore())
    _ = try client.send(
      .v2("/topics/a", #"{"records":[{"key":"x","value":0},{"key":"y","value":1}]}"#))

    let first = try page(client, "?key=z")
    _ = try client.send(.post("/topics/a?key=z", "2"))
    let second = try page(client, "?key=z&cursor=\(first.next)")

    #expect(first.values.isEmpty && first.isCaughtUp)
    #expect(second.values == [2])
  }

  struct Page {
    var values: [Int]
    var next: String
    var isCaughtUp: Bool
  }

  private func page(_ client: InProcess, _ query: String) throws -> Page {
    let seen = try client.send(.get("/topics/a/records" + query))
    try #require(seen.status == 200, "\(seen.text)")
    let parsed = try JSONSerialization.jsonObject(with: Data(seen.body))
    let object = try #require(parsed as? [String: Any])
    let records = try #require(object["records"] as? [[String: Any]])
    return Page(
      values: records.compactMap { $0["value"] as? Int },
      next: try #require(object["next"] as? String),
      isCaughtUp: try #require(object["caught_up"] as? Bool))
  }
}
