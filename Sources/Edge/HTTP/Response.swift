/// What a handler answers.
public struct Response: Sendable {
  /// The status code, 200 to 599.
  public var status: Int
  /// Headers, as they are to be written, in order. What the connection needs itself
  /// (`Content-Length`, `Date`, `Transfer-Encoding`) is added by the server; so are `X-Request-Id`,
  /// `Content-Encoding` and CORS's.
  public var headers: [(name: String, value: String)]
  /// What follows the headers.
  public var body: Body

  /// A body.
  public enum Body: Sendable {
    /// None; the length is 0.
    case none
    /// These bytes; sent from where they lie, without a copy.
    case bytes([UInt8])
    /// As written by the closure, which runs on the request's loop once the headers are under way.
    /// The stream ends when it returns. Not called for `HEAD`.
    case stream(@Sendable (BodyWriter) async -> Void)
  }

  /// An answer with these parts.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first value of a header.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.equalsIgnoringCase(name) }?.value
  }
}
