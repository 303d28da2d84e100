/// The answer of v2 to records at these places.
func placed(_ places: (partition: Int, offset: Int)...) -> String {
  let entries = places.map {
    #"{"partition":\#($0.partition),"offset":\#($0.offset),"error_code":null,"error":null}"#
  }
  return #"{"offsets":["# + entries.joined(separator: ",")
    + #"],"key_schema_id":null,"value_schema_id":null}"#
}

/// The records of a partition in v2's form.
func v2Records(_ topic: String, _ partition: Int = 0, format: String = "json") -> Ask {
  .get(
    "/topics/\(topic)/partitions/\(partition)/records",
    accept: "application/vnd.kafka.\(format).v2+json")
}

/// Records of which no two fit 200 bytes.
private let five = (0..<5).map { #"{"value":"\#($0)\#(String(repeating: "x", count: 80))"}"# }
  .joined(separator: ",")

let produceScenarios: [Scenario] = [
  Scenario(
    name: "v2 appends a record and says where it stands", given: [.make("a")],
    ask: .v2("/topics/a", #"{"records":[{"value":{"n":1}}]}"#), status: 200, type: v2Type,
    body: placed((0, 0)), headers: ["Curlew-Durability": "disk"],
    effects: [
      (v2Records("a"), #"=[{"topic":"a","key":null,"value":{"n":1},"partition":0,"offset":0}]"#)
    ]),
  Scenario(
    name: "v2 answers an entry a record, in the order of the request",
    given: [.make("a", partitions: 3)],
    ask: .v2(
      "/topics/a",
      #"{"records":[{"value":1,"partition":2},{"value":2,"partition":0},{"value":3,"partition":"#
        + #"2}]}"#
    ),
    status: 200, body: placed((2, 0), (0, 0), (2, 1))),
  Scenario(
    name: "keys go where Kafka's default partitioner puts their JSON text",
    given: [.make("a", partitions: 12)],
    ask: .v2("/topics/a", #"{"records":[{"key":"k1","value":1},{"key":"k1","value":2}]}"#),
    status: 200,
    body: placed((2, 0), (2, 1))),
  Scenario(
    name: "keys of text go where Kafka's default partitioner puts the text",
    given: [.make("a", partitions: 12)],
    ask: .v2("/topics/a", #"{"records":[{"key":"k1","value":"1"}]}"#, "text"), status: 200,
    body: placed((5, 0))),
  Scenario(
    name: "keys of raw events go where Kafka's default partitioner puts them",
    given: [.make("a", partitions: 12)], ask: .post("/topics/a?key=k1", "1"), status: 200,
    body: placed((5, 0))),
  Scenario(
    name: "v2 text stores what strings stand for", given: [.make("a")],
    ask: .v2("/topics/a", #"{"records":[{"key":"k\u00e9","value":"a\nb"}]}"#, "text"), status: 200,
    body: placed((0, 0)),
    effects: [
      (.get("/topics/a/partitions/0/records/0"), "=a\nb"),
      (.get("/topics/a/records?key=k%C3%A9"), #""key":"ké","value":"a\nb""#),
    ]),
  Scenario(
    name: "v2 binary stores what base64 stands for", given: [.make("a")],
    ask: .v2("/topics/a", #"{"records":[{"key":"azE=","value":"AP8="},{"value":null}]}"#, "binary"),
    status: 200, body: placed((0, 0), (0, 1)),
    effects: [
      (
        v2Records("a", format: "binary"),
        #"=[{"topic":"a","key":"azE=","value":"AP8=","partition":0,"offset":0},"#
          + #"{"topic":"a","key":null,"value":null,"partition":0,"offset":1}]"#
      ),
      (.get("/topics/a/records"), #""key":"k1","value":{"$base64":"AP8="},"#),
    ]),
  Scenario(
    name: "v2's key is stored as its JSON text", given: [.make("a")],
    ask: .v2("/topics/a", #"{"records":[{"key":"k1","value":1}]}"#), status: 200,
    effects: [
      (v2Records("a", format: "binary"), #""key":"ImsxIg==""#),
      (.get("/topics/a/records?key=k1"), #""key":"k1""#),
    ]),
  Scenario(
    name: "a null and an absent value are tombstones", given: [.make("a")],
    ask: .v2("/topics/a", #"{"records":[{"key":1,"value":null},{"key":2}]}"#), status: 200,
    body: placed((0, 0), (0, 1)),
    effects: [
      (
        .get("/topics/a/records"),
        #""key":2,"value":null,"tombstone":true,"headers":"#
          + #"[]}"#
      )
    ]),
  Scenario(
    name: "falsy values are values", given: [.make("a")],
    ask: .v2(
      "/topics/a",
      #"{"records":[{"value":0},{"value":false},{"value":""},{"value":{}},{"value":[]}]}"#),
    status: 200,
    effects: [
      (.get("/topics/a/partitions/0/records/0"), "=0"),
      (.get("/topics/a/partitions/0/records/1"), "=false"),
      (.get("/topics/a/partitions/0/records/2"), #"="""#),
      (.get("/topics/a/partitions/0/records/3"), "={}"),
      (.get("/topics/a/partitions/0/records/4"), "=[]"),
    ]),
  Scenario(
    name: "the path's partition holds for records without one", given: [.make("a", partitions: 3)],
    ask: .v2("/topics/a/partitions/1", #"{"records":[{"value":1},{"value":2,"partition":2}]}"#),
    status: 200, body: placed((1, 0), (2, 0))),
  Scenario(
    name: "v2's other fields are accepted", given: [.make("a")],
    ask: .v2(
      "/topics/a",
      #"{"key_schema":null,"key_schema_id":null,"value_schema":null,"value_schema_id":null,"#
        + #""records":[{"value":1}]}"#
    ),
    status: 200, body: placed((0, 0))),
  Scenario(
    name: "v2 takes headers and timestamps as its dialects do", given: [.make("a")],
    ask: .v2(
      "/topics/a",
      #"{"records":[{"value":1,"timestamp":1000,"headers":[{"key":"a","value":"AQ=="},{"name":"#
        + #""b","value":null}]}]}"#
    ),
    status: 200, body: placed((0, 0)),
    effects: [
      (
        .get("/topics/a/records"),
        #""timestamp":"1970-01-01T00:00:01.000Z","key":null,"value":1,"#
          + #""headers":[{"name":"a","value":"\u0001"},{"name":"b","value":null}]}"#
      ),
      (
        .get(
          "/topics/a/partitions/0/records?include=headers,timestamp,metadata",
          accept: "application/vnd.kafka.json.v2+json"),
        #""offset":0,"timestamp":1000,"headers":[{"key":"a","value":"AQ=="},{"key":"b","value":"#
          + #"null}],"#
          + #""leader_epoch":2,"key_size":-1,"value_size":1}"#
      ),
    ]),
  Scenario(
    name: "a record of a partition that is not there is refused alone, and at once",
    given: [.make("a", partitions: 2)],
    ask: .v2(
      "/topics/a",
      #"{"records":[{"value":1,"partition":7},{"value":2,"partition":1},{"value":3,"partition":"#
        + #"-1}]}"#
    ),
    status: 200,
    body: #"{"offsets":[{"partition":null,"offset":null,"error_code":50002,"#
      + #""error":"Invalid partition given with record: 7 is not in the range [0...1]."},"#
      + #"{"partition":1,"offset":0,"error_code":null,"error":null},"#
      + #"{"partition":null,"offset":null,"error_code":50002,"#
      + #""error":"Invalid partition given with record: -1 is not in the range [0...1]."}],"#
      + #""key_schema_id":null,"value_schema_id":null}"#),
  Scenario(
    name: "a record over the topic's limit is refused alone",
    given: [.make("a", config: #"{"max.message.bytes":200}"#)],
    ask: .v2(
      "/topics/a",
      #"{"records":[{"value":"\#(String(repeating: "x", count: 200))"},{"value":"#
        + #"2}]}"#),
    status: 200,
    contains: [
      #"{"partition":null,"offset":null,"error_code":50002,"error":"The message is "#,
      "larger than 200", #"{"partition":0,"offset":0,"error_code":null,"error":null}"#,
    ]),
  Scenario(
    name: "a record too far in the future is refused alone", given: [.make("a")],
    ask: .v2(
      "/topics/a", #"{"records":[{"value":1,"timestamp":1795616400124},{"value":2}]}"#),
    status: 200,
    contains: [
      "out of range. The timestamp should be within [", ", 1795616400123].",
      #"{"partition":0,"offset":0,"error_code":null,"error":null}"#,
    ]),
  Scenario(
    name: "a record too far in the past is refused alone",
    given: [.make("a", config: #"{"message.timestamp.before.max.ms":"1s"}"#)],
    ask: .v2(
      "/topics/a",
      #"{"records":[{"value":1,"timestamp":1795612799123},{"value":2,"timestamp":"#
        + #"1795612799122}]}"#),
    status: 200,
    contains: [
      #"{"offsets":[{"partition":0,"offset":0,"error_code":null,"error":null},"#,
      "within [1795612799123, ",
    ]),
  Scenario(
    name: "a raw event too far in the future is refused", given: [.make("a")],
    ask: .post("/topics/a?timestamp=1795616400124", "1"), status: 422,
    contains: [#""code":"invalid_timestamp""#, "message.timestamp.after.max.ms"]),
  Scenario(
    name: "a topic that stamps appends itself takes any timestamp",
    given: [.make("a", config: #"{"message.timestamp.type":"LogAppendTime"}"#)],
    ask: .post("/topics/a?timestamp=1895616400124", "1"), status: 200, body: placed((0, 0))),
  Scenario(
    name: "records that fit no single batch become several",
    given: [.make("a", config: #"{"max.message.bytes":200}"#)],
    ask: .v2(
      "/topics/a",
      #"{"records":"#
        + #"[\#(five)]}"#
    ),
    status: 200, body: placed((0, 0), (0, 1), (0, 2), (0, 3), (0, 4)),
    effects: [(.get("/topics/a/partitions/0/records/3"), #""3xxx"#)]),
  Scenario(
    name: "v2 says record by record that no topic can have the name",
    ask: .v2("/topics/bad%20topic", #"{"records":[{"value":1},{"value":2}]}"#), status: 200,
    type: v2Type,
    body:
      #"{"offsets":[{"partition":null,"offset":null,"error_code":50002,"error":"Invalid topics:"#
      + #" [bad topic]"},"#
      + #"{"partition":null,"offset":null,"error_code":50002,"error":"Invalid topics:"#
      + #" [bad topic]"}],"#
      + #""key_schema_id":null,"value_schema_id":null}"#,
    effects: [(.get("/topics"), "=[]")]),
  Scenario(
    name: "a produce makes the topic", setup: Setup(defaultPartitions: 2),
    ask: .v2("/topics/new", #"{"records":[{"value":1,"partition":1}]}"#), status: 200,
    body: placed((1, 0)), effects: [(.get("/topics/new/partitions/1"), #""partition":1"#)]),
  Scenario(
    name: "a produce makes no topic where that is off", setup: Setup(autoCreate: false),
    ask: .v2("/topics/new", #"{"records":[{"value":1}]}"#), status: 404, type: v2Type,
    body: #"{"error_code":40401,"message":"Topic not found."}"#),
  Scenario(
    name: "a raw produce makes no topic where that is off", setup: Setup(autoCreate: false),
    ask: .post("/topics/new", "1"), status: 404,
    contains: [
      #"{"error_code":40401,"message":"There is no topic 'new'.","code":"#
        + #""unknown_topic""#
    ]),
  Scenario(
    name: "memory is answered with the epoch", given: [.make("a")],
    ask: .v2("/topics/a?acks=memory", #"{"records":[{"value":1}]}"#), status: 200,
    body: placed((0, 0)),
    headers: ["Curlew-Durability": "memory", "Curlew-Leader-Epoch": "2"]),
  Scenario(
    name: "none is accepted and no more", given: [.make("a")],
    ask: .v2("/topics/a?acks=none", #"{"records":[{"value":1}]}"#), status: 202, body: "{}",
    headers: ["Curlew-Durability": "none"]),
  Scenario(
    name: "our own topics are not written to",
    ask: .v2("/topics/__curlew-x", #"{"records":[{"value":1}]}"#),
    status: 403, contains: [#""error_code":40301"#]),
]
