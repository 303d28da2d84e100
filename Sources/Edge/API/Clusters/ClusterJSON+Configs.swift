internal import JSON
internal import Model
internal import Store

extension ClusterJSON {
  /// A `KafkaTopicConfigList` of all settings of `topics`, found below `url`.
  func configList(_ topics: [Topic], at url: String) -> JSONWriter {
    list("KafkaTopicConfigList", at: "\(url)/configs") { json in
      for topic in topics {
        for setting in topic.configuration.resolved { write(setting, of: topic.name, &json) }
      }
    }
  }

  /// The `KafkaTopicConfig` of one setting.
  func config(_ setting: ResolvedSetting, of topic: TopicName) -> JSONWriter {
    var json = JSONWriter()
    write(setting, of: topic, &json)
    return json
  }

  private func write(
    _ resolved: ResolvedSetting, of topic: TopicName, _ json: inout JSONWriter
  ) {
    let setting = resolved.setting
    let url = "\(url(of: topic))/configs/\(setting.name)"
    let resource = "\(resource)/topic=\(topic)/config=\(setting.name)"
    let source = resolved.isExplicit ? Self.ofTopic : Self.ofDefault
    object("KafkaTopicConfig", url, resource, &json) { json in
      json.member("cluster_id", clusterID)
      json.member("topic_name", topic.text)
      json.member("name", setting.name)
      value(resolved.value, setting, &json)
      json.member("is_default", !resolved.isExplicit)
      json.member("is_read_only", false)
      json.member("is_sensitive", setting.isSecret)
      json.member("source", source)
      json.array("synonyms") { json in
        if resolved.isExplicit { synonym(setting, resolved.value, Self.ofTopic, &json) }
        synonym(setting, setting.defaultValue, Self.ofDefault, &json)
      }
    }
  }

  private static let ofTopic = "DYNAMIC_TOPIC_CONFIG"
  private static let ofDefault = "DEFAULT_CONFIG"

  private func synonym(
    _ setting: Setting, _ text: String, _ source: String, _ json: inout JSONWriter
  ) {
    json.object { json in
      json.member("name", setting.name)
      value(text, setting, &json)
      json.member("source", source)
    }
  }

  private func value(_ text: String, _ setting: Setting, _ json: inout JSONWriter) {
    json.name("value")
    if setting.isSecret { json.null() } else { json.string(text) }
  }
}
