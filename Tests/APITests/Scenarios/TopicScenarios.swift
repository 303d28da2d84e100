let v2Type = "application/vnd.kafka.v2+json"

let topicScenarios: [Scenario] = [
  Scenario(
    name: "topics are listed by name, as v2 lists them",
    given: [.make("b"), .make("a")], ask: .get("/topics"), status: 200, type: v2Type,
    body: #"["a","b"]"#),
  Scenario(
    name: "a trailing slash changes nothing", given: [.make("a")], ask: .get("/topics/"),
    status: 200,
    body: #"["a"]"#),
  Scenario(
    name: "a caller that wants plain JSON gets it from v2", given: [.make("a")],
    ask: .get("/topics", accept: "application/json"), status: 200, type: "application/json",
    body: #"["a"]"#),
  Scenario(
    name: "details are ours",
    given: [
      .make("a", partitions: 2), .v2("/topics/a", #"{"records":[{"value":1,"partition":1}]}"#),
    ],
    ask: .get("/topics?detail=true"), status: 200, type: "application/json",
    contains: [
      #"{"name":"a","id":""#, #""internal":false,"config":{},"settings":[{"name":"#,
      #"{"partition":0,"start":0,"end":0,"bytes":0,"segments":0}"#,
      #"{"partition":1,"start":0,"end":1,"#, #""damage":[]"#,
    ]),
  Scenario(
    name: "a topic as v2 describes it", given: [.make("a", partitions: 2)], ask: .get("/topics/a"),
    status: 200, type: v2Type,
    contains: [
      #"{"name":"a","configs":{"segment.bytes":"134217728","#, #""cleanup.policy":"delete""#,
      #""partitions":[{"partition":0,"leader":1,"replicas":[{"broker":1,"leader":true,"in_sync":"#
        + #"true}]},{"partition":1,"#,
    ]),
  Scenario(
    name: "a topic in detail says what was set",
    given: [.make("a", config: #"{"max.message.bytes":"2 MiB"}"#.replacing(" ", with: ""))],
    ask: .get("/topics/a?detail=true"), status: 200, type: "application/json",
    contains: [
      #""config":{"max.message.bytes":"2097152"}"#,
      #"{"name":"max.message.bytes","value":"2097152","default":false,"#,
    ]),
  Scenario(
    name: "the partitions of a topic", given: [.make("a", partitions: 2)],
    ask: .get("/topics/a/partitions"), status: 200, type: v2Type,
    body: #"[{"partition":0,"leader":1,"replicas":[{"broker":1,"leader":true,"in_sync":true}]},"#
      + #"{"partition":1,"leader":1,"replicas":[{"broker":1,"leader":true,"in_sync":true}]}]"#),
  Scenario(
    name: "one partition", given: [.make("a", partitions: 2)], ask: .get("/topics/a/partitions/1"),
    status: 200, type: v2Type,
    body: #"{"partition":1,"leader":1,"replicas":[{"broker":1,"leader":true,"in_sync":true}]}"#),
  Scenario(
    name: "the offsets of a partition",
    given: [.make("a"), .v2("/topics/a", #"{"records":[{"value":1},{"value":2}]}"#)],
    ask: .get("/topics/a/partitions/0/offsets"), status: 200, type: v2Type,
    body: #"{"beginning_offset":0,"end_offset":2}"#),
  Scenario(
    name: "a topic is made", ask: .make("orders", partitions: 3, config: #"{"segment.ms":"1h"}"#),
    status: 201, type: "application/json",
    contains: [#""name":"orders""#, #""segment.ms":"3600000""#],
    headers: ["Location": "/topics/orders"],
    effects: [
      (.get("/topics"), #"=["orders"]"#), (.get("/topics/orders/partitions/2"), #""partition":2"#),
    ]),
  Scenario(
    name: "a topic is made with the default number of partitions",
    setup: Setup(defaultPartitions: 4),
    ask: .post("/topics", #"{"name":"a"}"#), status: 201, contains: [#"{"partition":3,"#],
    lacks: [#"{"partition":4,"#]),
  Scenario(
    name: "a setting may be written as a number or a truth value",
    ask: .make("a", config: #"{"max.message.bytes":2000,"preallocate":false}"#), status: 201,
    contains: [#""config":{"max.message.bytes":"2000","preallocate":"false"}"#]),
  Scenario(
    name: "a topic that exists is not made again", given: [.make("a")], ask: .make("a"),
    status: 409,
    type: "application/json",
    contains: [
      #"{"error_code":409,"message":"There is a topic 'a' already.","code":"topic_exists","#
        + #""request_id":""#
    ]),
  Scenario(
    name: "partitions are added and settings changed", given: [.make("a")],
    ask: .patch("/topics/a", #"{"partitions":3,"config":{"max.message.bytes":5000}}"#), status: 200,
    contains: [#"{"partition":2,"#, #""config":{"max.message.bytes":"5000"}"#],
    effects: [(.get("/topics/a/partitions/2"), #""partition":2"#)]),
  Scenario(
    name: "a setting returns to its default",
    given: [.make("a", config: #"{"max.message.bytes":5000}"#)],
    ask: .patch("/topics/a", #"{"config":{"max.message.bytes":null}}"#), status: 200,
    contains: [#""config":{}"#]),
  Scenario(
    name: "a change that changes nothing is fine", given: [.make("a", partitions: 2)],
    ask: .patch("/topics/a", #"{"partitions":2}"#), status: 200, contains: [#""name":"a""#]),
  Scenario(
    name: "partitions are not taken away", given: [.make("a", partitions: 2)],
    ask: .patch("/topics/a", #"{"partitions":1}"#), status: 422,
    contains: [#""code":"invalid_partitions""#, "already has 2 partitions"]),
  Scenario(
    name: "an empty change says what it lacks", given: [.make("a")], ask: .patch("/topics/a", "{}"),
    status: 422, contains: [#""code":"missing_field""#]),
  Scenario(
    name: "a topic is deleted", given: [.make("a")], ask: .delete("/topics/a"), status: 204,
    body: "",
    effects: [(.get("/topics"), "=[]"), (.get("/topics/a"), #""error_code":40401"#)]),
  Scenario(
    name: "a topic that is not there is not deleted", ask: .delete("/topics/a"), status: 404,
    contains: [#""error_code":40401"#, #""code":"unknown_topic""#, #""hint":"#]),
  Scenario(
    name: "an unknown setting is answered with the nearest name",
    ask: .make("a", config: #"{"retention.m":"1"}"#), status: 422,
    contains: [#""code":"invalid_configuration""#, "Did you mean 'retention.ms'?"]),
  Scenario(
    name: "a setting that is not acted on yet is refused with its sentence",
    ask: .make("a", config: #"{"preallocate":"true"}"#), status: 422,
    contains: ["this version does not act on it"]),
  Scenario(
    name: "a setting out of bounds is refused", ask: .make("a", config: #"{"segment.bytes":"1"}"#),
    status: 422, contains: ["segment.bytes"]),
  Scenario(
    name: "a setting that is a list is refused", ask: .make("a", config: #"{"segment.bytes":[]}"#),
    status: 400, contains: [#""code":"wrong_type""#]),
  Scenario(
    name: "our own topics are not made by others", ask: .make("__curlew-x"), status: 403,
    contains: [#""code":"reserved_topic_name""#]),
  Scenario(
    name: "a topic of no name is not made", ask: .post("/topics", "{}"), status: 422,
    contains: [#""code":"missing_field""#, "name may not be null"]),
  Scenario(
    name: "a topic of an illegal name is not made", ask: .make("a b"), status: 422,
    contains: [#""error_code":42206"#, #""code":"invalid_topic_name""#, "letters, digits"]),
  Scenario(
    name: "a topic of no partitions is not made", ask: .make("a", partitions: 0), status: 422,
    contains: [#""code":"invalid_field""#, "partitions"]),
  Scenario(
    name: "a field that no topic has is named",
    ask: .post("/topics", #"{"name":"a","replicas":1}"#),
    status: 422, contains: ["Unrecognized field: replicas"]),
  Scenario(
    name: "the fields of an envelope stand once",
    ask: .post("/topics", #"{"name":"a","name":"b"}"#),
    status: 400, contains: [#""code":"duplicate_field""#]),
]
