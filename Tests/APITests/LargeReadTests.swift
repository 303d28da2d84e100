import Foundation
import Model
import Store
import TestSupport
import Testing

@testable import API

/// Reads that are larger than a piece of output.
struct LargeReadTests {
  private func filled(_ count: Int, partitions: Int, store: MemoryStore = MemoryStore()) throws
    -> InProcess
  {
    let client = try InProcess(store)
    _ = try client.send(.make("a", partitions: partitions))
    for start in stride(from: 0, to: count, by: 500) {
      let records = (start..<min(count, start + 500)).map {
        #"{"value":{"n":\#($0),"text":"\#(String(repeating: "x", count: 80))"},"partition":"#
          + #"\#($0 % partitions),"timestamp":\#($0)}"#
      }
      _ = try client.send(.v2("/topics/a", #"{"records":[\#(records.joined(separator: ","))]}"#))
    }
    return client
  }

  private func numbers(_ lines: String) throws -> [Int] {
    try lines.split(separator: "\n").map { line in
      let parsed = try JSONSerialization.jsonObject(with: Data(line.utf8))
      let value = try #require((parsed as? [String: Any])?["value"] as? [String: Any])
      return try #require(value["n"] as? Int)
    }
  }

  @Test(arguments: [1, 3, 20])
  func `lines without a limit go on to the end, in the order of time`(_ partitions: Int) throws {
    let client = try filled(5_000, partitions: partitions)

    let seen = try client.send(.get("/topics/a/records", accept: "application/x-ndjson"))

    #expect(try numbers(seen.text) == Array(0..<5_000))
  }

  @Test func `a large answer in JSON is one document`() throws {
    let client = try filled(5_000, partitions: 3)

    let seen = try client.send(.get("/topics/a/records?limit=10000"))

    let parsed = try JSONSerialization.jsonObject(with: Data(seen.body)) as? [String: Any]
    let object = try #require(parsed)
    #expect((object["records"] as? [Any])?.count == 5_000)
    #expect(object["caught_up"] as? Bool == true)
    #expect(object["next"] is String)
  }

  @Test func `a limit over 10,000 counts as 10,000`() throws {
    let client = try filled(10_500, partitions: 1)

    let seen = try client.send(
      .get("/topics/a/records?limit=20000", accept: "application/x-ndjson"))

    #expect(seen.text.split(separator: "\n").count == 10_000)
    let metrics = try client.send(.get("/metrics")).text
    let name = "curlew_server_brokertopicmetrics_bytesout_total "
    let line = try #require(metrics.split(separator: "\n").first { $0.hasPrefix(name) })
    #expect(try #require(Int(line.dropFirst(name.count))) > seen.body.count)
  }

  @Test func `an answer without a limit has 100 records`() throws {
    let client = try filled(150, partitions: 1)

    let seen = try client.send(.get("/topics/a/records"))

    let parsed = try JSONSerialization.jsonObject(with: Data(seen.body)) as? [String: Any]
    #expect((parsed?["records"] as? [Any])?.count == 100)
    #expect(parsed?["caught_up"] as? Bool == false)
  }

  @Test func `a large answer in v2's form is one array`() throws {
    let client = try filled(3_000, partitions: 2)

    let seen = try client.send(
      .get("/topics/a/records?limit=3000", accept: "application/vnd.kafka.json.v2+json"))

    let parsed = try JSONSerialization.jsonObject(with: Data(seen.body)) as? [Any]
    #expect(parsed?.count == 3_000)
  }

  @Test func `what the store answers later reads the same`() throws {
    let store = MemoryStore()
    let client = try filled(1_000, partitions: 3, store: store)
    store.answerLater()

    let seen = try client.send(.get("/topics/a/records?from=0", accept: "application/x-ndjson"))

    #expect(try numbers(seen.text) == Array(0..<1_000))
  }

  @Test func `a read that fails in the middle is cut, so that nobody takes the part for the whole`()
    throws
  {
    let store = MemoryStore()
    let name = StoreErrorTests.a
    let server = try OverSocket(store)
    _ = try server.send(.make("a"))
    for _ in 0..<4 {
      let records = Array(
        repeating: #"{"value":"\#(String(repeating: "x", count: 5_000))"}"#, count: 100)
      _ = try server.send(.v2("/topics/a", #"{"records":[\#(records.joined(separator: ","))]}"#))
    }
    store.plant(Self.damaged, in: name, 0)

    let connection = try server.connection()
    try connection.send(.get("/topics/a/records", accept: "application/x-ndjson"))
    let head = try connection.readHead()

    #expect(head.status == 200)
    #expect(throws: (any Error).self) { while try connection.readChunk() != nil {} }
  }

  @Test func `a damaged batch is an error and no trap`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.make("a"))
    store.plant(Self.damaged, in: StoreErrorTests.a, 0)

    let seen = try client.send(.get("/topics/a/records"))

    #expect(seen.status == 500)
    #expect(seen.text.contains(#""code":"damaged""#))
    #expect(seen.text.contains("Partition 0 of 'a' at offset 0"))
  }

  @Test func `the log's own marks are nobody's records`() throws {
    let store = MemoryStore()
    let client = try InProcess(store)
    _ = try client.send(.post("/topics/a", "1"))
    var builder = RecordBatchBuilder()
    builder.attributes = [.control]
    builder.append(key: [0, 0].span, value: [0].span, timestamp: 0)
    store.plant(builder.finish(), in: StoreErrorTests.a, 0)
    _ = try client.send(.post("/topics/a", "2"))

    let seen = try client.send(.get("/topics/a/records")).text
    let mark = try client.send(.get("/topics/a/partitions/0/records/1"))

    #expect(seen.contains(#""offset":0,"#) && seen.contains(#""offset":2,"#))
    #expect(!seen.contains(#""offset":1,"#) && seen.contains(#""caught_up":true"#))
    #expect(mark.status == 404)
    #expect(mark.text.contains(#""code":"no_record""#))
  }

  /// A batch whose checksum nobody has looked at.
  private static var damaged: RecordBatch {
    var builder = RecordBatchBuilder()
    builder.append(key: nil, value: [1, 2, 3].span, timestamp: 0)
    var bytes = builder.finish().storage
    bytes[RecordBatch.headerSize] = 0x7F
    return RecordBatch(bytes)
  }
}
