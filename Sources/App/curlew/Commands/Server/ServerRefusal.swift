internal import HTTPClient
internal import JSON

/// What a server says that does not do what it was asked.
struct ServerRefusal: Equatable {
  /// The HTTP status.
  let status: Int
  /// Sentences for people: what is wrong, and what to do.
  let text: String

  init(_ response: HTTPResponse, url: String) {
    status = response.status
    let body = (try? JSONValue.parse(response.body)).flatMap { try? $0.object() }
    guard let message = try? body?.stringIfPresent("message") else {
      text = "\(url) answered \(response.status) without a reason; is it a Curlew server?"
      return
    }
    let code = (try? body?.stringIfPresent("code")) ?? nil
    let hint = Self.hint(code) ?? (try? body?.stringIfPresent("hint")) ?? nil
    text = Self.sentence(message) + (hint.map { " " + Self.sentence($0) } ?? "")
  }

  /// What to do, where the server's hint speaks of requests and there is a command for it.
  private static func hint(_ code: String?) -> String? {
    switch code {
    case "unknown_topic": "'curlew topic list' shows those that are there."
    case "topic_exists": "'curlew topic alter' changes it."
    case "offset_out_of_range": "--from earliest reads what is there, --from latest what comes."
    default: nil
    }
  }

  private static func sentence(_ text: String) -> String {
    text.hasSuffix(".") || text.hasSuffix("?") || text.hasSuffix("!") ? text : text + "."
  }

  /// As the end of a command.
  var error: AppError { .failure(text) }
}
