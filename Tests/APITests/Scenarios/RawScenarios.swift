private let ndjson = "application/x-ndjson"

let rawScenarios: [Scenario] = [
  Scenario(
    name: "a JSON body is one event", given: [.make("a")],
    ask: .post("/topics/a", #" {"records":[1]} "#),
    status: 200, type: "application/json", body: placed((0, 0)),
    headers: ["Curlew-Durability": "disk"],
    effects: [(.get("/topics/a/partitions/0/records/0"), #"= {"records":[1]} "#)]),
  Scenario(
    name: "a null body is four bytes", given: [.make("a")], ask: .post("/topics/a", "null"),
    status: 200,
    effects: [
      (.get("/topics/a/partitions/0/records/0"), "=null"),
      (.get("/topics/a/records"), #""value":null,"headers":[]}"#),
    ]),
  Scenario(
    name: "a raw event has key, partition, timestamp and headers",
    given: [.make("a", partitions: 3)],
    ask: .post(
      "/topics/a?key=k%201&partition=2&timestamp=1970-01-01T00:00:05Z", #"{"n":1}"#,
      [("Curlew-Header-Trace", "t-1"), ("curlew-header-b", "2")]), status: 200,
    body: placed((2, 0)),
    effects: [
      (
        .get("/topics/a/records"),
        #"{"topic":"a","partition":2,"offset":0,"timestamp":"1970-01-01T00:00:05.000Z","key":"#
          + #""k 1","value":{"n":1},"#
          + #""headers":[{"name":"Trace","value":"t-1"},{"name":"b","value":"2"}]}"#
      )
    ]),
  Scenario(
    name: "a key may be any bytes", given: [.make("a")],
    ask: .post("/topics/a?key_base64=AP8%3D", "1"),
    status: 200, effects: [(.get("/topics/a/records"), #""key":{"$base64":"AP8="}"#)]),
  Scenario(
    name: "an empty key is a key", given: [.make("a")], ask: .post("/topics/a?key=", "1"),
    status: 200,
    effects: [(.get("/topics/a/records"), #""key":"","#)]),
  Scenario(
    name: "a raw event goes to the path's partition", given: [.make("a", partitions: 3)],
    ask: .post("/topics/a/partitions/1", "1"), status: 200, body: placed((1, 0))),
  Scenario(
    name: "lines are one event each", given: [.make("a")],
    ask: .post("/topics/a", "{\"n\": 1}\n\n[2]\r\n3", type: ndjson), status: 200,
    body: placed((0, 0), (0, 1), (0, 2)),
    effects: [
      (.get("/topics/a/partitions/0/records/0"), #"={"n": 1}"#),
      (.get("/topics/a/partitions/0/records/1"), "=[2]"),
      (.get("/topics/a/partitions/0/records/2"), "=3"),
    ]),
  Scenario(
    name: "lines take their keys by a pointer", given: [.make("a")],
    ask: .post(
      "/topics/a?key_path=/o/0/id",
      #"{"o":[{"id":"k\u0031"}]}"# + "\n" + #"{"x":1,"o":[{"id":2}]}"#,
      type: ndjson), status: 200,
    effects: [
      (.get("/topics/a/records?key=k1"), #""key":"k1","value":{"o":[{"id":"k\u0031"}]}"#),
      (.get("/topics/a/records?key=2"), #""offset":1"#),
    ]),
  Scenario(
    name: "a line without its key refuses all", given: [.make("a")],
    ask: .post("/topics/a?key_path=/id", "{\"id\":1}\n{\"x\":2}", type: ndjson), status: 422,
    contains: [#""code":"no_key""#, "Line 2 has nothing at '/id'"]),
  Scenario(
    name: "a bad line refuses all", given: [.make("a")],
    ask: .post("/topics/a", "{\"id\":1}\n{\"x\":", type: ndjson), status: 400,
    contains: [#""code":"malformed_json""#, "line 2"]),
  Scenario(
    name: "a line too large refuses all",
    given: [.make("a", config: #"{"max.message.bytes":100}"#)],
    ask: .post("/topics/a", "1\n\"\(String(repeating: "x", count: 100))\"", type: ndjson),
    status: 413,
    contains: [#""code":"record_too_large""#]),
  Scenario(
    name: "text keeps its type", given: [.make("a")],
    ask: .post("/topics/a", "hällo", type: "text/plain"),
    status: 200,
    effects: [
      (.get("/topics/a/partitions/0/records/0"), "=hällo"),
      (
        .get("/topics/a/records"),
        #""value":"hällo","headers":[{"name":"content-type","value":"text/plain"}]}"#
      ),
    ]),
  Scenario(
    name: "bytes keep their type", given: [.make("a")],
    ask: .post("/topics/a", bytes: [0, 255], type: "image/png"), status: 200,
    effects: [
      (
        .get("/topics/a/records"),
        #""value":{"$base64":"AP8="},"headers":[{"name":"content-type","value":"image/png"}]}"#
      )
    ]),
  Scenario(
    name: "no bytes are a value too", given: [.make("a")],
    ask: .post("/topics/a", "", type: "application/octet-stream"), status: 200,
    effects: [(.get("/topics/a/records"), #""value":"","headers""#)]),
  Scenario(
    name: "what curl -d sends is JSON if it is", given: [.make("a")],
    ask: .post("/topics/a", #"{"n":1}"#, type: "application/x-www-form-urlencoded"), status: 200,
    effects: [(.get("/topics/a/records"), #""value":{"n":1},"headers":[]}"#)]),
  Scenario(
    name: "what curl -d sends is bytes if it is no JSON", given: [.make("a")],
    ask: .post("/topics/a", "n=1", type: "application/x-www-form-urlencoded"), status: 200,
    effects: [(.get("/topics/a/records"), #""value":"n=1","headers":[]}"#)]),
  Scenario(
    name: "a body without a type is judged", given: [.make("a")],
    ask: .post("/topics/a", "[1]", type: nil),
    status: 200, effects: [(.get("/topics/a/records"), #""value":[1],"headers":[]}"#)]),
  Scenario(
    name: "a raw produce makes the topic", ask: .post("/topics/new", "1"), status: 200,
    body: placed((0, 0)), effects: [(.get("/topics"), #"=["new"]"#)]),
  Scenario(
    name: "a raw event over the topic's limit is refused",
    given: [.make("a", config: #"{"max.message.bytes":100}"#)],
    ask: .post("/topics/a", "\"\(String(repeating: "x", count: 100))\""), status: 413,
    contains: [#""code":"record_too_large""#, "larger than 100"]),
  Scenario(
    name: "memory is answered with the epoch for raw events", given: [.make("a")],
    ask: .post("/topics/a?acks=memory", "1"), status: 200,
    headers: ["Curlew-Durability": "memory", "Curlew-Leader-Epoch": "2"]),
]
