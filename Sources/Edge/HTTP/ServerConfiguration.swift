internal import Platform

/// How a server listens and what it allows.
public struct ServerConfiguration: Sendable {
  /// Addresses to listen on. Port 0 takes a free one.
  public var listen: [(host: String, port: UInt16)]
  /// Event loops, each a thread: three for four processors, since they do about three quarters of
  /// a request's work and the engine the rest.
  public var loops: Int
  /// Bytes of a body, decoded.
  public var maximumBody: Int
  /// Bytes of all bodies that are in memory at once, over all loops; a request over it is answered
  /// 503.
  public var bodyBudget: Int
  /// Connections over all loops; those over it are answered 503 and closed.
  public var maximumConnections: Int
  /// Origins (`https://console.example`) whose pages may use the server; `*` is all.
  public var allowedOrigins: [String]
  /// Names, beside `localhost` and loopback addresses, that a `Host` may have on a loopback
  /// listener.
  public var allowedHosts: [String]
  /// How long a connection may do nothing, and a request may take to arrive.
  public var idleTimeout: Duration
  /// How long `stop` waits for what is in flight.
  public var stopGrace: Duration
  /// How often suspended connections are asked whether their client is still there.
  public var socketCheck: Duration
  /// Bytes of memory that a connection gets for its request line, headers, and output under way.
  public var connectionMemory: Int

  /// The defaults: port 8082 of loopback, loops for the processors, 8 MiB of body.
  public init(listen: [(host: String, port: UInt16)] = [("127.0.0.1", 8082)]) {
    self.listen = listen
    loops = (ThisProcess.processors * 3 + 3) / 4
    maximumBody = 8 << 20
    bodyBudget = 512 << 20
    maximumConnections = 10_000
    allowedOrigins = []
    allowedHosts = []
    idleTimeout = .seconds(60)
    stopGrace = .seconds(4)
    socketCheck = .seconds(15)
    connectionMemory = 16 << 10
  }
}
