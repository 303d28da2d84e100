public import CommitLog
internal import Model
internal import Platform
internal import Store

/// Brings a data directory back to where it can be served, by what its operator decides. Takes its
/// lock.
public enum Repair {
  /// What a start makes, or would make, of the directory.
  public struct Report: Sendable, Equatable {
    /// Records of one partition.
    public struct Records: Sendable, Equatable {
      /// The topic.
      public var topic: String
      /// The partition in it.
      public var partition: Int32
      /// From the first up to but without the last.
      public var offsets: Range<Int64>
    }

    /// How the journal was found to end.
    public var verdict: JournalScan.Verdict
    /// Where in `quarantine/` a damaged last frame lies from now on; `nil` where there was none.
    public var kept: String?
    /// Acknowledged records that are lost; some of them may never have been there.
    public var damage: [Records]
    /// What the journal had lost and segments still held.
    public var healed: [Records]
    /// All that cannot be read, what was known before included.
    public var allDamage: [Records]
  }

  /// Opens the log that `options` name, under the decision in it, and closes it again; the next
  /// start finds nothing to decide. With `isRehearsal` nothing is changed. Throws what would refuse
  /// that start.
  public static func run(
    _ given: StoreOptions, isRehearsal: Bool
  ) throws(LogError) -> Report {
    var options = given
    options.requireExisting = true
    if isRehearsal { options.fileSystem = OverlayFileSystem(options.fileSystem) }
    let node = try Node(options)
    defer { node.lock.release() }
    let report = Report(
      verdict: node.recovery.verdict, kept: node.recovery.kept,
      damage: node.recovery.damage.map { records($0, node) },
      healed: node.recovery.healed.map { records($0, node) },
      allDamage: node.topics.damage.map {
        Report.Records(topic: $0.topic.text, partition: $0.partition, offsets: $0.range)
      })
    guard !isRehearsal else { return report }
    guard try node.housekeeper.checkpoint(clean: true) else {
      throw .refused("\(options.directory): the disk is full; free some space and try again")
    }
    return report
  }

  private static func records(_ range: PartitionRange, _ node: Node) -> Report.Records {
    let identity = node.table[range.partition]?.identity
    return Report.Records(
      topic: identity?.topic.text ?? "?", partition: identity?.index ?? -1, offsets: range.offsets)
  }
}
