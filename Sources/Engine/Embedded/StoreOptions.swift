public import CommitLog
public import Platform
public import Telemetry

/// How an embedded store is opened.
public struct StoreOptions: Sendable {
  /// Where the log lies.
  public var directory: String
  /// Refuse to start where there is no log yet.
  public var requireExisting = false
  /// Run on file systems that keep nothing.
  public var unsafeVolatile = false
  /// Serve what is there and write nothing at all.
  public var isReadOnly = false
  /// How much of the segments is read in the background to find damage early; 0 reads nothing.
  public var scrubBytesPerSecond = 8 << 20
  /// What an operator decided about a journal that does not tell. The directory is whole again
  /// behind the start that was given it.
  public var repair: RepairDecision?
  /// The journal's shape, for a new directory only.
  public var geometry = JournalGeometry(blocksPerFile: 16_384, files: 8)
  /// The bounds of its queues.
  public var limits = Limits()
  /// Free bytes of the disk below which produce is refused, so that what frees some still works; 0
  /// refuses nothing.
  public var diskReserve: UInt64 = 0
  /// How often is looked for records that their topics' retention no longer keeps.
  public var retentionInterval = Duration.seconds(30)
  /// The files.
  public var fileSystem: any FileSystem = PosixFileSystem()
  /// The clocks.
  public var time: any TimeSource = SystemTime()
  /// Chance.
  public var entropy: any Entropy = SystemEntropy()
  /// Where it is counted.
  public var metrics = MetricsRegistry()
  /// Where it is told.
  public var log = Log.off
  /// The largest segment, smaller than topics may ask for, so that tests see many.
  package var segmentBytes = Int.max
  /// Rules that a test breaks on purpose.
  package var sabotage: Sabotage = []

  /// The usual options for the log in `directory`.
  public init(directory: String) { self.directory = directory }
}
