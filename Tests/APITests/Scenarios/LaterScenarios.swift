import HTTP

/// What a later version adds: 501, named, and nothing done.
let laterScenarios: [Scenario] = routes + asks

private let routes: [Scenario] = [
  ("POST", "/producers", "producer sequences"), ("POST", "/groups/g/poll", "consumer groups"),
  ("GET", "/groups", "consumer groups"), ("POST", "/queues/g/receive", "queues"),
  ("POST", "/transactions", "transactions"), ("GET", "/subscriptions", "subscriptions"),
  ("GET", "/subjects", "the schema registry"), ("GET", "/config", "the schema registry"),
  ("GET", "/connectors", "connectors"), ("POST", "/ksql", "SQL"),
  ("GET", "/users", "users and rules"),
  ("POST", "/backups", "backups"), ("POST", "/consumers/g", "consumer instances"),
  ("GET", "/consumers/g/instances/i/records", "consumer instances"),
  ("GET", "/v3/clusters/c1/consumer-groups", "this part of REST Proxy v3"),
  ("GET", "/kafka/v3/clusters/c1/brokers", "this part of REST Proxy v3"),
  ("GET", "/topics/a/keys/k", "reading by key"), ("DELETE", "/topics/a/keys/k", "deleting by key"),
].map { method, path, words in
  Scenario(
    name: "\(method) \(path) comes later",
    ask: Ask(method: .init(rawValue: method)!, target: path), status: 501,
    contains: [#""error_code":501"#, "This version does not have \(words) yet."])
}

private let cases: [(String, Ask, String)] = [
  ("idempotency keys", .post("/topics/a", "1", [("Idempotency-Key", "k")]), "Idempotency-Key"),
  (
    "producers' sequences", .post("/topics/a?producer_id=1&producer_epoch=0&sequence=0", "1"),
    "producer_id"
  ),
  ("producing in a transaction", .post("/topics/a?transaction=t", "1"), "transaction"),
  (
    "structured CloudEvents", .post("/topics/a", "{}", type: "application/cloudevents+json"),
    "CloudEvents"
  ),
  (
    "batches of CloudEvents", .post("/topics/a", "[]", type: "application/cloudevents-batch+json"),
    "CloudEvents"
  ),
  ("binary CloudEvents", .post("/topics/a", "1", [("ce-specversion", "1.0")]), "CloudEvents"),
  (
    "multipart bodies", .post("/topics/a", "x", type: "multipart/form-data; boundary=x"),
    "multipart"
  ),
  ("producing Avro", .v2("/topics/a", #"{"records":[]}"#, "avro"), "avro"),
  ("producing with JSON Schema", .v2("/topics/a", #"{"records":[]}"#, "jsonschema"), "jsonschema"),
  ("producing Protobuf", .v2("/topics/a", #"{"records":[]}"#, "protobuf"), "protobuf"),
  ("isolation levels", .get("/topics/a/records?isolation=read_committed"), "isolation"),
  ("filters", .get("/records?topics=a&filter=x"), "filter"),
  (
    "server-sent events", .get("/topics/a/records", accept: "text/event-stream"),
    "server-sent events"
  ),
  ("reading Avro", .get("/topics/a/records", accept: "application/vnd.kafka.avro.v2+json"), "avro"),
]

private let asks: [Scenario] = cases.map { name, ask, word in
  Scenario(
    name: "\(name) come later", given: [.make("a")], ask: ask, status: 501,
    contains: [#""error_code":501"#, word],
    effects: [(.get("/topics/a/partitions/0/offsets"), #""end_offset":0"#)])
}
