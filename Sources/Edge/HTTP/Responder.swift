/// Takes the one answer to a request whose handler has no task. On the loop's thread only; what is
/// answered after the first is dropped, and so is everything once the client has gone.
public struct Responder: Sendable {
  private enum Target: Sendable {
    case exchange(Exchange)
    /// Whoever asked without a socket.
    case caller(EventLoop, @Sendable (Response) -> Void)
  }

  private let target: Target

  init(_ exchange: Exchange) { target = .exchange(exchange) }

  init(_ loop: EventLoop, _ answer: @escaping @Sendable (Response) -> Void) {
    target = .caller(loop, answer)
  }

  /// Sends `response`, whose body is whole and no stream.
  public func answer(_ response: Response) {
    switch target {
    case .exchange(let exchange): exchange.conclude(response)
    case .caller(_, let answer): answer(response)
    }
  }

  /// Goes on in a task of the loop, for what has to be awaited. The answer still comes through
  /// `answer`.
  public func start(_ body: @escaping @Sendable () async -> Void) {
    switch target {
    case .exchange(let exchange): exchange.start(body)
    case .caller(let loop, _): Task(executorPreference: loop) { await body() }
    }
  }
}
