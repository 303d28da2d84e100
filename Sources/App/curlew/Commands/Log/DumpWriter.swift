internal import CommitLog
internal import Model

/// How a dump is written.
protocol DumpWriter {
  /// What the directory is: superblocks, journal, snapshots.
  mutating func overview(_ inspector: Inspector) throws(AppError)
  /// The frames of one journal file begin.
  mutating func begin(_ file: Inspected<JournalFileHead>) throws(AppError)
  /// A frame of it, or a place that cannot be read.
  mutating func frame(_ item: JournalItem) throws(AppError)
  /// Partitions and their segments.
  mutating func partitions(_ partitions: [InspectedPartition]) throws(AppError)
  /// A record of the partition that ends at `end`.
  mutating func record(
    _ record: Record, _ batch: RecordBatch, end: Offset
  ) throws(AppError)
  /// A place that cannot be read.
  mutating func finding(_ finding: Finding) throws(AppError)
  /// Nothing follows.
  mutating func finish() throws(AppError)
}

/// Text on its way to standard output, written in pieces of some size.
struct BufferedOutput {
  private let invocation: Invocation
  private var bytes: [UInt8] = []

  init(_ invocation: Invocation) { self.invocation = invocation }

  mutating func put(_ text: String) throws(AppError) {
    bytes.append(contentsOf: text.utf8)
    if bytes.count >= 1 << 16 { try flush() }
  }

  mutating func put(_ text: [UInt8]) throws(AppError) {
    bytes += text
    if bytes.count >= 1 << 16 { try flush() }
  }

  mutating func flush() throws(AppError) {
    guard !bytes.isEmpty else { return }
    try invocation.print(String(decoding: bytes, as: UTF8.self))
    bytes.removeAll(keepingCapacity: true)
  }
}

extension InspectedFrame.Standing {
  /// The word for it.
  var name: String {
    switch self {
    case .live: "live"
    case .covered: "covered"
    case .remains: "remains"
    }
  }
}

extension Row.Kind {
  /// The word for it.
  var name: String {
    switch self {
    case .append: "append"
    case .delete: "delete"
    case .logStart: "log start"
    case .roll: "roll"
    case .replace: "replace"
    case .seal: "seal"
    }
  }
}

extension Superblock.State {
  /// The word for it.
  var name: String {
    switch self {
    case .open: "open"
    case .clean: "clean"
    }
  }
}

extension JournalScan.Verdict {
  /// The word for it.
  var name: String {
    switch self {
    case .end: "end"
    case .torn: "torn"
    }
  }
}

extension Inspected {
  /// The last part of its path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
