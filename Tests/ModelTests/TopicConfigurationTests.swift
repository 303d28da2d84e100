import Model
import Testing

@Suite struct TopicConfigurationTests {
  @Test func `without settings the defaults hold`() {
    let configuration = TopicConfiguration()

    #expect(configuration.explicit.isEmpty)
    #expect(configuration.maxMessageBytes == 1_048_588)
    #expect(configuration.segmentBytes == 128 << 20)
    #expect(configuration.segmentMilliseconds == 7 * 86_400_000)
    #expect(configuration.indexIntervalBytes == 4096)
    #expect(configuration.timestampType == .createTime)
    #expect(configuration.timestampBeforeMaxMilliseconds == .max)
    #expect(configuration.timestampAfterMaxMilliseconds == 3_600_000)
    #expect(configuration.compression == .producer)
    #expect(configuration.retentionMilliseconds == 604_800_000)
    #expect(configuration.retentionBytes == nil)
    #expect(configuration.resolved.map(\.setting) == Settings.topic)
    #expect(configuration.resolved.allSatisfy { !$0.isExplicit })
  }

  @Test func `what was set is kept in canonical text and seen in the getters`() throws {
    let configuration = try TopicConfiguration([
      "segment.bytes": "2MiB", "segment.ms": "1h", "max.message.bytes": "5000",
      "index.interval.bytes": "1KiB", "message.timestamp.type": "LogAppendTime",
      "message.timestamp.before.max.ms": "1d", "message.timestamp.after.max.ms": "5s",
      "compression.type": "uncompressed", "retention.ms": "-1",
    ])
    let kept = try TopicConfiguration(["retention.ms": "5m", "retention.bytes": "1MiB"])

    #expect(configuration.explicit["segment.bytes"] == "2097152")
    #expect(configuration.explicit["retention.ms"] == "-1" && configuration.explicit.count == 9)
    #expect(configuration.retentionMilliseconds == nil)
    #expect(kept.retentionMilliseconds == 300_000 && kept.retentionBytes == 1 << 20)
    #expect(configuration.segmentBytes == 2 << 20)
    #expect(configuration.segmentMilliseconds == 3_600_000)
    #expect(configuration.maxMessageBytes == 5000 && configuration.indexIntervalBytes == 1024)
    #expect(configuration.timestampType == .logAppendTime)
    #expect(configuration.timestampBeforeMaxMilliseconds == 86_400_000)
    #expect(configuration.timestampAfterMaxMilliseconds == 5000)
    #expect(configuration.compression == .uncompressed)
    let segment = configuration.resolved.first { $0.setting.name == "segment.bytes" }
    #expect(segment?.value == "2097152" && segment?.isExplicit == true)
  }

  @Test func `a refused value leaves everything as it was`() throws {
    var configuration = try TopicConfiguration(["segment.bytes": "2MiB"])
    let before = configuration

    #expect(throws: SettingFault.self) { try configuration.set("segment.bytes", to: "1") }
    #expect(throws: SettingFault.self) { try configuration.set("segment.byte", to: "2MiB") }
    #expect(throws: SettingFault.self) { try configuration.reset("segment.byte") }

    #expect(configuration == before)
  }

  @Test func `a reset brings the default back`() throws {
    var configuration = try TopicConfiguration(["max.message.bytes": "5000"])

    try configuration.reset("max.message.bytes")
    try configuration.reset("segment.bytes")

    #expect(configuration == TopicConfiguration())
  }

  @Test func `of several faults the first by name is told`() {
    #expect(throws: SettingFault.unknown(name: "aaa", scope: .topic, nearest: nil)) {
      try TopicConfiguration(["zzz": "1", "aaa": "1", "segment.bytes": "0"])
    }
  }

  @Test func `what another version recorded is kept, and counts as the default here`() throws {
    let recorded = [
      "retention.ms": "soon", "segment.bytes": "12", "not.yet.invented": "1",
      "max.message.bytes": "5000",
    ]

    var configuration = TopicConfiguration(recorded: recorded)

    #expect(configuration.explicit == recorded)
    #expect(configuration.retentionMilliseconds == 604_800_000)
    #expect(configuration.segmentBytes == 128 << 20 && configuration.maxMessageBytes == 5000)
    try configuration.reset("not.yet.invented")
    #expect(configuration.explicit["not.yet.invented"] == nil)
  }
}

@Suite struct SettingValuesTests {
  @Test func `values of the node are read by their kind`() throws {
    var values = SettingValues(.node)

    try values.set("listen", to: "127.0.0.1:1, [::1]:2")
    try values.set("max-body", to: "1MiB")
    try values.set("allow-anonymous", to: "true")

    #expect(values.list("listen") == ["127.0.0.1:1", "[::1]:2"] && values.list("host").isEmpty)
    #expect(values.integer("max-body") == 1 << 20 && values.integer("journal-files") == 8)
    #expect(values.boolean("allow-anonymous") && !values.boolean("unsafe-volatile"))
    #expect(values.text("log-level") == "info")
    #expect(values.resolved.count == Settings.node.count)
  }
}
