internal import JSON
internal import Model
internal import Store

/// Takes the bodies of v3 apart.
enum ClusterDecoding {
  /// A `CreateTopic`.
  struct CreateTopic {
    /// The topic to be made.
    var topic: NewTopic
    /// Whether it is only asked whether it could be.
    var isDryRun: Bool
  }

  private static let fields = [
    "topic_name", "partitions_count", "replication_factor", "replicas_assignments", "configs",
    "validate_only",
  ]

  static func createTopic(
    _ object: JSONObject, defaults: APISettings
  ) throws(Refusal) -> CreateTopic {
    try TopicDecoding.allow(object, fields)
    let name = try TopicDecoding.topicName(try TopicDecoding.text(object, "topic_name"))
    let count = try TopicDecoding.json { () throws(JSONFault) in
      try object.integerIfPresent("partitions_count", in: 1...Int32.max)
    }
    let factor = try TopicDecoding.json { () throws(JSONFault) in
      try object.integerIfPresent("replication_factor")
    }
    // -1 asks for the default, as in Kafka itself.
    if let factor, factor != 1, factor != -1 { throw .name(.replicationFactor(factor)) }
    let assigned = try assignedPartitions(object)
    guard count == nil || assigned == nil else {
      throw .body(
        .invalidField(name: "replicas_assignments", "cannot be given with partitions_count"))
    }
    let isDryRun = try TopicDecoding.json { () throws(JSONFault) in
      try object.boolIfPresent("validate_only")
    }
    let topic = NewTopic(
      name: name, partitionCount: count ?? assigned ?? defaults.defaultPartitions,
      configuration: try configuration(object))
    return CreateTopic(topic: topic, isDryRun: isDryRun ?? false)
  }

  /// `{"partitions_count":n}`.
  static func partitionCount(_ object: JSONObject) throws(Refusal) -> Int32 {
    try TopicDecoding.allow(object, ["partitions_count"])
    guard object.has("partitions_count") else { throw .body(.missingField("partitions_count")) }
    return try TopicDecoding.json { () throws(JSONFault) in
      try object.integer("partitions_count", in: 1...Int32.max)
    }
  }

  /// An `AlterConfigs`.
  struct AlterConfigs {
    /// The settings, `nil` for a return to the default.
    var settings: [String: String?]
    /// Whether it is only asked whether they could be changed.
    var isDryRun: Bool
  }

  /// `{"data":[{"name","value","operation"}],"validate_only"}`.
  static func alterConfigs(_ object: JSONObject) throws(Refusal) -> AlterConfigs {
    try TopicDecoding.allow(object, ["data", "validate_only"])
    guard object.has("data") else { throw .body(.missingField("data")) }
    var settings: [String: String?] = [:]
    for entry in try entries(object, "data", ["name", "value", "operation"]) {
      let name = try TopicDecoding.text(entry, "name")
      guard settings[name] == nil else {
        throw .body(.invalidField(name: "data", "names \(name) twice"))
      }
      settings.updateValue(try newValue(entry), forKey: name)
    }
    let isDryRun = try TopicDecoding.json { () throws(JSONFault) in
      try object.boolIfPresent("validate_only")
    }
    return AlterConfigs(settings: settings, isDryRun: isDryRun ?? false)
  }

  private static func newValue(_ entry: JSONObject) throws(Refusal) -> String? {
    let operation = try TopicDecoding.json { () throws(JSONFault) in
      try entry.stringIfPresent("operation")
    }
    switch operation {
    case nil, "SET"?: return try TopicDecoding.settingText(entry["value"] ?? .null, "value")
    case "DELETE"?: return nil
    default: throw .body(.invalidField(name: "operation", "takes SET or DELETE"))
    }
  }

  /// `[{"name","value"}]`.
  private static func configuration(_ object: JSONObject) throws(Refusal) -> TopicConfiguration {
    var settings: [String: String?] = [:]
    for entry in try entries(object, "configs", ["name", "value"]) {
      let name = try TopicDecoding.text(entry, "name")
      let value = try TopicDecoding.settingText(entry["value"] ?? .null, "value")
      settings.updateValue(value, forKey: name)
    }
    return try TopicDecoding.configuration(settings)
  }

  /// The objects of a list, which have no fields but these.
  private static func entries(
    _ object: JSONObject, _ list: String, _ fields: [String]
  ) throws(Refusal) -> [JSONObject] {
    let values = try TopicDecoding.json { () throws(JSONFault) in try object.arrayIfPresent(list) }
    var entries: [JSONObject] = []
    for value in values ?? [] {
      let entry = try TopicDecoding.json { () throws(JSONFault) in
        try value.object("each of \"\(list)\"")
      }
      try TopicDecoding.allow(entry, fields)
      entries.append(entry)
    }
    return entries
  }

  /// How many partitions `{"0":[1],"1":[1]}` makes: each can only be on this node.
  private static func assignedPartitions(_ object: JSONObject) throws(Refusal) -> Int32? {
    let given = try TopicDecoding.json { () throws(JSONFault) in
      try object.objectIfPresent("replicas_assignments")
    }
    guard let given else { return nil }
    for partition in given.members.indices {
      guard given["\(partition)"] == .array([.integer(1)]) else {
        throw .body(
          .invalidField(
            name: "replicas_assignments",
            "must give every partition from 0 on the one broker there is: [1]"))
      }
    }
    guard let count = Int32(exactly: given.members.count), count > 0 else {
      throw .body(.invalidField(name: "replicas_assignments", "must give at least one partition"))
    }
    return count
  }
}
