internal import JSON
internal import Model
internal import Store

/// The objects of v3: each with its kind, its own URL and resource name, and links to what belongs
/// to it.
struct ClusterJSON {
  /// The URL of the cluster's list: `http://HOST/v3/clusters`.
  let base: String
  /// The name of the cluster.
  let clusterID: String

  private var cluster: String { "\(base)/\(clusterID)" }
  var resource: String { "crn:///kafka=\(clusterID)" }

  /// A `KafkaClusterList` of the one cluster.
  func clusterList() -> JSONWriter {
    list("KafkaClusterList", at: base) { json in write(&json) }
  }

  /// The `KafkaCluster`.
  func clusterObject() -> JSONWriter {
    var json = JSONWriter()
    write(&json)
    return json
  }

  private func write(_ json: inout JSONWriter) {
    begin("KafkaCluster", cluster, resource, &json)
    json.name("cluster_id")
    json.string(clusterID)
    link("controller", "\(cluster)/brokers/1", &json)
    link("acls", "\(cluster)/acls", &json)
    link("brokers", "\(cluster)/brokers", &json)
    link("broker_configs", "\(cluster)/broker-configs", &json)
    link("consumer_groups", "\(cluster)/consumer-groups", &json)
    link("topics", "\(cluster)/topics", &json)
    link("partition_reassignments", "\(cluster)/topics/-/partitions/-/reassignment", &json)
    json.endObject()
  }

  /// A `KafkaTopicList`.
  func topicList(_ topics: [(topic: Topic, operations: [Operation])]) -> JSONWriter {
    list("KafkaTopicList", at: "\(cluster)/topics") { json in
      for (topic, operations) in topics {
        write(topic.name, topic.partitionCount, operations, &json)
      }
    }
  }

  /// The `KafkaTopic` of that name.
  func topic(_ name: TopicName, partitions: Int32, _ operations: [Operation]) -> JSONWriter {
    var json = JSONWriter()
    write(name, partitions, operations, &json)
    return json
  }

  /// The URL of a topic.
  func url(of name: TopicName) -> String { "\(cluster)/topics/\(name)" }

  /// The URL that stands for every topic.
  var urlOfAllTopics: String { "\(cluster)/topics/-" }

  private func write(
    _ name: TopicName, _ partitions: Int32, _ operations: [Operation], _ json: inout JSONWriter
  ) {
    let url = url(of: name)
    begin("KafkaTopic", url, "\(resource)/topic=\(name)", &json)
    json.name("cluster_id")
    json.string(clusterID)
    json.name("topic_name")
    json.string(name.text)
    json.name("is_internal")
    json.bool(name.isInternal)
    json.name("replication_factor")
    json.integer(1)
    json.name("partitions_count")
    json.integer(partitions)
    link("partitions", "\(url)/partitions", &json)
    link("configs", "\(url)/configs", &json)
    link("partition_reassignments", "\(url)/partitions/-/reassignment", &json)
    json.name("authorized_operations")
    json.beginArray()
    for operation in operations { json.string(operation.rawValue.uppercased()) }
    json.endArray()
    json.endObject()
  }

  func begin(_ kind: String, _ url: String, _ resource: String, _ json: inout JSONWriter) {
    json.beginObject()
    json.name("kind")
    json.string(kind)
    json.name("metadata")
    json.beginObject()
    json.name("self")
    json.string(url)
    json.name("resource_name")
    json.string(resource)
    json.endObject()
  }

  private func link(_ name: StaticString, _ url: String, _ json: inout JSONWriter) {
    json.name(name)
    json.beginObject()
    json.name("related")
    json.string(url)
    json.endObject()
  }

  func list(
    _ kind: String, at url: String, _ items: (inout JSONWriter) -> Void
  ) -> JSONWriter {
    var json = JSONWriter()
    json.beginObject()
    json.name("kind")
    json.string(kind)
    json.name("metadata")
    json.beginObject()
    json.name("self")
    json.string(url)
    json.name("next")
    json.null()
    json.endObject()
    json.name("data")
    json.beginArray()
    items(&json)
    json.endArray()
    json.endObject()
    return json
  }
}
