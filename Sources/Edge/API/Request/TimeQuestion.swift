internal import Platform

/// Where reading begins, as callers say it: `earliest`, `latest`, a time as RFC 3339, milliseconds
/// since 1970, or how long ago: `-15m`.
enum TimeQuestion: Equatable, Sendable {
  /// The first record that is there.
  case earliest
  /// Behind the last record that is there.
  case latest
  /// The first record stamped at or after these milliseconds since 1970.
  case time(Int64)

  /// How a caller may write one.
  static let form =
    "takes earliest, latest, a time like 2026-11-25T13:00:00Z, milliseconds since 1970, or -15m."

  /// What `text` asks for; `nil` where it is none of these.
  init?(_ text: String, now: Int64) {
    switch text {
    case "earliest": self = .earliest
    case "latest": self = .latest
    default:
      if text.hasPrefix("-") {
        guard let ago = Durations.milliseconds(text.dropFirst()) else { return nil }
        self = .time(max(0, now - ago))
      } else if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
        guard let milliseconds = Int64(text) else { return nil }
        self = .time(milliseconds)
      } else {
        guard let milliseconds = RFC3339.parse(text) else { return nil }
        self = .time(milliseconds)
      }
    }
  }
}
