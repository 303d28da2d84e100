/// A media type without its parameters, in small letters: `application/json`.
struct MediaType: Equatable, Sendable {
  /// Before the slash.
  let type: Substring
  /// Behind the slash.
  let subtype: Substring
  /// What stands behind the first semicolon.
  let parameters: Substring

  static let json = "application/json"
  static let ndjson = "application/x-ndjson"
  static let text = "text/plain"
  static let bytes = "application/octet-stream"
  static let form = "application/x-www-form-urlencoded"
  static let problem = "application/problem+json"
  static let eventStream = "text/event-stream"
  static let kafkaV2 = "application/vnd.kafka.v2+json"
  static let kafkaJSON = "application/vnd.kafka.json.v2+json"
  static let kafkaBinary = "application/vnd.kafka.binary.v2+json"
  static let kafkaText = "application/vnd.kafka.text.v2+json"

  /// The type that `text` names; `nil` where it names none.
  init?(_ text: some StringProtocol) {
    let lowered = text.lowercased()
    let parts = lowered.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
    let names = Self.trimmed(parts[0]).split(separator: "/", omittingEmptySubsequences: false)
    guard names.count == 2, names.allSatisfy(Self.isToken) else { return nil }
    type = names[0]
    subtype = names[1]
    parameters = parts.count > 1 ? parts[1] : ""
  }

  /// Type and subtype as one text.
  var essence: String { "\(type)/\(subtype)" }

  /// The value of the parameter `name`, without quotes.
  func parameter(_ name: String) -> String? {
    for part in parameters.split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, Self.trimmed(pair[0]) == name else { continue }
      let value = Self.trimmed(pair[1])
      let isQuoted = value.count > 1 && value.hasPrefix("\"") && value.hasSuffix("\"")
      return String(isQuoted ? value.dropFirst().dropLast() : value)
    }
    return nil
  }

  static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.utf8.first, first == 0x20 || first == 0x09 { text.removeFirst() }
    while let last = text.utf8.last, last == 0x20 || last == 0x09 { text.removeLast() }
    return text
  }

  /// RFC 9110's `token`.
  private static func isToken(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }
}
