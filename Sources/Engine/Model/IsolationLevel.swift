/// Which records of transactions a reader sees. The raw value is its form in requests.
public enum IsolationLevel: String, CaseIterable, Hashable, Sendable {
  /// All, those of open and aborted transactions too.
  case readUncommitted = "read_uncommitted"
  /// Only those of committed transactions, and nothing above the last stable offset.
  case readCommitted = "read_committed"
}
