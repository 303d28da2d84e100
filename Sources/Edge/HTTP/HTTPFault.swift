/// What HTTP itself refuses, before or instead of a handler. The server's owner renders each in its
/// own dialect.
public enum HTTPFault: Sendable, Equatable {
  /// No route has this path: 404.
  case notFound
  /// Routes have this path, with other methods: 405 and `Allow`.
  case methodNotAllowed(allowed: [Method])
  /// A method that no route can have: 501.
  case notImplemented(method: String)
  /// The body, decoded, is longer than `limit` bytes: 413.
  case bodyTooLarge(limit: Int)
  /// A `Content-Encoding` that is neither gzip nor zstd: 415.
  case unsupportedEncoding(String)
  /// The request breaks HTTP's rules; the sentence says how: 400.
  case malformed(String)
  /// On a loopback listener, a `Host` that is not this machine's: 421.
  case misdirected(host: String)
  /// An `Origin` that is neither its own host nor allowed: 403.
  case originRefused(String)
  /// A table or a budget is full; it helps to come again later: 503.
  case overloaded
  /// The server stops: 503.
  case stopping

  /// The status code that goes with it.
  public var status: Int {
    switch self {
    case .notFound: 404
    case .methodNotAllowed: 405
    case .notImplemented: 501
    case .bodyTooLarge: 413
    case .unsupportedEncoding: 415
    case .malformed: 400
    case .misdirected: 421
    case .originRefused: 403
    case .overloaded, .stopping: 503
    }
  }

  /// A sentence for people.
  public var sentence: String {
    switch self {
    case .notFound: "There is nothing at this path."
    case .methodNotAllowed(let allowed):
      "This path takes \(allowed.map(\.rawValue).joined(separator: ", ")) only."
    case .notImplemented(let method): "The method \(method) is not supported."
    case .bodyTooLarge(let limit): "The body is longer than \(limit) bytes."
    case .unsupportedEncoding(let name):
      "The content encoding \(name) is not supported; gzip and zstd are."
    case .malformed(let sentence): sentence
    case .misdirected(let host): "This server does not answer for the host \(host)."
    case .originRefused(let origin): "Pages of \(origin) may not use this server."
    case .overloaded: "The server has no room for this request now."
    case .stopping: "The server is stopping."
    }
  }

  /// A plain-text answer, for servers that have no dialect of their own.
  public static func plainResponse(_ fault: HTTPFault, _ request: Request?) -> Response {
    Response(
      status: fault.status, headers: [("Content-Type", "text/plain; charset=utf-8")],
      body: .bytes(Array((fault.sentence + "\n").utf8)))
  }
}

/// Renders a fault. The request is there where it came far enough.
public typealias FaultRenderer = @Sendable (HTTPFault, Request?) -> Response
