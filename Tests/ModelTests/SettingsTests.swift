import Model
import Testing

@Suite struct SettingsTests {
  @Test func `every name, option and variable names one setting`() {
    let node = Settings.node

    #expect(Set(Settings.all.map(\.name)).count == Settings.all.count)
    #expect(Set(node.map(\.option)).count == node.count)
    #expect(Set(node.map(\.environmentVariable)).count == node.count)
    #expect(Settings.all == node + Settings.topic)
  }

  @Test(arguments: Settings.all)
  func `a default is itself possible and canonical`(setting: Setting) throws {
    #expect(try setting.canonical(setting.defaultValue) == setting.defaultValue)
    #expect(setting.summary.hasSuffix(".") && setting.summary.count < 90)
  }

  @Test func `options and variables follow from the name`() throws {
    let directory = try Settings.named("data-dir", .node)
    let create = try Settings.named("auto.create.topics.enable", .node)

    #expect(directory.option == "data-dir" && directory.environmentVariable == "CURLEW_DATA_DIR")
    #expect(create.option == "auto-create-topics-enable")
    #expect(create.environmentVariable == "CURLEW_AUTO_CREATE_TOPICS_ENABLE")
  }

  @Test(
    arguments: [
      ("retention.mss", "retention.ms"), ("Segment.Bytes", "segment.bytes"),
      ("max.mesage.bytes", "max.message.bytes"), ("cleanup-policy", "cleanup.policy"),
      ("message.format.version", nil), ("x", nil), ("", nil),
      (String(repeating: "retention.ms", count: 1000), nil),
    ] as [(String, String?)])
  func `an unknown name is refused, with the nearest where one is near`(
    name: String, nearest: String?
  ) {
    #expect(throws: SettingFault.unknown(name: name, scope: .topic, nearest: nearest)) {
      try Settings.validate(name, "1", .topic)
    }
  }

  @Test func `a setting of the node is none of a topic`() {
    #expect(throws: SettingFault.unknown(name: "data-dir", scope: .topic, nearest: nil)) {
      try Settings.named("data-dir", .topic)
    }
  }

  /// The names of Kafka's topic settings, from its documentation, not from the table.
  @Test(arguments: [
    "cleanup.policy", "retention.ms", "retention.bytes", "segment.bytes", "segment.ms",
    "segment.jitter.ms", "segment.index.bytes", "index.interval.bytes", "max.message.bytes",
    "message.timestamp.type", "message.timestamp.before.max.ms",
    "message.timestamp.after.max.ms", "compression.type", "compression.gzip.level",
    "compression.lz4.level", "compression.zstd.level", "min.cleanable.dirty.ratio",
    "min.compaction.lag.ms", "max.compaction.lag.ms", "delete.retention.ms",
    "file.delete.delay.ms", "flush.messages", "flush.ms", "min.insync.replicas",
    "unclean.leader.election.enable", "preallocate", "remote.storage.enable",
    "local.retention.ms", "local.retention.bytes", "remote.log.copy.disable",
    "remote.log.delete.on.disable", "remote.copy.lag.ms", "remote.copy.lag.bytes",
    "leader.replication.throttled.replicas", "follower.replication.throttled.replicas",
    "errors.deadletterqueue.group.enable", "curlew.min.durability",
  ])
  func `Kafka's topic settings all stand in the table`(name: String) throws {
    #expect(try Settings.named(name, .topic).scope == .topic)
  }

  @Test(
    arguments: [
      ("segment.bytes", "1MiB", "1048576"), ("segment.ms", "1h", "3600000"),
      ("segment.index.bytes", "4096", "4096"), ("index.interval.bytes", "8KiB", "8192"),
      ("max.message.bytes", "2000", "2000"), ("message.timestamp.type", "LogAppendTime", nil),
      ("message.timestamp.before.max.ms", "7d", "604800000"),
      ("message.timestamp.after.max.ms", "1m", "60000"), ("compression.type", "uncompressed", nil),
      ("cleanup.policy", "delete", nil),
      ("curlew.min.durability", "disk", nil), ("min.insync.replicas", "1", nil),
      ("retention.ms", "-1", nil), ("retention.ms", "2h", "7200000"), ("retention.ms", "0", nil),
      ("retention.bytes", "1GiB", "1073741824"), ("retention.bytes", "-1", nil), ("flush.messages", "1", nil),
    ] as [(String, String, String?)])
  func `what this version acts on is accepted`(
    name: String, text: String, canonical: String?
  ) throws {
    #expect(try Settings.validate(name, text, .topic) == canonical ?? text)
  }

  @Test(arguments: [
    ("cleanup.policy", "compact"), ("cleanup.policy", "compact,delete"), ("cleanup.policy", ""),
    ("compression.type", "zstd"),
    ("min.insync.replicas", "2"), ("flush.messages", "1000"), ("preallocate", "true"),
    ("unclean.leader.election.enable", "true"), ("curlew.max.topic.bytes", "1"),
    ("remote.storage.enable", "true"), ("min.cleanable.dirty.ratio", "0.1"),
  ])
  func `what it does not act on is refused with a sentence`(name: String, text: String) {
    let fault = #expect(throws: SettingFault.self) { try Settings.validate(name, text, .topic) }

    guard case .refused(name, text, let reason) = fault else {
      Issue.record("\(String(describing: fault)) is another refusal")
      return
    }
    #expect(reason.hasSuffix("."))
  }

  @Test(arguments: [
    ("segment.bytes", "1048575"), ("segment.bytes", "lots"), ("max.message.bytes", "-1"),
    ("message.timestamp.type", "createtime"), ("cleanup.policy", "shred"),
    ("compression.type", "brotli"), ("min.insync.replicas", "0"), ("retention.ms", "-2"),
  ])
  func `what is no value of the setting is refused with what it takes`(name: String, text: String) {
    let fault = #expect(throws: SettingFault.self) { try Settings.validate(name, text, .topic) }

    guard case .value(name, text, _) = fault else {
      Issue.record("\(String(describing: fault)) is another refusal")
      return
    }
  }

  @Test func `refusals read as sentences`() {
    let faults: [(SettingFault, String)] = [
      (
        .unknown(name: "retention.mss", scope: .topic, nearest: "retention.ms"),
        "There is no topic setting 'retention.mss'. Did you mean 'retention.ms'?"
      ),
      (
        .value(name: "log-format", text: "xml", expected: "one of text, json"),
        "'xml' is not possible for log-format: it takes one of text, json."
      ),
      (
        .refused(name: "cleanup.policy", text: "compact", reason: "not in this version."),
        "cleanup.policy cannot be 'compact': not in this version."
      ),
    ]

    for (fault, sentence) in faults { #expect(fault.description == sentence) }
  }

  @Test(arguments: [
    ("journal-files", "3"), ("journal-file-size", "64MB"), ("log-level", "trace"),
    ("loops", "-1"), ("max-body", "0"), ("num.partitions", "0"), ("max-connections", "many"),
  ])
  func `the node's settings have bounds`(name: String, text: String) {
    #expect(throws: SettingFault.self) { try Settings.validate(name, text, .node) }
  }

  @Test func `each setting of the node says when another value takes effect`() {
    func names(_ change: Setting.Change) -> [String] {
      Settings.node.filter { $0.change == change }.map(\.name)
    }

    // What shapes the journal can never change.
    #expect(names(.fixed) == ["journal-files", "journal-file-size"])
    #expect(
      names(.live) == [
        "host", "cors-origin", "max-body", "max-waiting", "auto.create.topics.enable",
        "num.partitions", "log-level", "log-format",
      ])
    #expect(Settings.topic.allSatisfy { $0.change == .live })
  }
}
