/// Told of every request when everything of it is over: for metrics and log lines.
public protocol RequestObserver: AnyObject, Sendable {
  /// `request` was answered with `status` (499 where the client left before), with `bytesOut` bytes
  /// of body. On the loop's thread: it must not block.
  func finished(_ request: Request, status: Int, bytesOut: Int, elapsed: Duration)
}
