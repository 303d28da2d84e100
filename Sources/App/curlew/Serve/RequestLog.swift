internal import HTTP
internal import Platform
internal import Telemetry

/// One line a request, at debug, with its id.
final class RequestLog: RequestObserver {
  private let log: Log

  init(_ log: Log) { self.log = log }

  func finished(_ request: Request, status: Int, bytesOut: Int, elapsed: Duration) {
    guard log.writes(.debug) else { return }
    log.debug(
      "request",
      [
        "id": .of(request.id), "method": .of(request.method.rawValue), "path": .of(request.path),
        "status": .of(status), "bytes": .of(bytesOut),
        "microseconds": .of(elapsed.nanoseconds / 1000),
      ])
  }
}
