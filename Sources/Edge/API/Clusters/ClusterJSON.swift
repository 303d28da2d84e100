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
    object("KafkaCluster", cluster, resource, &json) { json in
      json.member("cluster_id", clusterID)
      link("controller", "\(cluster)/brokers/1", &json)
      link("acls", "\(cluster)/acls", &json)
      link("brokers", "\(cluster)/brokers", &json)
      link("broker_configs", "\(cluster)/broker-configs", &json)
      link("consumer_groups", "\(cluster)/consumer-groups", &json)
      link("topics", "\(cluster)/topics", &json)
      link("partition_reassignments", "\(cluster)/topics/-/partitions/-/reassignment", &json)
    }
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
    object("KafkaTopic", url, "\(resource)/topic=\(name)", &json) { json in
      json.member("cluster_id", clusterID)
      json.member("topic_name", name.text)
      json.member("is_internal", name.isInternal)
      json.member("replication_factor", 1)
      json.member("partitions_count", partitions)
      link("partitions", "\(url)/partitions", &json)
      link("configs", "\(url)/configs", &json)
      link("partition_reassignments", "\(url)/partitions/-/reassignment", &json)
      json.array("authorized_operations", of: operations.lazy.map { $0.rawValue.uppercased() })
    }
  }

  func object(
    _ kind: String, _ url: String, _ resource: String, _ json: inout JSONWriter,
    _ members: (inout JSONWriter) -> Void
  ) {
    json.object { json in
      json.member("kind", kind)
      json.object("metadata") { json in
        json.member("self", url)
        json.member("resource_name", resource)
      }
      members(&json)
    }
  }

  private func link(_ name: StaticString, _ url: String, _ json: inout JSONWriter) {
    json.object(name) { json in json.member("related", url) }
  }

  func list(
    _ kind: String, at url: String, _ items: (inout JSONWriter) -> Void
  ) -> JSONWriter {
    JSONWriter.object { json in
      json.member("kind", kind)
      json.object("metadata") { json in
        json.member("self", url)
        json.member("next", nil)
      }
      json.array("data", items)
    }
  }
}
