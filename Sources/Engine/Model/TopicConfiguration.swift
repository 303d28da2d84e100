/// The settings of a topic, ready for the paths that need them with every record.
public struct TopicConfiguration: Hashable, Sendable {
  /// What timestamp a record gets; the raw value is the setting's.
  public enum TimestampType: String, Hashable, Sendable {
    /// The producer's.
    case createTime = "CreateTime"
    /// When it was appended.
    case logAppendTime = "LogAppendTime"
  }

  /// How records are kept; the raw value is the setting's.
  public enum Compression: String, Hashable, Sendable {
    /// As they came.
    case producer
    /// Decompressed where they came compressed.
    case uncompressed
  }

  /// What was set, over the defaults.
  public private(set) var values: SettingValues
  /// The largest record batch in bytes.
  public private(set) var maxMessageBytes = 0
  /// Size in bytes at which a new segment begins.
  public private(set) var segmentBytes = 0
  /// Age at which a new segment begins.
  public private(set) var segmentMilliseconds: Int64 = 0
  /// Bytes between two entries of the index.
  public private(set) var indexIntervalBytes = 0
  /// What timestamp a record gets.
  public private(set) var timestampType = TimestampType.createTime
  /// How far a producer's timestamp may lie in the past.
  public private(set) var timestampBeforeMaxMilliseconds: Int64 = 0
  /// How far a producer's timestamp may lie in the future.
  public private(set) var timestampAfterMaxMilliseconds: Int64 = 0
  /// How records are kept.
  public private(set) var compression = Compression.producer
  /// Age at which records are deleted; `nil` for never.
  public private(set) var retentionMilliseconds: Int64?
  /// Size of a partition at which its oldest records are deleted; `nil` for none.
  public private(set) var retentionBytes: Int64?

  /// The least that a producer may ask for.
  public private(set) var minDurability = AckLevel.none

  /// All defaults.
  public init() { self.init(values: SettingValues(.topic)) }

  /// These settings over the defaults, or why one of them is refused: of several, the first by
  /// name.
  public init(_ settings: [String: String]) throws(SettingFault) {
    var values = SettingValues(.topic)
    for (name, text) in settings.sorted(by: { $0.key < $1.key }) {
      try values.set(name, to: text)
    }
    self.init(values: values)
  }

  /// Settings as the catalogue has recorded them: never refused, so that replay decides nothing.
  public init(recorded: [String: String]) {
    self.init(values: SettingValues(.topic, recorded: recorded))
  }

  /// What was set, by name, in canonical text: what the catalogue records.
  public var explicit: [String: String] { values.explicit }

  /// Every setting in the table's order, with its value and where it is from.
  public var resolved: [ResolvedSetting] { values.resolved }

  /// Sets a value, or says why it is refused; then nothing has changed.
  public mutating func set(_ name: String, to text: String) throws(SettingFault) {
    try values.set(name, to: text)
    resolve()
  }

  /// Returns a setting to its default.
  public mutating func reset(_ name: String) throws(SettingFault) {
    try values.reset(name)
    resolve()
  }

  /// With all of `changes` made, `nil` for a return to the default, or why one of them is refused:
  /// of several, the first by name.
  public func changed(_ changes: [String: String?]) throws(SettingFault) -> TopicConfiguration {
    var values = values
    for (name, text) in changes.sorted(by: { $0.key < $1.key }) {
      if let text { try values.set(name, to: text) } else { try values.reset(name) }
    }
    return TopicConfiguration(values: values)
  }

  private init(values: SettingValues) {
    self.values = values
    resolve()
  }

  private mutating func resolve() {
    maxMessageBytes = Int(values.integer("max.message.bytes"))
    segmentBytes = Int(values.integer("segment.bytes"))
    segmentMilliseconds = values.integer("segment.ms")
    indexIntervalBytes = Int(values.integer("index.interval.bytes"))
    timestampType =
      TimestampType(rawValue: values.text("message.timestamp.type")) ?? .createTime
    timestampBeforeMaxMilliseconds = values.integer("message.timestamp.before.max.ms")
    timestampAfterMaxMilliseconds = values.integer("message.timestamp.after.max.ms")
    compression = Compression(rawValue: values.text("compression.type")) ?? .producer
    retentionMilliseconds = positive("retention.ms")
    retentionBytes = positive("retention.bytes")
    minDurability = AckLevel(rawValue: values.text("curlew.min.durability")) ?? .disk
  }

  private func positive(_ name: String) -> Int64? {
    let value = values.integer(name)
    return value < 0 ? nil : value
  }
}
