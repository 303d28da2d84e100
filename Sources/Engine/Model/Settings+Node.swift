extension Settings {
  /// The rows of the node. Their names are long options, keys of the configuration file and, in
  /// capitals behind `CURLEW_`, environment variables.
  public static let node: [Setting] = storage + [diskReserve] + network + journal + topics + logging

  private static let storage: [Setting] = [
    Setting(
      "data-dir", .node, .text, default: "data", change: .restart,
      "Where the log and everything else is kept."),
    Setting(
      "require-existing", .node, .boolean, default: "false", change: .restart,
      "Refuse to start where the data directory holds no log yet."),
    Setting(
      "unsafe-volatile", .node, .boolean, default: "false", change: .restart,
      "Start even where the file system forgets; every answer then says memory."),
    Setting(
      "read-only", .node, .boolean, default: "false", change: .restart,
      "Serve what is there, damaged or not, and write nothing; producing is refused."),
    Setting(
      "scrub-rate", .node, .size(0...1 << 40), default: "8388608", change: .restart,
      "Bytes a second that are read in the background to find damage early; 0 for none."),
  ]

  // Not a part of the disk, since that would be hundreds of gigabytes of a large one: what a node
  // needs to go on without new records does not grow with it. It is a journal file, a snapshot and
  // what is in memory, about 100 MiB, and as much again for others.
  private static let diskReserve = Setting(
    "disk-reserve", .node, .size(0...1 << 50), default: "268435456", change: .restart,
    "Free bytes of the disk below which produce is refused; 0 refuses nothing.")

  private static let network: [Setting] = [
    Setting(
      "listen", .node, .list([]), default: "127.0.0.1:8082", change: .restart,
      "Addresses and ports to listen on; port 0 takes a free one."),
    Setting(
      "allow-anonymous", .node, .boolean, default: "false", change: .restart,
      "Listen on addresses other than loopback although callers are not authenticated."),
    Setting(
      "host", .node, .list([]), default: "", change: .live,
      "More names that the Host field of a request may have on a loopback address."),
    Setting(
      "cors-origin", .node, .list([]), default: "", change: .live,
      "Origins whose web pages may call."),
    Setting(
      "loops", .node, .integer(0...256), default: "0", change: .restart,
      "Event loops; 0 takes three for four processor cores, rounded up."),
    Setting(
      "max-connections", .node, .integer(1...1_000_000), default: "10000", change: .restart,
      "Connections that may be open at the same time."),
    Setting(
      "max-body", .node, .size(1024...1 << 30), default: "8388608", change: .live,
      "The largest body of a request, counted after decoding."),
    Setting(
      "max-waiting", .node, .size(1 << 20...1 << 40), default: "67108864", change: .live,
      "Bytes of bodies that may wait for room; beyond it the answer is 503."),
  ]

  private static let journal: [Setting] = [
    Setting(
      "journal-files", .node, .integer(4...1024), default: "8", change: .fixed,
      "Files that the journal goes round in."),
    Setting(
      "journal-file-size", .node, .size(16 << 20...4 << 30, multipleOf: 1 << 20),
      default: "67108864", change: .fixed,
      "Bytes of one journal file; a request's records take at most a quarter of it."),
    Setting(
      "memory-tail", .node, .size(1 << 20...1 << 40), default: "16777216", change: .restart,
      "Bytes of the newest records kept in memory for readers."),
  ]

  private static let topics: [Setting] = [
    Setting(
      "log.retention.check.interval.ms", .node, .duration(100...86_400_000), default: "30000",
      change: .restart, "How often is looked for records that are no longer kept."),
    Setting(
      "auto.create.topics.enable", .node, .boolean, default: "true", change: .live,
      "Make a topic when something is produced to a name that is not there."),
    Setting(
      "num.partitions", .node, .integer(1...10_000), default: "1", change: .live,
      "Partitions of a topic that is made without saying how many."),
  ]

  private static let logging: [Setting] = [
    Setting(
      "log-level", .node, .choice(["error", "warning", "info", "debug"]), default: "info",
      change: .live, "The least that a line must matter to be written."),
    Setting(
      "log-format", .node, .choice(["text", "json"]), default: "text", change: .live,
      "How log lines look."),
  ]
}
