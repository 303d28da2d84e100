extension Settings {
  /// The rows of a topic: Kafka's of 4.3, then our own, which begin with `curlew.`. Where a default
  /// is not Kafka's, it says what this version does.
  public static let topic: [Setting] =
    segments + messages + retention + compaction + durability + cluster + tiers + own

  private static let any = 0...Int64.max
  private static let int32 = 0...Int64(Int32.max)
  private static let notYet = Setting.Support.refused(
    reason: "this version does not act on it; it can only be left at its default.")
  private static let kafkaOnly = Setting.Support.refused(
    reason: "it is for clusters, and this log lives on one node.")

  private static func row(
    _ name: String, _ kind: SettingKind, _ defaultValue: String,
    _ support: Setting.Support, _ summary: String
  ) -> Setting {
    Setting(
      name, .topic, kind, default: defaultValue, change: .live, support: support, summary)
  }

  private static func row(
    _ name: String, _ kind: SettingKind, _ defaultValue: String, _ summary: String
  ) -> Setting {
    row(name, kind, defaultValue, .acted, summary)
  }

  private static let segments: [Setting] = [
    row(
      "segment.bytes", .size(1 << 20...Int64(Int32.max)), "134217728",
      "Size at which a partition begins a new segment file."),
    row(
      "segment.ms", .duration(1...Int64.max), "604800000",
      "Age at which a partition begins a new segment file."),
    row(
      "segment.jitter.ms", .duration(any), "0", notYet,
      "How much segment.ms varies from one partition to the next."),
    row(
      "segment.index.bytes", .size(4...Int64(Int32.max)), "10485760",
      "Accepted without effect: the index grows with its segment."),
    row(
      "index.interval.bytes", .size(int32), "4096",
      "Bytes of records between two entries of the index."),
    row(
      "preallocate", .boolean, "false", notYet,
      "Whether segment files are given their space in advance."),
    row(
      "file.delete.delay.ms", .duration(any), "0", notYet,
      "How long files of deleted records are kept after they could go."),
  ]

  private static let messages: [Setting] = [
    row(
      "max.message.bytes", .size(int32), "1048588",
      "The largest record batch, and so the largest record."),
    row(
      "message.timestamp.type", .choice(["CreateTime", "LogAppendTime"]), "CreateTime",
      "Whether a record keeps the producer's timestamp or gets that of its append."),
    row(
      "message.timestamp.before.max.ms", .duration(any), "9223372036854775807",
      "How far a producer's timestamp may lie in the past."),
    row(
      "message.timestamp.after.max.ms", .duration(any), "3600000",
      "How far a producer's timestamp may lie in the future."),
    row(
      "compression.type",
      .choice(["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]), "producer",
      .only(
        ["producer", "uncompressed"],
        reason: "this version does not compress records; it can be producer or uncompressed."),
      "How records are kept: as the producer sent them, or compressed by the log."),
    row(
      "compression.gzip.level", .integer(-1...9), "-1", notYet,
      "Level of gzip: 1 to 9, -1 for its default."),
    row("compression.lz4.level", .integer(1...17), "9", notYet, "Level of lz4."),
    row("compression.zstd.level", .integer(-131_072...22), "3", notYet, "Level of zstd."),
  ]

  private static let retention: [Setting] = [
    row(
      "cleanup.policy", .list(["delete", "compact"]), "delete",
      .only(["delete"], reason: "this version does not compact; it can only be delete."),
      "What happens to old records: delete, or compact to the newest of each key."),
    row(
      "retention.ms", .duration(-1...Int64.max), "604800000",
      "Age at which records are deleted, by when they were appended; -1 keeps them for ever."),
    row(
      "retention.bytes", .size(-1...Int64.max), "-1",
      "Size of a partition at which its oldest records are deleted; -1 keeps all."),
  ]

  private static let compaction: [Setting] = [
    row(
      "min.cleanable.dirty.ratio", .real(0...1), "0.5", notYet,
      "Part of a partition that must be new before it is compacted."),
    row(
      "min.compaction.lag.ms", .duration(any), "0", notYet,
      "Age before which a record is not compacted."),
    row(
      "max.compaction.lag.ms", .duration(1...Int64.max), "9223372036854775807", notYet,
      "Age by which a record is compacted."),
    row(
      "delete.retention.ms", .duration(any), "86400000", notYet,
      "How long tombstones stay in a compacted partition."),
  ]

  private static let durability: [Setting] = [
    row(
      "flush.messages", .integer(1...Int64.max), "1", notYet,
      "Records after which a partition is synced: every commit is, before its answer."),
    row(
      "flush.ms", .duration(any), "0", notYet,
      "Time after which a partition is synced: every commit is, before its answer."),
    row(
      "min.insync.replicas", .integer(1...Int64(Int32.max)), "1",
      .refused(reason: "there is one replica, this node; it can only be 1."),
      "Replicas that must have a record before its producer is answered."),
  ]

  private static let cluster: [Setting] = [
    row(
      "unclean.leader.election.enable", .boolean, "false", kafkaOnly,
      "Whether a replica that lacks records may lead."),
    row(
      "leader.replication.throttled.replicas", .list([]), "", kafkaOnly,
      "Replicas whose leader sends slowly."),
    row(
      "follower.replication.throttled.replicas", .list([]), "", kafkaOnly,
      "Replicas whose follower fetches slowly."),
  ]

  private static let tiers: [Setting] = [
    row(
      "remote.storage.enable", .boolean, "false", notYet,
      "Whether closed segments are copied to remote storage."),
    row(
      "local.retention.ms", .duration(-2...Int64.max), "-2", notYet,
      "Age at which copied segments go from the disk; -2 takes retention.ms."),
    row(
      "local.retention.bytes", .size(-2...Int64.max), "-2", notYet,
      "Size at which copied segments go from the disk; -2 takes retention.bytes."),
    row(
      "remote.log.copy.disable", .boolean, "false", notYet,
      "Whether no more segments are copied to remote storage."),
    row(
      "remote.log.delete.on.disable", .boolean, "false", notYet,
      "Whether remote segments go when remote storage is switched off."),
    row(
      "remote.copy.lag.ms", .duration(-1...Int64.max), "0", notYet,
      "Age before which a segment is not copied; -1 takes local.retention.ms."),
    row(
      "remote.copy.lag.bytes", .size(-1...Int64.max), "0", notYet,
      "Bytes behind the end that are not copied; -1 takes local.retention.bytes."),
  ]

  private static let own: [Setting] = [
    row(
      "errors.deadletterqueue.group.enable", .boolean, "false", notYet,
      "Whether queues may put what they cannot deliver into this topic."),
    row(
      "curlew.min.durability", .choice(["none", "memory", "disk"]), "none",
      "The least that a producer's acks may ask for."),
    row(
      "curlew.max.topic.bytes", .size(-1...Int64.max), "-1", notYet,
      "Size of the whole topic at which its oldest records are deleted; -1 keeps all."),
    row("curlew.schema", .text, "", notYet, "The schema that values must fit."),
    row(
      "curlew.ttl.header", .text, "", notYet,
      "The record header that says when a record ceases to count."),
  ]
}
