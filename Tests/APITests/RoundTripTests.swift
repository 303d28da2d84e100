import TestSupport
import Testing

@testable import API

/// A JSON value is stored and given back as the bytes that came.
struct RoundTripTests {
  static let values = [
    #"{"b":1,"a":2}"#, "123456789012345678901234567890", "-0", "1e400", "1.0", "1.10", "1E+2",
    #""\u0041\/\ud83d\ude00""#, #""\ud800""#, #"{"a":1,"a":2}"#, #"{ "a" : [ 1 , 2 ] }"#, "[]",
    "{}", #""""#,
    "0", "false", #"{"":{"":[[[]]]}}"#, "\"ü\u{10FFFF}\"", #""\u0000""#, "\"\u{7F}\"",
    #"[null,true,"null"]"#,
    "{\"deep\":\(String(repeating: "[", count: 100))\(String(repeating: "]", count: 100))}",
  ]

  @Test(arguments: values)
  func `through v2, raw and lines, and spliced into every answer`(_ value: String) throws {
    let client = try InProcess(MemoryStore())
    _ = try client.send(.make("a"))

    let asks: [Ask] = [
      .v2("/topics/a", #"{"records":[{"value":\#(value),"key":\#(value)}]}"#),
      .post("/topics/a", value),
      .post("/topics/a", value, type: nil),
      .post("/topics/a", value + "\r\n", type: "application/x-ndjson"),
    ]
    for ask in asks { #expect(try client.send(ask).status == 200) }

    for offset in asks.indices {
      #expect(try client.send(.get("/topics/a/partitions/0/records/\(offset)")).text == value)
    }
    let json = try client.send(.get("/topics/a/records")).text
    #expect(json.ranges(of: #""value":\#(value),"headers":[]}"#).count == asks.count, "\(json)")
    #expect(json.contains(#""key":\#(value),"value""#))
    let lines = try client.send(.get("/topics/a/records", accept: "application/x-ndjson")).text
    #expect(lines.split(separator: "\n").count == asks.count)
    #expect(lines.ranges(of: #""value":\#(value),"#).count == asks.count)
    let v2 = try client.send(v2Records("a")).text
    #expect(v2.ranges(of: #""value":\#(value),"partition""#).count == asks.count)
  }

  @Test func `white space around a value is kept, and spliced where there is room`() throws {
    let client = try InProcess(MemoryStore())
    _ = try client.send(.post("/topics/a", " [1]\n"))

    #expect(try client.send(.get("/topics/a/partitions/0/records/0")).text == " [1]\n")
    let line = try client.send(.get("/topics/a/records", accept: "application/x-ndjson")).text
    #expect(line.split(separator: "\n").count == 1)
  }

  @Test func `a value over several lines keeps its lines where an answer has room for them`() throws
  {
    let client = try InProcess(MemoryStore())
    let value = "{\n  \"a\": [\r\n 1]\n}"
    _ = try client.send(.post("/topics/a", value))

    #expect(try client.send(.get("/topics/a/partitions/0/records/0")).text == value)
    #expect(try client.send(.get("/topics/a/records")).text.contains("\"value\":\(value),"))
    let line = try client.send(.get("/topics/a/records", accept: "application/x-ndjson")).text
    #expect(line.contains("\"value\":{   \"a\": [   1] },"))
    #expect(line.filter { $0 == "\n" }.count == 1)
  }

  @Test func `every byte comes back from a body of bytes`() throws {
    let client = try InProcess(MemoryStore())
    let bytes = (0...255).map { UInt8($0) }

    _ = try client.send(.post("/topics/a", bytes: bytes, type: "application/octet-stream"))

    let seen = try client.send(.get("/topics/a/partitions/0/records/0"))
    #expect(seen.body == bytes)
    #expect(seen["Content-Type"] == "application/octet-stream")
  }

  @Test func `values that are no JSON are strings, or base64`() throws {
    let client = try InProcess(MemoryStore())
    let type = "application/octet-stream"
    _ = try client.send(.post("/topics/a", "a \"quoted\"\\\n\u{1}", type: type))
    _ = try client.send(.post("/topics/a", bytes: [0x22, 0xC3, 0x22], type: type))
    _ = try client.send(.post("/topics/a", "01", type: type))

    let text = try client.send(.get("/topics/a/records")).text

    #expect(text.contains(#""value":"a \"quoted\"\\\n\u0001","#))
    #expect(text.contains(#""value":{"$base64":"IsMi"},"#))
    #expect(text.contains(#""value":"01","#))
  }
}
