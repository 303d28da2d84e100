/// Answers a request. Runs on the request's loop from its first line to its last; it awaits, and
/// never blocks.
public typealias Handler = @Sendable (Request) async -> Response

/// Answers a request through a responder, on the request's loop: before it returns, or later from
/// something that runs there. It costs no task, which is most of what a short request costs beside
/// the kernel; it is for routes of which thousands come a second.
public typealias DirectHandler = @Sendable (Request, Responder) -> Void

/// One line of the route table. A class, so that a request holds its route by one count.
public final class Route: Sendable {
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
  /// What answers, in a task.
  let handler: Handler?
  /// What answers without one.
  let direct: DirectHandler?
  /// What answers for a request that is still parked when the server ends.
  let lost: (@Sendable (Request) -> Response)?

  /// A route.
  public init(
    _ method: Method, _ pattern: String, body: BodyMode = .whole, handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.bodyMode = body
    self.handler = handler
    direct = nil
    lost = nil
  }

  /// A route without a task. `lost` gives the answer for a request that is still without one at the
  /// end of the server's grace.
  public init(
    _ method: Method, _ pattern: String, direct: @escaping DirectHandler,
    lost: @escaping @Sendable (Request) -> Response
  ) {
    self.method = method
    self.pattern = pattern
    bodyMode = .whole
    handler = nil
    self.direct = direct
    self.lost = lost
  }

  /// Answers a request that came through no socket.
  func respond(to request: Request) async -> Response {
    if let handler { return await handler(request) }
    return await unsafe withUnsafeContinuation { continuation in
      direct?(request, Responder(request.loop) { unsafe continuation.resume(returning: $0) })
    }
  }
}
