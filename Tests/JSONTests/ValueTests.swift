import JSON
import Testing

@Suite struct `A tree` {
  func parse(_ text: String) throws(JSONFault) -> JSONValue { try JSONValue.parse(bytes(text)) }

  func message(_ text: String) -> String? {
    fault { () throws(JSONFault) in _ = try parse(text) }?.message
  }

  @Test func `holds every kind of value`() throws {
    let tree = try parse(#" {"n":null,"b":[true,false],"i":-7,"r":1.5,"s":"é\n","o":{},"a":[]} "#)

    #expect(
      tree
        == [
          "n": nil, "b": [true, false], "i": -7, "r": .real(1.5), "s": "é\n",
          "o": .object(JSONObject()), "a": [],
        ])
  }

  @Test(arguments: [
    "null", "true", "0", "-9223372036854775808", "\"\"", "[]", "{}", "[1,\"a\",{\"b\":[null]}]",
    "0.1", "1e+100",
  ])
  func `writes the text that it was made of`(_ source: String) throws {
    #expect(text(try parse(source).text) == source)
  }

  @Test func `keeps the order of members`() throws {
    let names = (0..<50).map { "name \(($0 * 37) % 50)" }
    let source = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"

    let members = try parse(source).object().members

    #expect(members.map(\.name) == names)
  }

  @Test func `holds U+0000 in a string`() throws {
    #expect(try parse(#""a\u0000b""#) == .string("a\u{0}b"))
  }

  @Test(arguments: [
    ("", "line 1, column 1: expected a value"),
    (" \n", "line 2, column 1: expected a value"),
    ("{\n  \"a\": 1\n  \"b\": 2\n}", "line 3, column 3: expected ',' or '}'"),
    ("[1] x", "line 1, column 5: only white space may follow the value"),
    (#"{"a":1,"b":2,"a":3}"#, "line 1, column 14: the name \"a\" stands twice in an object"),
    (
      #"{"a":{"b":1},"\u0061":2,"c":3}"#,
      #"line 1, column 14: the name "\u0061" stands twice in an object"#
    ),
    ("[1,\n9223372036854775808 ]", "line 2, column 1: the number 9223372036854775808 is too large"),
    (
      "[1,\n-9223372036854775809]", "line 2, column 1: the number -9223372036854775809 is too large"
    ),
    ("1e400", "line 1, column 1: the number 1e400 is too large"),
    (#"["\ud800"]"#, "line 1, column 2: a surrogate escape without its partner"),
    (#"["\udc00"]"#, "line 1, column 2: a surrogate escape without its partner"),
    (#"{"a\u0000b":1}"#, "line 1, column 2: a name must not hold U+0000"),
  ]) func `is not made of what it cannot hold`(_ text: String, _ expected: String) {
    #expect(message(text) == expected)
  }

  @Test func `says on which line a number is too large`() {
    let refused = fault { () throws(JSONFault) in _ = try parse("{\"a\":1,\n\"b\":1e400,\n\"c\":2}")
    }

    #expect(refused?.kind == .outOfRange)
    #expect(refused?.line == 2)
  }

  @Test func `is as deep as its limit at most`() {
    func nested(_ depth: Int) -> [UInt8] {
      bytes(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
    }

    #expect(fault { () throws(JSONFault) in _ = try JSONValue.parse(nested(128)) } == nil)
    #expect(
      fault { () throws(JSONFault) in _ = try JSONValue.parse(nested(129)) }?.kind == .tooDeep)
    #expect(
      fault { () throws(JSONFault) in _ = try JSONValue.parse(nested(100_000)) }?.kind == .tooDeep)
    #expect(
      fault { () throws(JSONFault) in _ = try JSONValue.parse(nested(9), depthLimit: 8) }?.kind
        == .tooDeep)
  }
}

@Suite struct `The fields of an object` {
  let object = JSONObject([
    .init("name", "orders"), .init("partitions", 12), .init("internal", false),
    .init("tags", ["a"]),
    .init("config", ["k": "v"]), .init("owner", nil), .init("ratio", .real(0.5)),
  ])

  func message(_ body: (JSONObject) throws(JSONFault) -> Void) -> String? {
    fault { () throws(JSONFault) in try body(object) }?.message
  }

  @Test func `are read by type`() throws {
    #expect(try object.string("name") == "orders")
    #expect(try object.integer("partitions") == 12)
    #expect(try object.integer("partitions", in: 1...100) as Int == 12)
    #expect(try !object.bool("internal"))
    #expect(try object.array("tags") == ["a"])
    #expect(try object.object("config").string("k") == "v")
    #expect(object["ratio"] == .real(0.5))
    #expect(object["Name"] == nil)
  }

  @Test func `that are missing or of another type are named`() {
    #expect(message { o throws(JSONFault) in _ = try o.string("topic") } == "\"topic\" is missing")
    #expect(
      message { o throws(JSONFault) in _ = try o.string("partitions") }
        == "\"partitions\" must be a string")
    #expect(
      message { o throws(JSONFault) in _ = try o.integer("ratio") }
        == "\"ratio\" must be an integer")
    #expect(
      message { o throws(JSONFault) in _ = try o.bool("name") } == "\"name\" must be true or false")
    #expect(
      message { o throws(JSONFault) in _ = try o.array("config") } == "\"config\" must be an array")
    #expect(
      message { o throws(JSONFault) in _ = try o.object("tags") } == "\"tags\" must be an object")
    #expect(
      message { o throws(JSONFault) in _ = try o.string("owner") } == "\"owner\" must be a string")
    #expect(
      message { o throws(JSONFault) in _ = try o.integer("partitions", in: 1...8) as Int }
        == "\"partitions\" must be from 1 to 8")
    #expect(
      fault { () throws(JSONFault) in _ = try JSONValue.integer(1).object() }?.message
        == "the body must be an object")
  }

  @Test func `may be absent or null`() throws {
    #expect(try object.stringIfPresent("owner") == nil)
    #expect(try object.stringIfPresent("nobody") == nil)
    #expect(try object.stringIfPresent("name") == "orders")
    #expect(try object.integerIfPresent("partitions") == 12)
    #expect(try object.integerIfPresent("owner", in: 1...8) as Int? == nil)
    #expect(try object.boolIfPresent("internal") == false)
    #expect(try object.arrayIfPresent("owner") == nil)
    #expect(try object.objectIfPresent("config") == JSONObject([.init("k", "v")]))
    #expect(object.has("name"))
    #expect(!object.has("owner"))
    #expect(
      message { o throws(JSONFault) in _ = try o.stringIfPresent("ratio") }
        == "\"ratio\" must be a string")
  }

  @Test func `are refused where nobody knows them`() {
    let some = JSONObject([.init("a", 1), .init("b\n", 2)])

    #expect(fault { () throws(JSONFault) in try some.allow(only: "a", "b\n") } == nil)
    let refused = fault { () throws(JSONFault) in try some.allow(only: "a") }
    #expect(refused?.kind == .unknownField)
    #expect(refused?.message == #"unknown field "b\n""#)
  }

  @Test func `are told apart byte by byte`() {
    let composed = JSONObject([.init("\u{e9}", 1)])

    #expect(composed["e\u{301}"] == nil)
    #expect(
      fault { () throws(JSONFault) in try composed.allow(only: "e\u{301}") }?.kind == .unknownField)
  }
}
