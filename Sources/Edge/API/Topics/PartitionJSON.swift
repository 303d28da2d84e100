internal import JSON
internal import Model
internal import Store

/// Partitions as the families show them.
enum PartitionJSON {
  /// v2: a partition, whose one replica is this node's.
  static func v2(_ partition: Int32, _ json: inout JSONWriter) {
    json.object { json in
      json.member("partition", partition)
      json.member("leader", 1)
      json.array("replicas") { json in
        json.object { json in
          json.member("broker", 1)
          json.member("leader", true)
          json.member("in_sync", true)
        }
      }
    }
  }

  /// Our own: a partition, where it begins and ends, and what `more` adds.
  static func native(
    _ partition: Int32, _ range: OffsetRange, _ json: inout JSONWriter,
    more: (inout JSONWriter) -> Void = { _ in }
  ) {
    json.object { json in
      json.member("partition", partition)
      json.member("start", range.start)
      json.member("end", range.end)
      more(&json)
    }
  }
}
