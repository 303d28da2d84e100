import Glibc
import Testing

/// Plays systemd: the socket that a service sends its news to.
final class SupervisorSocket: Sendable {
  /// What `NOTIFY_SOCKET` says.
  let address: String
  private let descriptor: Int32

  /// A socket at a path, or in the abstract namespace where `address` begins with `@`.
  init(_ address: String) throws {
    self.address = address
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(address.utf8)
    if address.hasPrefix("@") { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let result = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    try #require(result == 0, "bind \(address): errno \(errno)")
  }

  deinit { close(descriptor) }

  /// The lines of the next datagram; `nil` where none comes within half a minute.
  func next() -> [String]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The next datagram that holds `line`, others passed over.
  func next(_ line: String) -> [String]? {
    while let lines = next() {
      if lines.contains(line) { return lines }
    }
    return nil
  }
}
