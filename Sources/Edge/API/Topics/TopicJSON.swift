internal import JSON
internal import Model
internal import Store

/// Topics as v2 and as our own routes show them.
enum TopicJSON {
  /// v2: `{"name","configs","partitions":[…]}`.
  static func v2(_ topic: Topic) -> JSONWriter {
    var json = JSONWriter()
    json.beginObject()
    json.name("name")
    json.string(topic.name.text)
    json.name("configs")
    settings(topic, &json)
    json.name("partitions")
    v2Partitions(topic, &json)
    json.endObject()
    return json
  }

  /// v2: the partitions as a list.
  static func v2Partitions(_ topic: Topic, _ json: inout JSONWriter) {
    json.beginArray()
    for partition in 0..<topic.partitionCount { v2Partition(partition, &json) }
    json.endArray()
  }

  /// v2: a partition, whose one replica is this node's.
  static func v2Partition(_ partition: Int32, _ json: inout JSONWriter) {
    json.beginObject()
    json.name("partition")
    json.integer(partition)
    json.name("leader")
    json.integer(1)
    json.name("replicas")
    json.beginArray()
    json.beginObject()
    json.name("broker")
    json.integer(1)
    json.name("leader")
    json.bool(true)
    json.name("in_sync")
    json.bool(true)
    json.endObject()
    json.endArray()
    json.endObject()
  }

  /// `{"name": value}` of all settings.
  private static func settings(_ topic: Topic, _ json: inout JSONWriter) {
    json.beginObject()
    for setting in topic.configuration.resolved {
      json.name(text: setting.setting.name)
      json.string(setting.value)
    }
    json.endObject()
  }

  /// Our own: what v2 has no fields for.
  static func detail(_ topic: Topic, _ store: any EventStore, _ json: inout JSONWriter)
    throws(Refusal)
  {
    json.beginObject()
    json.name("name")
    json.string(topic.name.text)
    json.name("id")
    json.string(topic.id.text)
    json.name("internal")
    json.bool(topic.name.isInternal)
    json.name("config")
    explicit(topic, &json)
    json.name("settings")
    resolved(topic, &json)
    json.name("partitions")
    json.beginArray()
    var bytes: Int64 = 0
    for partition in 0..<topic.partitionCount {
      bytes += try partitionDetail(topic, partition, store, &json)
    }
    json.endArray()
    json.name("bytes")
    json.integer(bytes)
    json.name("damage")
    damage(topic, store, &json)
    json.endObject()
  }

  /// Offsets that were acknowledged and cannot be read any more: `to` is the first behind them.
  private static func damage(_ topic: Topic, _ store: any EventStore, _ json: inout JSONWriter) {
    json.beginArray()
    for partition in 0..<topic.partitionCount {
      for range in store.damage(of: topic, partition: partition) {
        json.beginObject()
        json.name("partition")
        json.integer(partition)
        json.name("from")
        json.integer(range.lowerBound)
        json.name("to")
        json.integer(range.upperBound)
        json.endObject()
      }
    }
    json.endArray()
  }

  private static func explicit(_ topic: Topic, _ json: inout JSONWriter) {
    json.beginObject()
    for (name, value) in topic.configuration.explicit.sorted(by: { $0.key < $1.key }) {
      json.name(text: name)
      json.string(value)
    }
    json.endObject()
  }

  private static func resolved(_ topic: Topic, _ json: inout JSONWriter) {
    json.beginArray()
    for setting in topic.configuration.resolved {
      json.beginObject()
      json.name("name")
      json.string(setting.setting.name)
      json.name("value")
      if setting.setting.isSecret { json.null() } else { json.string(setting.value) }
      json.name("default")
      json.bool(!setting.isExplicit)
      json.name("description")
      json.string(setting.setting.summary)
      json.endObject()
    }
    json.endArray()
  }

  private static func partitionDetail(
    _ topic: Topic, _ partition: Int32, _ store: any EventStore, _ json: inout JSONWriter
  ) throws(Refusal) -> Int64 {
    let range: OffsetRange
    do throws(StoreError) {
      range = try store.range(of: topic, partition: partition)
    } catch {
      throw .store(error)
    }
    let size = store.size(of: topic, partition: partition)
    json.beginObject()
    json.name("partition")
    json.integer(partition)
    json.name("start")
    json.integer(range.start)
    json.name("end")
    json.integer(range.end)
    json.name("bytes")
    json.integer(size.bytes)
    json.name("segments")
    json.integer(size.segments)
    json.endObject()
    return size.bytes
  }
}
