private let three = Ask.v2(
  "/topics/a",
  #"{"records":[{"key":"x","value":1,"timestamp":1000},{"key":"y","value":"two","timestamp":"#
    + #"2000},{"value":null,"timestamp":3000}]}"#
)
private let records = "/topics/a/records"

/// A record in our own form.
private func record(
  _ offset: Int, _ second: Int, _ key: String, _ value: String, partition: Int = 0,
  topic: String = "a"
) -> String {
  #"{"topic":"\#(topic)","partition":\#(partition),"offset":\#(offset),"timestamp":"#
    + #""1970-01-01T00:00:0\#(second).000Z","#
    + #""key":\#(key),"value":\#(value),"headers":[]}"#
}

private let merged = Ask.v2(
  "/topics/a",
  #"{"records":[{"value":1,"partition":0,"timestamp":3000},{"value":2,"partition":1,"timestamp":"#
    + #"1000},"#
    + #"{"value":3,"partition":2,"timestamp":2000},{"value":4,"partition":1,"timestamp":4000}]}"#)

let readScenarios: [Scenario] = [
  Scenario(
    name: "records are read as JSON, with where to go on", given: [.make("a"), three],
    ask: .get(records), status: 200, type: "application/json",
    contains: [
      #"{"records":["# + record(0, 1, #""x""#, "1") + "," + record(1, 2, #""y""#, #""two""#) + ",",
      #""value":null,"tombstone":true,"headers":[]}],"next":""#, #"","caught_up":true}"#,
    ]),
  Scenario(
    name: "nothing is read from an empty topic, and where to go on all the same",
    given: [.make("a")],
    ask: .get(records), status: 200,
    contains: [#"{"records":[],"next":""#, #"","caught_up":true}"#]),
  Scenario(
    name: "a limit leaves the rest for later", given: [.make("a"), three],
    ask: .get(records + "?limit=2"),
    status: 200, contains: [#""two""#, #""caught_up":false}"#], lacks: ["tombstone"]),
  Scenario(
    name: "at least one record comes, however few bytes are wanted", given: [.make("a"), three],
    ask: .get(records + "?max_bytes=1"), status: 200,
    contains: [#""value":1,"#, #""caught_up":false}"#],
    lacks: ["two"]),
  Scenario(
    name: "records are read as lines", given: [.make("a"), three],
    ask: .get(records, accept: "application/x-ndjson"), status: 200, type: "application/x-ndjson",
    body: record(0, 1, #""x""#, "1") + "\n" + record(1, 2, #""y""#, #""two""#) + "\n"
      + record(2, 3, "null", "null").replacing(
        #","headers""#, with: #","tombstone":true,"headers""#) + "\n"),
  Scenario(
    name: "a value of several lines takes one",
    given: [.make("a"), .post("/topics/a?timestamp=1000", "{\n \"a\":1\r\n}")],
    ask: .get(records, accept: "application/x-ndjson"), status: 200,
    body: record(0, 1, "null", "{  \"a\":1  }") + "\n"),
  Scenario(
    name: "partitions are merged by timestamp", given: [.make("a", partitions: 3), merged],
    ask: .get(records, accept: "application/x-ndjson"), status: 200,
    body: [
      record(0, 1, "null", "2", partition: 1), record(0, 2, "null", "3", partition: 2),
      record(0, 3, "null", "1"), record(1, 4, "null", "4", partition: 1), "",
    ].joined(separator: "\n")),
  Scenario(
    name: "one partition is read by itself", given: [.make("a", partitions: 3), merged],
    ask: .get(records + "?partition=1", accept: "application/x-ndjson"), status: 200,
    body: record(0, 1, "null", "2", partition: 1) + "\n" + record(1, 4, "null", "4", partition: 1)
      + "\n"),
  Scenario(
    name: "the path names a partition", given: [.make("a", partitions: 3), merged],
    ask: .get("/topics/a/partitions/1/records?offset=1", accept: "application/x-ndjson"),
    status: 200,
    body: record(1, 4, "null", "4", partition: 1) + "\n"),
  Scenario(
    name: "several topics are read together",
    given: [
      .make("a"), .make("b"), .post("/topics/a?timestamp=2000", "1"),
      .post("/topics/b?timestamp=1000", "2"),
    ],
    ask: .get("/records?topics=a,b", accept: "application/x-ndjson"), status: 200,
    body: record(0, 1, "null", "2", topic: "b") + "\n" + record(0, 2, "null", "1") + "\n"),
  Scenario(
    name: "reading begins at a time", given: [.make("a"), three],
    ask: .get(records + "?from=1970-01-01T00:00:02Z&limit=1"), status: 200,
    contains: [#""offset":1,"#]),
  Scenario(
    name: "reading begins at milliseconds", given: [.make("a"), three],
    ask: .get(records + "?from=2001"),
    status: 200, contains: [#""offset":2,"#], lacks: [#""offset":1,"#]),
  Scenario(
    name: "reading begins some time ago", given: [.make("a"), three, .post("/topics/a", "4")],
    ask: .get(records + "?from=-15m"), status: 200, contains: [#""offset":3,"#],
    lacks: [#""offset":2,"#]),
  Scenario(
    name: "reading begins behind the end", given: [.make("a"), three],
    ask: .get(records + "?from=latest"),
    status: 200, contains: [#"{"records":[],"#]),
  Scenario(
    name: "an offset at the end is read from", given: [.make("a"), three],
    ask: .get("/topics/a/partitions/0/records?offset=3"), status: 200,
    contains: [#"{"records":[],"#]),
  Scenario(
    name: "a key is found in both spellings",
    given: [
      .make("a"), .v2("/topics/a", #"{"records":[{"key":"k1","value":1},{"key":"k2","value":2}]}"#),
      .post("/topics/a?key=k1", "3"),
    ],
    ask: .get(records + "?key=k1"), status: 200,
    contains: [#""value":1,"#, #""value":3,"#, #""caught_up":true"#],
    lacks: [#""value":2,"#]),
  Scenario(
    name: "a format may be forced to text", given: [.make("a"), three],
    ask: .get(records + "?format=text&limit=1"),
    status: 200, contains: [#""key":"\"x\"","value":"1""#]),
  Scenario(
    name: "a format may be forced to base64", given: [.make("a"), three],
    ask: .get(records + "?format=binary&limit=1"), status: 200,
    contains: [#""key":"Ingi","value":"MQ==""#]),
  Scenario(
    name: "v2 reads an array", given: [.make("a"), three], ask: v2Records("a"), status: 200,
    type: "application/vnd.kafka.json.v2+json",
    body: #"[{"topic":"a","key":"x","value":1,"partition":0,"offset":0},"#
      + #"{"topic":"a","key":"y","value":"two","partition":0,"offset":1},"#
      + #"{"topic":"a","key":null,"value":null,"partition":0,"offset":2}]"#),
  Scenario(
    name: "v2 reads an empty array", given: [.make("a")], ask: v2Records("a"), status: 200,
    body: "[]"),
  Scenario(
    name: "v2's plain type reads JSON", given: [.make("a"), three],
    ask: .get(records + "?limit=1", accept: v2Type),
    status: 200, type: v2Type,
    body: #"[{"topic":"a","key":"x","value":1,"partition":0,"offset":0}]"#),
  Scenario(
    name: "v2 reads text", given: [.make("a"), three],
    ask: .get(records + "?limit=1", accept: "application/vnd.kafka.text.v2+json"),
    status: 200, body: #"[{"topic":"a","key":"\"x\"","value":"1","partition":0,"offset":0}]"#),
  Scenario(
    name: "a raw record has its type and headers",
    given: [
      .make("a"),
      .post(
        "/topics/a?timestamp=1000", "<a/>", type: "application/xml",
        [("Curlew-Header-Trace", "t 1")]),
    ],
    ask: .get("/topics/a/partitions/0/records/0"), status: 200, type: "application/xml",
    body: "<a/>",
    headers: ["Curlew-Header-Trace": "t 1", "Curlew-Timestamp": "1970-01-01T00:00:01.000Z"]),
  Scenario(
    name: "a raw JSON record is JSON", given: [.make("a"), three],
    ask: .get("/topics/a/partitions/0/records/1"),
    status: 200, type: "application/json", body: #""two""#),
  Scenario(
    name: "a raw tombstone is nothing", given: [.make("a"), three],
    ask: .get("/topics/a/partitions/0/records/2"),
    status: 204, body: "", headers: ["Curlew-Tombstone": "true"]),
  Scenario(
    name: "a header that HTTP cannot carry is at least named",
    given: [
      .make("a"),
      .v2("/topics/a", #"{"records":[{"value":1,"headers":[{"key":"bad","value":"DQo="}]}]}"#),
    ],
    ask: .get("/topics/a/partitions/0/records/0"), status: 200, body: "1",
    headers: ["Curlew-Headers-Unshown": "bad"]),
  Scenario(
    name: "the offsets of a topic", given: [.make("a", partitions: 3), merged],
    ask: .get("/topics/a/offsets"),
    status: 200, type: "application/json",
    body:
      #"{"topic":"a","offsets":[{"partition":0,"start":0,"end":1},{"partition":1,"start":0,"#
      + #""end":2},{"partition":2,"start":0,"end":1}]}"#
  ),
  Scenario(
    name: "the offsets of a topic at a time", given: [.make("a", partitions: 3), merged],
    ask: .get("/topics/a/offsets?at=2000"), status: 200,
    body:
      #"{"topic":"a","offsets":[{"partition":0,"start":0,"end":1,"at":0},{"partition":1,"start":"#
      + #"0,"end":2,"at":1},{"partition":2,"start":0,"end":1,"at":0}]}"#
  ),
  Scenario(
    name: "reads make no topic", ask: .get("/topics/new/records"), status: 404,
    contains: [#""error_code":40401"#, #""code":"unknown_topic""#],
    effects: [(.get("/topics"), "=[]")]),
  Scenario(
    name: "v2 reads make no topic", ask: v2Records("new"), status: 404, type: v2Type,
    body: #"{"error_code":40401,"message":"Topic not found."}"#),
]
