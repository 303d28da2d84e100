let operationScenarios: [Scenario] = [
  Scenario(
    name: "the root answers clients of v2", ask: .get("/"), status: 200, type: v2Type, body: "{}"),
  Scenario(
    name: "the root takes a post, as v2 does", ask: .post("/", #"{"a":1}"#), status: 200, body: "{}"
  ),
  Scenario(
    name: "the root shows browsers the console", setup: Setup(rootPage: Array("<html>".utf8)),
    ask: .get("/", accept: "text/html,application/xhtml+xml,*/*;q=0.8"), status: 200,
    type: "text/html; charset=utf-8", body: "<html>"),
  Scenario(
    name: "a console changes nothing for clients of v2",
    setup: Setup(rootPage: Array("<html>".utf8)),
    ask: .get("/", accept: v2Type), status: 200, type: v2Type, body: "{}"),
  Scenario(
    name: "there is one broker", ask: .get("/brokers"), status: 200, type: v2Type,
    body: #"{"brokers":[1]}"#),
  Scenario(
    name: "the process is healthy", ask: .get("/healthz"), status: 200, body: #"{"status":"ok"}"#),
  Scenario(
    name: "the store is ready", ask: .get("/readyz"), status: 200,
    body: #"{"status":"ready","problems":[]}"#),
  Scenario(
    name: "what it can do", ask: .get("/capabilities"), status: 200, type: "application/json",
    contains: [
      #"{"product":"curlew","version":"1.2.3","store":"embedded","cluster_id":"c1","features":{"#,
      #""queues":{"supported":false,"reason":"It comes in a later version."}"#,
    ]),
  Scenario(
    name: "metrics have Kafka's names behind ours",
    given: [
      .make("a", partitions: 2), .v2("/topics/a", #"{"records":[{"value":1,"partition":1}]}"#),
    ],
    ask: .get("/metrics"), status: 200, type: "text/plain; version=0.0.4; charset=utf-8",
    contains: [
      #"curlew_server_brokertopicmetrics_messagesin_total{topic="a"} 1"#,
      #"curlew_log_log_logendoffset{topic="a",partition="1"} 1"#,
      #"curlew_log_log_logstartoffset{topic="a",partition="0"} 0"#,
      #"curlew_network_requestmetrics_requests_total{request="POST /topics/{topic}","#
        + #"status="200"} 1"#,
      #"curlew_network_requestmetrics_totaltime_seconds_count{request="POST /topics/{topic}"} 1"#,
      "curlew_longpoll_waiting 0", "curlew_server_replicamanager_partitioncount 2",
      "curlew_server_replicamanager_underreplicatedpartitions 0",
    ]),
]
