internal import HTTPClient
internal import JSON

/// Reads the server's answer to an envelope.
enum ProduceAnswerReader {
  /// The events that were refused, by their place in the request, and why; `nil` where the answer
  /// tells nothing of events, as one that does not wait.
  static func refusals(_ response: HTTPResponse) -> [(event: Int, sentence: String)]? {
    guard let body = try? JSONValue.parse(response.body).object(),
      let entries = (try? body.arrayIfPresent("offsets")) ?? nil
    else { return nil }
    var refusals: [(event: Int, sentence: String)] = []
    for (index, entry) in entries.enumerated() {
      guard let entry = try? entry.object(), entry.has("error_code") else { continue }
      let text = ((try? entry.stringIfPresent("error")) ?? nil) ?? "The server does not say why."
      refusals.append((index, text.hasSuffix(".") ? text : text + "."))
    }
    return refusals
  }
}
