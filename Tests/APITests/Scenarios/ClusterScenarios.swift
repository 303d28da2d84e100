private let c1 = "http://localhost/v3/clusters/c1"

private let clusterObject =
  #"{"kind":"KafkaCluster","metadata":{"self":"\#(c1)","resource_name":"crn:///kafka=c1"},"#
  + #""cluster_id":"c1","#
  + #""controller":{"related":"\#(c1)/brokers/1"},"acls":{"related":"\#(c1)/acls"},"#
  + #""brokers":{"related":"\#(c1)/brokers"},"broker_configs":{"related":"\#(c1)/broker-configs"},"#
  + #""consumer_groups":{"related":"\#(c1)/consumer-groups"},"topics":{"related":"\#(c1)/topics"},"#
  + #""partition_reassignments":{"related":"\#(c1)/topics/-/partitions/-/reassignment"}}"#

private func topicObject(_ name: String, _ partitions: Int, _ operations: String = "") -> String {
  let url = "\(c1)/topics/\(name)"
  return
    #"{"kind":"KafkaTopic","metadata":{"self":"\#(url)","resource_name":"crn:"#
    + #"///kafka=c1/topic=\#(name)"},"#
    + #""cluster_id":"c1","topic_name":"\#(name)","is_internal":false,"replication_factor":1,"#
    + #""partitions_count":\#(partitions),"partitions":{"related":"\#(url)/partitions"},"#
    + #""configs":{"related":"\#(url)/configs"},"#
    + #""partition_reassignments":{"related":"\#(url)/partitions/-/reassignment"},"#
    + #""authorized_operations":[\#(operations)]}"#
}

private let topics = "/v3/clusters/c1/topics"

let clusterScenarios: [Scenario] = [
  Scenario(
    name: "v3 lists the one cluster", ask: .get("/v3/clusters"), status: 200,
    type: "application/json",
    body:
      #"{"kind":"KafkaClusterList","metadata":{"self":"http://localhost/v3/clusters","next":"#
      + #"null},"data":["#
      + clusterObject + "]}"),
  Scenario(
    name: "v3 shows the cluster", ask: .get("/v3/clusters/c1"), status: 200, body: clusterObject),
  Scenario(
    name: "v3 is also found behind /kafka", ask: .get("/kafka/v3/clusters/c1"), status: 200,
    contains: [#""self":"http://localhost/kafka/v3/clusters/c1""#]),
  Scenario(
    name: "v3 knows no other cluster", ask: .get("/v3/clusters/c2"), status: 404,
    type: "application/json", body: #"{"error_code":404,"message":"Cluster c2 cannot be found."}"#),
  Scenario(
    name: "v3 lists topics", given: [.make("b", partitions: 2), .make("a")], ask: .get(topics),
    status: 200,
    body: #"{"kind":"KafkaTopicList","metadata":{"self":"\#(c1)/topics","next":null},"data":["#
      + topicObject("a", 1) + "," + topicObject("b", 2) + "]}"),
  Scenario(
    name: "v3 shows a topic", given: [.make("a", partitions: 3)], ask: .get(topics + "/a"),
    status: 200,
    body: topicObject("a", 3)),
  Scenario(
    name: "v3 says what the caller may do", given: [.make("a")],
    ask: .get(topics + "/a?include_authorized_operations=true"), status: 200,
    body: topicObject("a", 1, #""READ","WRITE","CREATE","DELETE","ALTER","DESCRIBE""#)),
  Scenario(
    name: "v3 has its own code for an unknown topic", ask: .get(topics + "/a"), status: 404,
    body: #"{"error_code":40403,"message":"This server does not host this topic-partition."}"#),
  Scenario(
    name: "v3 makes a topic",
    ask: .post(
      topics,
      #"{"topic_name":"a","partitions_count":2,"replication_factor":1,"configs":[{"name":"#
        + #""max.message.bytes","value":"2000"}]}"#
    ),
    status: 201, body: topicObject("a", 2), headers: ["Location": c1 + "/topics/a"],
    effects: [(.get("/topics/a"), #""max.message.bytes":"2000""#)]),
  Scenario(
    name: "v3 makes a topic of assigned replicas",
    ask: .post(topics, #"{"topic_name":"a","replicas_assignments":{"0":[1],"1":[1]}}"#),
    status: 201,
    body: topicObject("a", 2)),
  Scenario(
    name: "v3 has no other brokers to assign replicas to",
    ask: .post(topics, #"{"topic_name":"a","replicas_assignments":{"0":[2]}}"#), status: 422,
    contains: [#""error_code":42206"#]),
  Scenario(
    name: "v3 says whether a topic could be made",
    ask: .post(topics, #"{"topic_name":"a","partitions_count":2,"validate_only":true}"#),
    status: 200,
    body: topicObject("a", 2), effects: [(.get("/topics"), "=[]")]),
  Scenario(
    name: "v3 says so too where it could not", given: [.make("a")],
    ask: .post(topics, #"{"topic_name":"a","validate_only":true}"#), status: 400,
    contains: [#""error_code":40002"#]),
  Scenario(
    name: "v3 does not make a topic that exists", given: [.make("a")],
    ask: .post(topics, #"{"topic_name":"a"}"#), status: 400,
    body: #"{"error_code":40002,"message":"Topic 'a' already exists."}"#),
  Scenario(
    name: "v3 does not make a topic of an illegal name",
    ask: .post(topics, #"{"topic_name":"a b"}"#),
    status: 422, body: #"{"error_code":42206,"message":"Payload error. Invalid topic name."}"#),
  Scenario(
    name: "v3 wants a name", ask: .post(topics, "{}"), status: 422,
    body: #"{"error_code":42206,"message":"Payload error. Field 'topic_name' is required."}"#),
  Scenario(
    name: "v3 wants a body", ask: .post(topics, ""), status: 422,
    body:
      #"{"error_code":42206,"message":"Payload error. Request body is empty. Data is required."}"#),
  Scenario(
    name: "v3 has one replica", ask: .post(topics, #"{"topic_name":"a","replication_factor":3}"#),
    status: 400,
    body:
      #"{"error_code":40002,"message":"Replication factor: 3 larger than available brokers: 1."}"#),
  Scenario(
    name: "v3 refuses an unknown setting",
    ask: .post(topics, #"{"topic_name":"a","configs":[{"name":"retention.m","value":"1"}]}"#),
    status: 400, contains: [#""error_code":40002"#, "retention.ms"]),
  Scenario(
    name: "v3 adds partitions", given: [.make("a")],
    ask: .patch(topics + "/a", #"{"partitions_count":4}"#), status: 200, body: topicObject("a", 4)),
  Scenario(
    name: "v3 does not take partitions away", given: [.make("a", partitions: 2)],
    ask: .patch(topics + "/a", #"{"partitions_count":2}"#), status: 400,
    contains: [#""error_code":40002"#, "Topic already has 2 partitions"]),
  Scenario(
    name: "v3 deletes a topic", given: [.make("a")], ask: .delete(topics + "/a"), status: 204,
    body: "",
    effects: [(.get("/topics"), "=[]")]),
  Scenario(
    name: "v3 deletes no topic that is not there", ask: .delete(topics + "/a"), status: 404,
    contains: [#""error_code":40403"#]),
]
