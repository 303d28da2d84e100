private let c1 = "http://localhost/v3/clusters/c1"
private let configs = "/v3/clusters/c1/topics/a/configs"

private func config(_ name: String, _ value: String, default defaultValue: String? = nil) -> String
{
  let isDefault = defaultValue == nil
  let source = isDefault ? "DEFAULT_CONFIG" : "DYNAMIC_TOPIC_CONFIG"
  let own =
    isDefault ? "" : #"{"name":"\#(name)","value":"\#(value)","source":"DYNAMIC_TOPIC_CONFIG"},"#
  return
    #"{"kind":"KafkaTopicConfig","metadata":{"self":"\#(c1)/topics/a/configs/\#(name)","#
    + #""resource_name":"crn:///kafka=c1/topic=a/config=\#(name)"},"cluster_id":"c1","#
    + #""topic_name":"a","name":"\#(name)","value":"\#(value)","is_default":\#(isDefault),"#
    + #""is_read_only":false,"is_sensitive":false,"source":"\#(source)","synonyms":[\#(own)"#
    + #"{"name":"\#(name)","value":"\#(defaultValue ?? value)","source":"DEFAULT_CONFIG"}]}"#
}

private func alter(_ data: String) -> Ask {
  .post(configs + ":alter", #"{"data":[\#(data)]}"#)
}

/// A topic's settings, over v3 and over our own routes.
let configScenarios: [Scenario] = [
  Scenario(
    name: "v3 shows a setting at its default", given: [.make("a")],
    ask: .get(configs + "/retention.ms"), status: 200, type: "application/json",
    body: config("retention.ms", "604800000")),
  Scenario(
    name: "v3 shows a setting that was set", given: [.make("a", config: #"{"retention.ms":"1h"}"#)],
    ask: .get(configs + "/retention.ms"), status: 200,
    body: config("retention.ms", "3600000", default: "604800000")),
  Scenario(
    name: "v3 lists a topic's settings",
    given: [.make("a", config: #"{"retention.bytes":1000}"#)], ask: .get(configs), status: 200,
    contains: [
      #"{"kind":"KafkaTopicConfigList","metadata":{"self":"\#(c1)/topics/a/configs","next":null},"#,
      config("retention.bytes", "1000", default: "-1"), config("cleanup.policy", "delete"),
    ]),
  Scenario(
    name: "v3 lists the settings of all topics", given: [.make("a"), .make("b")],
    ask: .get("/v3/clusters/c1/topics/-/configs"), status: 200,
    contains: [
      #""metadata":{"self":"\#(c1)/topics/-/configs","next":null}"#,
      config("cleanup.policy", "delete"), #""topic_name":"b","name":"cleanup.policy""#,
    ]),
  Scenario(
    name: "v3 sets a setting", given: [.make("a")],
    ask: .put(configs + "/retention.ms", #"{"value":"1000"}"#), status: 204, body: "",
    effects: [
      (.get("/topics/a"), #""retention.ms":"1000""#),
      (.get("/topics/a?detail=true"), #""config":{"retention.ms":"1000"}"#),
    ]),
  Scenario(
    name: "v3 takes a number for a setting", given: [.make("a")],
    ask: .put(configs + "/retention.ms", #"{"value":1000}"#), status: 204,
    effects: [(.get("/topics/a"), #""retention.ms":"1000""#)]),
  Scenario(
    name: "v3 resets a setting",
    given: [.make("a", config: #"{"retention.ms":"1h","retention.bytes":"5"}"#)],
    ask: .delete(configs + "/retention.ms"), status: 204, body: "",
    effects: [(.get("/topics/a?detail=true"), #""config":{"retention.bytes":"5"}"#)]),
  Scenario(
    name: "v3 changes several settings at once",
    given: [.make("a", config: #"{"retention.bytes":"5"}"#)],
    ask: alter(
      #"{"name":"retention.ms","value":"7"},{"name":"segment.ms","value":"9","operation":"SET"},"#
        + #"{"name":"retention.bytes","operation":"DELETE"}"#), status: 204, body: "",
    effects: [
      (.get("/topics/a?detail=true"), #""config":{"retention.ms":"7","segment.ms":"9"}"#)
    ]),
  Scenario(
    name: "v3 changes nothing where one setting is refused", given: [.make("a")],
    ask: alter(
      #"{"name":"retention.ms","value":"7"},{"name":"segment.bytes","value":"1"}"#), status: 400,
    contains: [#""error_code":40002"#, "segment.bytes"],
    effects: [(.get("/topics/a?detail=true"), #""config":{}"#)]),
  Scenario(
    name: "v3 says whether settings could be changed", given: [.make("a")],
    ask: .post(
      configs + ":alter", #"{"data":[{"name":"retention.ms","value":"7"}],"validate_only":true}"#),
    status: 204, effects: [(.get("/topics/a?detail=true"), #""config":{}"#)]),
  Scenario(
    name: "v3 says so too where they could not", given: [.make("a")],
    ask: .post(
      configs + ":alter", #"{"data":[{"name":"retention.ms","value":"x"}],"validate_only":true}"#),
    status: 400, contains: [#""error_code":40002"#]),
  Scenario(
    name: "v3 changes no setting twice in one request", given: [.make("a")],
    ask: alter(#"{"name":"retention.ms","value":"7"},{"name":"retention.ms","value":"8"}"#),
    status: 422, contains: [#""error_code":42206"#, "retention.ms"]),
  Scenario(
    name: "v3 knows two operations on settings", given: [.make("a")],
    ask: alter(#"{"name":"cleanup.policy","value":"x","operation":"APPEND"}"#), status: 422,
    contains: [#""error_code":42206"#, "SET or DELETE"]),
  Scenario(
    name: "v3 sets no setting without a value", given: [.make("a")],
    ask: .put(configs + "/retention.ms", "{}"), status: 422,
    body: #"{"error_code":42206,"message":"Payload error. Field 'value' is required."}"#),
  Scenario(
    name: "v3 refuses a value out of bounds", given: [.make("a")],
    ask: .put(configs + "/retention.ms", #"{"value":"-2"}"#), status: 400,
    contains: [#""error_code":40002"#, "retention.ms"]),
  Scenario(
    name: "v3 shows no setting that is not there", given: [.make("a")],
    ask: .get(configs + "/retention.m"), status: 404,
    body:
      #"{"error_code":404,"message":"Config retention.m cannot be found for TOPIC a in cluster "#
      + #"c1."}"#),
  Scenario(
    name: "v3 sets no setting that is not there", given: [.make("a")],
    ask: .put(configs + "/retention.m", #"{"value":"1"}"#), status: 404,
    contains: ["Config retention.m cannot be found"]),
  Scenario(
    name: "v3 resets no setting that is not there", given: [.make("a")],
    ask: .delete(configs + "/retention.m"), status: 404,
    contains: ["Config retention.m cannot be found"]),
  Scenario(
    name: "v3 has no settings of a topic that is not there", ask: .get(configs), status: 404,
    contains: [#""error_code":40403"#]),
  Scenario(
    name: "v3 has settings in its one cluster only", given: [.make("a")],
    ask: .get("/v3/clusters/c2/topics/a/configs"), status: 404, contains: ["Cluster c2"]),
  Scenario(
    name: "settings of several kinds are changed by ours",
    given: [.make("a", config: #"{"retention.ms":"1h","segment.ms":"2h"}"#)],
    ask: .patch("/topics/a", #"{"config":{"retention.ms":null,"retention.bytes":"1GiB"}}"#),
    status: 200, contains: [#""config":{"retention.bytes":"1073741824","segment.ms":"7200000"}"#]),
  Scenario(
    name: "a produce that asks for less than the topic's least is refused",
    given: [.make("a", config: #"{"curlew.min.durability":"disk"}"#)],
    ask: .post("/topics/a?acks=memory", "1"), status: 422,
    contains: [
      #""code":"durability_too_low""#,
      "takes no records with acks=memory: its curlew.min.durability is disk.",
    ]),
  Scenario(
    name: "a produce that asks for nothing is refused where memory is the least",
    given: [.make("a", config: #"{"curlew.min.durability":"memory"}"#)],
    ask: .post("/topics/a?acks=none", "1"), status: 422, contains: ["acks=none"]),
  Scenario(
    name: "a produce that asks for the topic's least is taken",
    given: [.make("a", config: #"{"curlew.min.durability":"memory"}"#)],
    ask: .post("/topics/a?acks=memory", "1"), status: 200,
    headers: ["Curlew-Durability": "memory"]),
  Scenario(
    name: "a produce that asks for more is taken too",
    given: [.make("a", config: #"{"curlew.min.durability":"memory"}"#)],
    ask: .post("/topics/a", "1"), status: 200, headers: ["Curlew-Durability": "disk"]),
  Scenario(
    name: "the least takes effect at once",
    given: [.make("a"), .patch("/topics/a", #"{"config":{"curlew.min.durability":"disk"}}"#)],
    ask: .post("/topics/a?acks=none", "1"), status: 422, contains: [#""durability_too_low""#]),
]
