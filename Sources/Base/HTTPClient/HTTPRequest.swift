/// What is asked of a server.
public struct HTTPRequest: Sendable {
  /// What is sent behind the headers.
  public enum Body: Sendable {
    /// Nothing.
    case none
    /// These bytes, their count announced.
    case bytes([UInt8])
    /// What the closure gives, piece by piece, until it gives `nil`; sent in chunks. An empty piece
    /// says nothing and is asked again. It is called on the thread of `HTTPClient.send`.
    case stream(@Sendable () -> [UInt8]?)
  }

  /// `GET`, `POST` and so on.
  public var method: String
  /// The whole address, its path and query escaped.
  public var url: String
  /// Fields beside those that the client writes: Host, User-Agent and the length of the body. Names
  /// and values must not hold line ends: such a field is left out.
  public var headers: [(name: String, value: String)]
  /// What is sent behind them.
  public var body: Body
  /// How long connecting may take.
  public var connectTimeout = Duration.seconds(10)
  /// How long the head of the answer may take once nothing is left to send. The body has no limit.
  public var answerTimeout: Duration? = .seconds(60)

  /// A request of these fields.
  public init(
    _ method: String, _ url: String, headers: [(name: String, value: String)] = [],
    body: Body = .none
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}
