internal import JSON
internal import Model
internal import Store

extension TopicChange {
  /// Whether it changes nothing.
  var isEmpty: Bool { partitionCount == nil && settings.isEmpty }
}

/// Takes the bodies that make and change topics apart.
enum TopicDecoding {
  /// Our own: `{"name","partitions","config":{…}}`.
  static func newTopic(
    _ object: JSONObject, defaults: APISettings
  ) throws(Refusal) -> NewTopic {
    try allow(object, ["name", "partitions", "config"])
    let name = try topicName(try text(object, "name"))
    let partitions = try json { () throws(JSONFault) in
      try object.integerIfPresent("partitions", in: 1...Int32.max)
    }
    return NewTopic(
      name: name, partitionCount: partitions ?? defaults.defaultPartitions,
      configuration: try configuration(try settings(object)))
  }

  /// Our own: `{"partitions","config":{…}}`; a setting given as null returns to its default.
  static func change(_ object: JSONObject, of topic: Topic) throws(Refusal) -> TopicChange {
    try allow(object, ["partitions", "config"])
    let partitions = try json { () throws(JSONFault) in
      try object.integerIfPresent("partitions", in: 1...Int32.max)
    }
    guard partitions != nil || object.has("config") else {
      throw .body(.missingField("partitions or config"))
    }
    let settings = try settings(object)
    let changed = try configuration(settings, over: topic.configuration)
    return TopicChange(
      partitionCount: partitions == topic.partitionCount ? nil : partitions,
      settings: changed == topic.configuration ? [:] : settings)
  }

  /// `text` as the name of a topic to be made.
  static func topicName(_ text: String) throws(Refusal) -> TopicName {
    do throws(InvalidTopicName) {
      return try TopicName(validating: text)
    } catch {
      throw .name(.invalidTopicName(error))
    }
  }

  /// `before` with `changes` made, `nil` for a return to the default.
  static func configuration(
    _ changes: [String: String?], over before: TopicConfiguration = TopicConfiguration()
  ) throws(Refusal) -> TopicConfiguration {
    do throws(SettingFault) {
      return try before.changed(changes)
    } catch {
      throw .name(.setting(error))
    }
  }

  private static func settings(_ object: JSONObject) throws(Refusal) -> [String: String?] {
    let given = try json { () throws(JSONFault) in try object.objectIfPresent("config") }
    var settings: [String: String?] = [:]
    for member in given?.members ?? [] {
      settings.updateValue(try settingText(member.value, member.name), forKey: member.name)
    }
    return settings
  }

  /// A setting's value as text: settings are texts, but people write numbers and truth values as
  /// such.
  static func settingText(_ value: JSONValue, _ name: String) throws(Refusal) -> String? {
    switch value {
    case .null: return nil
    case .string(let text): return text
    case .integer(let number): return String(number)
    case .bool(let flag): return flag ? "true" : "false"
    case .real(let number): return "\(number)"
    case .array, .object:
      throw .body(
        .json(JSONFault(.unexpectedType, "\"\(name)\" must be a string, a number, true or false")))
    }
  }

  static func text(_ object: JSONObject, _ name: String) throws(Refusal) -> String {
    guard object.has(name) else { throw .body(.missingField(name)) }
    return try json { () throws(JSONFault) in try object.string(name) }
  }

  static func allow(_ object: JSONObject, _ names: [String]) throws(Refusal) {
    for member in object.members where !names.contains(member.name) {
      throw .body(.unrecognizedField(String(member.name.prefix(200))))
    }
  }

  static func json<Result>(_ body: () throws(JSONFault) -> Result) throws(Refusal) -> Result {
    do throws(JSONFault) { return try body() } catch { throw .body(.json(error)) }
  }
}
