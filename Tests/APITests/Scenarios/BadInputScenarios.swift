import HTTP

private let json = "application/vnd.kafka.json.v2+json"
private let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)

/// Every row of the list of bad input: status and code of the references, and what to do.
let badInputScenarios: [Scenario] = bodies + names + types + reads + transport

private func v2(_ name: String, _ body: String, _ status: Int, _ parts: String...) -> Scenario {
  Scenario(
    name: name, given: [.make("a")], ask: .v2("/topics/a", body), status: status, type: v2Type,
    contains: parts, lacks: ["request_id"])
}

private let bodies: [Scenario] = [
  v2("malformed JSON", #"{"records":[{"value":"#, 400, #""error_code":400"#, "line 1, column"),
  v2("two values", #"{"records":[{"value":1}]} 2"#, 400, #""error_code":400"#),
  v2("no JSON at all", "hello", 400, #""error_code":400"#),
  v2("an empty body", "", 400, #""error_code":400"#),
  v2("a body that is no object", "[]", 400, #""error_code":400"#, "expected an object"),
  v2("records of another type", #"{"records":{}}"#, 400, #""error_code":400"#, "expected an array"),
  v2(
    "a record of another type", #"{"records":[1]}"#, 400, #""error_code":400"#, "expected an object"
  ),
  v2(
    "a partition of another type", #"{"records":[{"value":1,"partition":"0"}]}"#, 400,
    #""error_code":400"#),
  v2(
    "a partition that is no whole number", #"{"records":[{"value":1,"partition":1.5}]}"#, 400,
    #""error_code":400"#),
  v2(
    "a partition beyond 64 bits", #"{"records":[{"value":1,"partition":99999999999999999999}]}"#,
    422, #""error_code":422"#),
  v2(
    "empty records", #"{"records":[]}"#, 422,
    #"{"error_code":422,"message":"records may not be empty"}"#),
  v2("no records", "{}", 422, #"{"error_code":422,"message":"records may not be empty"}"#),
  v2("null for records", #"{"records":null}"#, 422, "records may not be empty"),
  v2(
    "an unknown field of the envelope", #"{"records":[{"value":1}],"x":1}"#, 422,
    #"{"error_code":422,"message":"Unrecognized field: x"}"#),
  v2(
    "an unknown field of a record", #"{"records":[{"value":1,"max.poll":1}]}"#, 422,
    "Unrecognized field: max.poll"),
  v2(
    "a name twice in an envelope", #"{"records":[{"value":1}],"records":[]}"#, 400,
    #""error_code":400"#, "duplicate field 'records'"),
  v2(
    "a name twice in a record", #"{"records":[{"value":1,"value":2}]}"#, 400,
    "duplicate field 'value'"),
  v2(
    "a name twice, once with escapes", #"{"records":[{"value":1,"\u0076alue":2}]}"#, 400,
    "duplicate field"),
  v2("bytes that are not UTF-8 in a name", "{\"rec\u{0}ords\":[]}", 400, #""error_code":400"#),
  v2("deep nesting", #"{"records":[{"value":\#(deep)}]}"#, 400, #""error_code":400"#, "too deep"),
  v2(
    "a header without a name", #"{"records":[{"value":1,"headers":[{"value":"AQ=="}]}]}"#, 422,
    "headers.name"),
  v2(
    "a header that is no base64",
    #"{"records":[{"value":1,"headers":[{"name":"a","value":"?"}]}]}"#, 400, "base64"),
  v2("a timestamp before 1970", #"{"records":[{"value":1,"timestamp":-5}]}"#, 422, "timestamp"),
  Scenario(
    name: "bytes that are not UTF-8 in a value", given: [.make("a")],
    ask: .post(
      "/topics/a", bytes: Array(#"{"records":[{"value":""#.utf8) + [0xFF] + Array(#""}]}"#.utf8),
      type: json),
    status: 400, contains: [#""error_code":400"#, "UTF-8"]),
  Scenario(
    name: "bad base64 refuses the whole request", given: [.make("a")],
    ask: .v2("/topics/a", #"{"records":[{"value":"AQ=="},{"value":"not-base64!"}]}"#, "binary"),
    status: 400,
    body:
      #"{"error_code":400,"message":"Bad Request:"#
      + #" data=\"not-base64!\" is not a valid base64 string."}"#
  ),
  Scenario(
    name: "a number where base64 is due", given: [.make("a")],
    ask: .v2("/topics/a", #"{"records":[{"value":5}]}"#, "binary"),
    status: 400, contains: ["expected a string"]),
  Scenario(
    name: "a raw body that is not JSON", given: [.make("a")],
    ask: .post("/topics/a", #"{"a":tru}"#), status: 400,
    type: "application/json",
    contains: [
      #""error_code":400"#, #""code":"malformed_json""#, #""request_id":""#, "line 1, column 6",
    ]),
  Scenario(
    name: "an empty raw body", given: [.make("a")], ask: .post("/topics/a", ""), status: 400,
    contains: [#""code":"empty_body""#]),
  Scenario(
    name: "an empty raw body of any type", given: [.make("a")],
    ask: .post("/topics/a", "", type: nil), status: 400,
    contains: [#""code":"empty_body""#]),
  Scenario(
    name: "no lines", given: [.make("a")],
    ask: .post("/topics/a", "\n\n", type: "application/x-ndjson"), status: 422,
    contains: [#""code":"no_records""#]),
  Scenario(
    name: "text that is not UTF-8", given: [.make("a")],
    ask: .post("/topics/a", bytes: [0xFF], type: "text/plain"),
    status: 400, contains: [#""code":"not_utf8""#, "application/octet-stream"]),
  Scenario(
    name: "a raw value too deep", given: [.make("a")], ask: .post("/topics/a", deep), status: 400,
    contains: [#""code":"too_deep""#]),
  Scenario(
    name: "a refused body makes no topic", ask: .v2("/topics/new", #"{"records":[]}"#), status: 422,
    effects: [(.get("/topics"), "=[]")]),
  Scenario(
    name: "a control plane body that is not JSON", ask: .post("/topics", "{"), status: 400,
    contains: [#""code":"malformed_json""#]),
  Scenario(
    name: "a control plane body that is no object", ask: .post("/topics", "[]"), status: 400,
    contains: [#""code":"wrong_type""#]),
]

private let names: [Scenario] = [
  Scenario(
    name: "an unknown topic in v2", ask: .get("/topics/a"), status: 404, type: v2Type,
    body: #"{"error_code":40401,"message":"Topic not found."}"#),
  Scenario(
    name: "an unknown topic in our words", ask: .get("/topics/a?detail=true"), status: 404,
    type: "application/json",
    contains: [#""error_code":40401"#, #""code":"unknown_topic""#, #""hint":"#]),
  Scenario(
    name: "the partitions of an unknown topic", ask: .get("/topics/a/partitions"), status: 404,
    contains: [#""error_code":40401"#]),
  Scenario(
    name: "a name that no topic can have is unknown to reads",
    ask: .get("/topics/a%20b/partitions/0/offsets"),
    status: 404, contains: [#""error_code":40401"#]),
  Scenario(
    name: "a raw produce to a name that no topic can have", ask: .post("/topics/a%2Fb", "1"),
    status: 422,
    contains: [#""error_code":42206"#, #""code":"invalid_topic_name""#, "'/' in 'a/b'"]),
  Scenario(
    name: "a name that is too long",
    ask: .post("/topics/\(String(repeating: "a", count: 250))", "1"), status: 422,
    contains: ["at most 249"]),
  Scenario(
    name: "a partition that is not there", given: [.make("a")], ask: .get("/topics/a/partitions/1"),
    status: 404,
    type: v2Type, body: #"{"error_code":40402,"message":"Partition not found."}"#),
  Scenario(
    name: "a partition that is no number", given: [.make("a")],
    ask: .get("/topics/a/partitions/x/offsets"),
    status: 404, contains: [#""error_code":40402"#]),
  Scenario(
    name: "v2 produces to no partition that is not there", given: [.make("a")],
    ask: .v2("/topics/a/partitions/1", #"{"records":[{"value":1}]}"#), status: 404, type: v2Type,
    body: #"{"error_code":40402,"message":"Partition not found."}"#),
  Scenario(
    name: "a raw event goes to no partition that is not there", given: [.make("a")],
    ask: .post("/topics/a?partition=5", "1"), status: 404,
    contains: [#""error_code":40402"#, #""code":"unknown_partition""#]),
  Scenario(
    name: "a read of a partition that is not there", given: [.make("a")],
    ask: .get("/topics/a/records?partition=5"),
    status: 404, contains: [#""error_code":40402"#, "the topic has 0 to 0"]),
  Scenario(
    name: "one unknown topic among several", given: [.make("a")], ask: .get("/records?topics=a,b"),
    status: 404,
    contains: ["There is no topic 'b'"]),
]

private func parameter(_ target: String, _ word: String) -> Scenario {
  Scenario(
    name: "a bad parameter in \(target)", given: [.make("a")], ask: .get(target), status: 400,
    contains: [#""error_code":400"#, #""code":"invalid_parameter""#, word])
}

private let reads: [Scenario] = [
  parameter("/topics/a/records?limit=0", "'limit' takes a whole number"),
  parameter("/topics/a/records?limit=x", "'limit' takes a whole number"),
  parameter("/topics/a/records?max_bytes=-1", "'max_bytes' takes a whole number"),
  parameter("/topics/a/records?timeout=soon", "'timeout' takes a duration"),
  parameter("/topics/a/records?from=yesterday", "'from' takes earliest"),
  parameter("/topics/a/records?format=xml", "'format' takes json"),
  parameter("/topics/a/records?include=all", "'include' takes headers"),
  parameter("/topics/a/records?partition=-1", "'partition' takes a whole number"),
  parameter("/topics/a/records?follow=true", "application/x-ndjson"),
  parameter("/topics/a/records?offset=1", "add partition="),
  parameter("/topics/a/records?from=latest&cursor=x", "cannot be given together"),
  parameter("/topics/a/offsets?at=x", "'at' takes earliest"),
  parameter("/records", "'topics' takes the names"),
  Scenario(
    name: "an offset behind the end", given: [.make("a"), .post("/topics/a", "1")],
    ask: .get("/topics/a/partitions/0/records?offset=2"), status: 416,
    contains: [#""error_code":416"#, #""code":"offset_out_of_range""#, #""start":0,"end":1"#],
    headers: ["Content-Range": "offsets */0-1"]),
  Scenario(
    name: "a raw record behind the end", given: [.make("a"), .post("/topics/a", "1")],
    ask: .get("/topics/a/partitions/0/records/1"), status: 416, contains: [#""start":0,"end":1"#]),
  Scenario(
    name: "a raw record that is no number", given: [.make("a")],
    ask: .get("/topics/a/partitions/0/records/x"),
    status: 404, contains: [#""code":"not_found""#]),
  Scenario(
    name: "a cursor that was made up", given: [.make("a")],
    ask: .get("/topics/a/records?cursor=AAAA"), status: 400,
    contains: [#""code":"invalid_cursor""#, "from=earliest"]),
  Scenario(
    name: "an empty cursor", given: [.make("a")], ask: .get("/topics/a/records?cursor="),
    status: 400,
    contains: [#""code":"invalid_cursor""#]),
  Scenario(
    name: "a merged read of more partitions than a cursor holds",
    given: [.make("a", partitions: 901)],
    ask: .get("/topics/a/records"), status: 422,
    contains: [#""code":"too_many_partitions""#, "partition="]),
]

private func produce(
  _ name: String, _ target: String, _ word: String, type: String? = "application/json"
) -> Scenario {
  Scenario(
    name: name, given: [.make("a")], ask: .post(target, #"{"records":[{"value":1}]}"#, type: type),
    status: 400,
    contains: [#""error_code":400"#, word])
}

private let types: [Scenario] = [
  Scenario(
    name: "an unknown type of Kafka's", given: [.make("a")],
    ask: .post("/topics/a", "{}", type: "application/vnd.kafka.xml.v2+json"), status: 415,
    type: v2Type,
    body: #"{"error_code":415,"message":"HTTP 415 Unsupported Media Type"}"#),
  Scenario(
    name: "v2's type without a format", given: [.make("a")],
    ask: .post("/topics/a", "{}", type: v2Type), status: 415,
    contains: [#""error_code":415"#]),
  Scenario(
    name: "v1's types", given: [.make("a")],
    ask: .post("/topics/a", "{}", type: "application/vnd.kafka.json.v1+json"),
    status: 415, contains: [#""error_code":415"#]),
  Scenario(
    name: "JSON in another encoding", given: [.make("a")],
    ask: .post("/topics/a", "{}", type: "application/json; charset=utf-16"), status: 415,
    contains: [#""code":"unsupported_media_type""#, "UTF-8"]),
  Scenario(
    name: "what is no type", given: [.make("a")], ask: .post("/topics/a", "{}", type: "json"),
    status: 415,
    contains: [#""code":"unsupported_media_type""#]),
  Scenario(
    name: "an answer of a type that there is not", given: [.make("a")],
    ask: .get("/topics/a/records", accept: "application/xml"), status: 406,
    contains: [#""error_code":406"#, #""code":"not_acceptable""#, "application/x-ndjson"]),
  Scenario(
    name: "an answer of a type of Kafka's that there is not", given: [.make("a")],
    ask: .get("/topics/a/records", accept: "application/vnd.kafka.xml.v2+json"), status: 406,
    type: v2Type,
    body: #"{"error_code":406,"message":"HTTP 406 Not Acceptable"}"#),
  Scenario(
    name: "metadata of a type that there is not", given: [.make("a")],
    ask: .get("/topics", accept: "application/xml"), status: 406, type: v2Type,
    body: #"{"error_code":406,"message":"HTTP 406 Not Acceptable"}"#),
  Scenario(
    name: "a produce whose answer the caller does not take", given: [.make("a")],
    ask: .post("/topics/a", "1", [("Accept", "text/csv")]), status: 406,
    contains: [#""code":"not_acceptable""#, "application/json"]),
  Scenario(
    name: "metadata for a caller that asks for records", given: [.make("a")],
    ask: .get("/topics", accept: "application/vnd.kafka.binary.v2+json"), status: 200,
    type: v2Type, body: #"["a"]"#),
  Scenario(
    name: "problems as RFC 9457 has them",
    ask: .get("/topics/a/records", accept: "application/json, application/problem+json"),
    status: 404,
    type: "application/problem+json",
    contains: [
      #"{"type":"urn:curlew:problem:unknown_topic","title":"unknown topic","status":404,"#
        + #""detail":"There is no topic 'a'.","error_code":40401,"code":"unknown_topic","#
        + #""request_id":""#
    ]),
  produce("unknown acks", "/topics/a?acks=all", "'acks' takes disk"),
  produce("a timestamp that is none", "/topics/a?timestamp=latest", "'timestamp' takes a time"),
  produce("a partition that is none", "/topics/a?partition=x", "'partition' takes"),
  produce("a partition twice", "/topics/a/partitions/0?partition=0", "stands in the path"),
  produce("two keys", "/topics/a?key=a&key_base64=YQ==", "'key_base64' cannot be given"),
  produce("a key that is no base64", "/topics/a?key_base64=%3F", "not a valid base64"),
  produce("a pointer into what is no lines", "/topics/a?key_path=/id", "application/x-ndjson"),
  produce(
    "what is no pointer", "/topics/a?key_path=id", "JSON Pointer", type: "application/x-ndjson"),
  produce("a key beside an envelope", "/topics/a?key=k", "each record has its own", type: json),
  Scenario(
    name: "a header beside an envelope", given: [.make("a")],
    ask: .post("/topics/a", #"{"records":[{"value":1}]}"#, type: json, [("Curlew-Header-A", "1")]),
    status: 400,
    contains: [#""error_code":400"#, "Curlew-Header-A"]),
]

private let transport: [Scenario] = [
  Scenario(
    name: "a path that leads nowhere", ask: .get("/nowhere"), status: 404, type: "application/json",
    contains: [#""error_code":404"#, #""code":"not_found""#, "/nowhere"]),
  Scenario(
    name: "a path that leads nowhere in v3", ask: .get("/v3/nowhere"), status: 404,
    body: #"{"error_code":404,"message":"HTTP 404 Not Found"}"#),
  Scenario(
    name: "a method that is not possible", ask: Ask(method: .put, target: "/topics/a"), status: 405,
    contains: [#""error_code":405"#, #""code":"method_not_allowed""#, "PUT is not possible here"],
    headers: ["Allow": "GET, HEAD, POST, PATCH, DELETE, OPTIONS"]),
  Scenario(
    name: "a body over the limit", setup: Setup(maximumBody: 100), given: [.make("a")],
    ask: .post("/topics/a", String(repeating: "1", count: 101)), status: 413,
    contains: [#""error_code":413"#, #""code":"body_too_large""#, "100 bytes", "--max-body"],
    needsSocket: true),
  Scenario(
    name: "a body over the limit in v2", setup: Setup(maximumBody: 100), given: [.make("a")],
    ask: .v2("/topics/a", String(repeating: "1", count: 101)), status: 413, type: v2Type,
    contains: [#"{"error_code":413,"message":"HTTP 413 Request Entity Too Large"}"#],
    needsSocket: true),
  Scenario(
    name: "a body in an encoding that is not known", given: [.make("a")],
    ask: .post("/topics/a", "1", [("Content-Encoding", "br")]), status: 415,
    contains: [#""error_code":415"#, #""code":"unsupported_encoding""#], needsSocket: true),
]
