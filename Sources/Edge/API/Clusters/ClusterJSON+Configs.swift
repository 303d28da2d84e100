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
    begin(
      "KafkaTopicConfig", "\(url(of: topic))/configs/\(setting.name)",
      "\(resource)/topic=\(topic)/config=\(setting.name)", &json)
    json.name("cluster_id")
    json.string(clusterID)
    json.name("topic_name")
    json.string(topic.text)
    json.name("name")
    json.string(setting.name)
    json.name("value")
    value(resolved.value, setting, &json)
    json.name("is_default")
    json.bool(!resolved.isExplicit)
    json.name("is_read_only")
    json.bool(false)
    json.name("is_sensitive")
    json.bool(setting.isSecret)
    json.name("source")
    json.string(resolved.isExplicit ? Self.ofTopic : Self.ofDefault)
    json.name("synonyms")
    json.beginArray()
    if resolved.isExplicit { synonym(setting, resolved.value, Self.ofTopic, &json) }
    synonym(setting, setting.defaultValue, Self.ofDefault, &json)
    json.endArray()
    json.endObject()
  }

  private static let ofTopic = "DYNAMIC_TOPIC_CONFIG"
  private static let ofDefault = "DEFAULT_CONFIG"

  private func synonym(
    _ setting: Setting, _ text: String, _ source: String, _ json: inout JSONWriter
  ) {
    json.beginObject()
    json.name("name")
    json.string(setting.name)
    json.name("value")
    value(text, setting, &json)
    json.name("source")
    json.string(source)
    json.endObject()
  }

  private func value(_ text: String, _ setting: Setting, _ json: inout JSONWriter) {
    if setting.isSecret { json.null() } else { json.string(text) }
  }
}
