/// Answers a request. Runs on the request's loop from its first line to its last; it awaits, and
/// never blocks.
public typealias Handler = @Sendable (Request) async -> Response

/// One line of the route table.
public struct Route: Sendable {
  /// How the handler gets the body.
  public enum BodyMode: Sendable {
    /// Whole, before the handler is called; over the limit it is 413 without a call.
    case whole
    /// Not at all: it is read and thrown away.
    case none
    /// Piece by piece, with `Request.nextChunk`, while it arrives. There is no limit; the sender
    /// waits for the reader.
    case chunks
  }

  /// The method it answers. `HEAD` goes to the route for `GET` where there is none of its own.
  public let method: Method
  /// The path: literals and `{name}` parameters between slashes. The last segment may end in
  /// `:verb`.
  public let pattern: String
  /// How the handler gets the body.
  public let bodyMode: BodyMode
  /// What answers.
  public let handler: Handler

  /// A route.
  public init(
    _ method: Method, _ pattern: String, body: BodyMode = .whole, handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.bodyMode = body
    self.handler = handler
  }
}
