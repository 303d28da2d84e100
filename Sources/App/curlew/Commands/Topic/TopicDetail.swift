internal import JSON

/// A topic as `GET /topics/{topic}?detail=true` shows it.
struct TopicDetail {
  struct Partition {
    let number, start, end, bytes, segments: Int64
  }

  struct Setting {
    let name, value: String
    let isDefault: Bool
  }

  let name: String
  let id: String
  let bytes: Int64
  let partitions: [Partition]
  let settings: [Setting]

  /// How many records can be read.
  var records: Int64 { partitions.reduce(0) { $0 + $1.end - $1.start } }

  init(_ value: JSONValue) throws(JSONFault) {
    let topic = try value.object()
    name = try topic.string("name")
    id = try topic.string("id")
    bytes = try topic.integer("bytes")
    var partitions: [Partition] = []
    for value in try topic.array("partitions") {
      let partition = try value.object()
      partitions.append(
        Partition(
          number: try partition.integer("partition"), start: try partition.integer("start"),
          end: try partition.integer("end"), bytes: try partition.integer("bytes"),
          segments: try partition.integer("segments")))
    }
    self.partitions = partitions
    var settings: [Setting] = []
    for value in try topic.array("settings") {
      let setting = try value.object()
      settings.append(
        Setting(
          name: try setting.string("name"),
          value: try setting.stringIfPresent("value") ?? "(secret)",
          isDefault: try setting.bool("default")))
    }
    self.settings = settings
  }
}
