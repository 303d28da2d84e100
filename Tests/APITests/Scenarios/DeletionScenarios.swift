private let three = Ask.v2("/topics/a", #"{"records":[{"value":1},{"value":2},{"value":3}]}"#)
private let records = "/topics/a/partitions/0/records"

/// Records that are deleted by their offsets.
let deletionScenarios: [Scenario] = [
  Scenario(
    name: "records below an offset are deleted", given: [.make("a"), three],
    ask: .delete(records + "?before=2"), status: 200, type: "application/json",
    body: #"{"topic":"a","partition":0,"start":2,"end":3}"#,
    effects: [
      (.get("/topics/a/partitions/0/offsets"), #"={"beginning_offset":2,"end_offset":3}"#),
      (.get("/topics/a/records?include=metadata"), #""offset":2"#),
      (.get(records + "/1"), #""code":"offset_out_of_range""#),
      (.get(records + "/2"), "=3"),
    ]),
  Scenario(
    name: "all records are deleted, and offsets go on", given: [.make("a"), three],
    ask: .delete(records + "?before=latest"), status: 200,
    body: #"{"topic":"a","partition":0,"start":3,"end":3}"#,
    effects: [
      (.get("/topics/a/records"), #""records":[]"#),
      (.v2("/topics/a", #"{"records":[{"value":4}]}"#), #""offset":3"#),
    ]),
  Scenario(
    name: "a read below the start is told the range",
    given: [.make("a"), three, .delete(records + "?before=2")],
    ask: .get(records + "?offset=1"), status: 416,
    contains: [#""code":"offset_out_of_range""#, #""start":2,"end":3"#],
    headers: ["Content-Range": "offsets */2-3"]),
  Scenario(
    name: "a log start never goes back",
    given: [.make("a"), three, .delete(records + "?before=2")],
    ask: .delete(records + "?before=1"), status: 200,
    body: #"{"topic":"a","partition":0,"start":2,"end":3}"#),
  Scenario(
    name: "a log start beyond the end is refused with the range", given: [.make("a"), three],
    ask: .delete(records + "?before=4"), status: 416,
    contains: [#""code":"offset_out_of_range""#, #""start":0,"end":3"#]),
  Scenario(
    name: "a deletion says below which offset", given: [.make("a"), three],
    ask: .delete(records), status: 400,
    contains: [#""code":"invalid_parameter""#, "before"]),
  Scenario(
    name: "a deletion takes no word for an offset", given: [.make("a"), three],
    ask: .delete(records + "?before=-1"), status: 400,
    contains: [#""code":"invalid_parameter""#, "takes an offset, or latest"]),
  Scenario(
    name: "records of an unknown topic are not deleted", ask: .delete(records + "?before=1"),
    status: 404, contains: [#""error_code":40401"#]),
  Scenario(
    name: "records of an unknown partition are not deleted", given: [.make("a")],
    ask: .delete("/topics/a/partitions/1/records?before=0"), status: 404,
    contains: [#""error_code":40402"#]),
  Scenario(
    name: "records of our own topics are not deleted by others",
    ask: .delete("/topics/__curlew_x/partitions/0/records?before=0"), status: 404,
    contains: [#""error_code":40401"#]),
  Scenario(
    name: "the first record at a time is one that is still there",
    given: [
      .make("a"),
      .v2(
        "/topics/a",
        #"{"records":[{"value":1,"timestamp":9},{"value":2,"timestamp":5},{"value":3,"timestamp":7}]}"#
      ),
      .delete(records + "?before=1"),
    ], ask: .get("/topics/a/offsets?at=6"), status: 200, contains: [#""at":2"#]),
]
