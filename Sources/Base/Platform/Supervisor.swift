internal import CPlatform
internal import Glibc

/// What started this process and wants to hear of it, as systemd does: it reads datagrams from the
/// socket that the environment's `NOTIFY_SOCKET` names (sd_notify(3)).
public struct Supervisor: Sendable {
  /// What can be said.
  public enum News: Sendable, Equatable {
    /// The process serves; also the end of a reload.
    case ready
    /// The settings are read again, from this moment on.
    case reloading(Instant)
    /// The process stops.
    case stopping
    /// The process is well.
    case alive
    /// Nothing but the status.
    case status
  }

  private let address: String
  /// Without `alive` for so long the process is taken for hung; `nil` where nobody watches.
  public let patience: Duration?

  /// The supervisor that `environment` names, or `nil`. `process` is this one's id: a watch that
  /// was meant for another is none.
  public init?(
    _ environment: [(name: String, value: String)], process: Int32 = ThisProcess.id
  ) {
    func value(_ name: String) -> String? { environment.last { $0.name == name }?.value }
    guard let address = value("NOTIFY_SOCKET"), !address.isEmpty else { return nil }
    self.address = address
    let isMeant = value("WATCHDOG_PID").map { $0 == String(process) } ?? true
    patience =
      isMeant
      ? value("WATCHDOG_USEC").flatMap(Int64.init).flatMap { $0 > 0 ? .microseconds($0) : nil }
      : nil
  }

  /// Sends `news`, and a line for those who ask how the process is doing. It never waits.
  public func tell(_ news: News, status: String? = nil) throws(SystemError) {
    var lines: [String] =
      switch news {
      case .ready: ["READY=1"]
      case .reloading(let time):
        ["RELOADING=1", "MONOTONIC_USEC=\(time.nanoseconds / 1000)"]
      case .stopping: ["STOPPING=1"]
      case .alive: ["WATCHDOG=1"]
      case .status: []
      }
    if let status {
      lines.append("STATUS=" + status.split(whereSeparator: \.isNewline).joined(separator: " "))
    }
    let text = Array(lines.joined(separator: "\n").utf8)
    let result = unsafe text.withUnsafeBytes {
      unsafe curlew_send_datagram(address, $0.baseAddress, $0.count)
    }
    guard result == 0 else { throw .last("sendto", address) }
  }
}
