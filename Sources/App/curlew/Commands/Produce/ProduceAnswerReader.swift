internal import HTTPClient
internal import JSON

/// Reads the server's answer to an envelope.
struct ProduceAnswerReader {
  private let scanner = JSONScanner()

  /// The events that were refused, by their place in the request, and why; `nil` where the answer
  /// tells nothing of events, as one that does not wait.
  func refusals(_ response: HTTPResponse) -> [(event: Int, sentence: String)]? {
    guard var cursor = try? scanner.scan(response.body) else { return nil }
    return (try? offsets(&cursor)) ?? nil
  }

  private func offsets(
    _ cursor: inout JSONCursor
  ) throws(JSONFault) -> [(event: Int, sentence: String)]? {
    try cursor.enterObject()
    while let name = try cursor.nextMember() {
      guard cursor.string(name, is: "offsets") else { continue }
      var refusals: [(event: Int, sentence: String)] = []
      var event = 0
      try cursor.enterArray()
      while try cursor.nextElement() {
        if let text = try refusal(&cursor) {
          refusals.append((event, text.hasSuffix(".") ? text : text + "."))
        }
        event += 1
      }
      return refusals
    }
    return nil
  }

  /// Why the event of one entry was refused; `nil` where it was not.
  private func refusal(_ cursor: inout JSONCursor) throws(JSONFault) -> String? {
    var isRefused = false
    var text = "The server does not say why."
    try cursor.enterObject()
    while let name = try cursor.nextMember() {
      if cursor.string(name, is: "error_code") {
        let isNull = try cursor.takeNull()
        isRefused = !isNull
      } else if cursor.string(name, is: "error"), cursor.kind == .string {
        text = try cursor.string()
      }
    }
    return isRefused ? text : nil
  }
}
