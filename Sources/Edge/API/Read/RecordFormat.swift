/// How keys and values appear in JSON.
enum RecordFormat: String, Sendable {
  /// JSON as itself, other UTF-8 as a string, other bytes as `{"$base64":"…"}`.
  case json
  /// UTF-8 as a string, other bytes as `{"$base64":"…"}`.
  case text
  /// Base64 in a string.
  case binary
}

/// What answers in the form of v2 say of a record beyond v2's own fields.
struct RecordExtras: OptionSet, Sendable {
  let rawValue: UInt8

  /// Its headers.
  static let headers = RecordExtras(rawValue: 1)
  /// Its timestamp.
  static let timestamp = RecordExtras(rawValue: 2)
  /// The sizes of key and value, and the leader epoch.
  static let metadata = RecordExtras(rawValue: 4)

  /// What `include=` lists; `nil` where a word of it is unknown. `key` is there anyway.
  init?(_ list: String) {
    var extras: RecordExtras = []
    for word in list.split(separator: ",") {
      switch word {
      case "headers": extras.insert(.headers)
      case "timestamp": extras.insert(.timestamp)
      case "metadata": extras.insert(.metadata)
      case "key": break
      default: return nil
      }
    }
    self = extras
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }
}
