internal import JSON
internal import Model
internal import Store

/// Topics as v2 and as our own routes show them.
enum TopicJSON {
  /// v2: `{"name","configs","partitions":[…]}`.
  static func v2(_ topic: Topic) -> JSONWriter {
    JSONWriter.object { json in
      json.member("name", topic.name.text)
      json.object("configs") { json in
        for setting in topic.configuration.resolved {
          json.name(text: setting.setting.name)
          json.string(setting.value)
        }
      }
      json.name("partitions")
      v2Partitions(topic, &json)
    }
  }

  /// v2: the partitions as a list.
  static func v2Partitions(_ topic: Topic, _ json: inout JSONWriter) {
    json.array { json in
      for partition in 0..<topic.partitionCount { PartitionJSON.v2(partition, &json) }
    }
  }

  /// Our own: what v2 has no fields for.
  static func detail(_ topic: Topic, _ store: any EventStore) throws(Refusal) -> JSONWriter {
    let partitions = try ranges(topic, store)
    let sizes = partitions.indices.map { store.size(of: topic, partition: Int32($0)) }
    return JSONWriter.object { json in
      json.member("name", topic.name.text)
      json.member("id", topic.id.text)
      json.member("internal", topic.name.isInternal)
      json.object("config") { json in explicit(topic, &json) }
      json.array("settings") { json in
        for setting in topic.configuration.resolved { write(setting, &json) }
      }
      json.array("partitions") { json in
        for (index, range) in partitions.enumerated() {
          PartitionJSON.native(Int32(index), range, &json) { json in
            json.member("bytes", sizes[index].bytes)
            json.member("segments", sizes[index].segments)
          }
        }
      }
      json.member("bytes", sizes.reduce(0) { $0 + $1.bytes })
      json.array("damage") { _ in }
    }
  }

  private static func ranges(
    _ topic: Topic, _ store: any EventStore
  ) throws(Refusal) -> [OffsetRange] {
    do throws(StoreError) {
      return try (0..<topic.partitionCount).map { partition throws(StoreError) in
        try store.range(of: topic, partition: partition)
      }
    } catch {
      throw .store(error)
    }
  }

  private static func explicit(_ topic: Topic, _ json: inout JSONWriter) {
    for (name, value) in topic.configuration.explicit.sorted(by: { $0.key < $1.key }) {
      json.name(text: name)
      json.string(value)
    }
  }

  private static func write(_ setting: ResolvedSetting, _ json: inout JSONWriter) {
    json.object { json in
      json.member("name", setting.setting.name)
      json.member("value", setting.setting.isSecret ? nil : setting.value)
      json.member("default", !setting.isExplicit)
      json.member("description", setting.setting.summary)
    }
  }
}
