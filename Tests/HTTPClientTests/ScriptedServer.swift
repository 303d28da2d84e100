import Glibc
import Platform

/// A server on a free port that answers each request with what a closure makes of it.
final class ScriptedServer: Sendable {
  /// What to do about a request.
  enum Answer: Sendable {
    /// These bytes; then the next request of the connection is awaited.
    case bytes(String)
    /// These bytes, and the connection is closed.
    case last(String)
    /// These bytes, and nothing more until the client leaves.
    case silence(String)
  }

  let port: UInt16
  private let listener: Int32
  private let seen = Lock((connections: 0, requests: [String]()))

  /// How many connections there were.
  var connections: Int { seen.withLock { $0.connections } }
  /// The requests as they came, head and body.
  var requests: [String] { seen.withLock { $0.requests } }
  var url: String { "http://127.0.0.1:\(port)" }

  /// With a `greeting` it does not wait for requests: it says that and closes.
  init(
    greeting: String? = nil, _ answer: @escaping @Sendable (String) -> Answer
  ) throws {
    (listener, port) = try Self.socket(listens: true)
    let listener = listener
    _ = try Worker("scripted") { [self] in
      while case let peer = accept(listener, nil, nil), peer >= 0 {
        seen.withLock { $0.connections += 1 }
        if let greeting { write(peer, greeting) } else { serve(peer, answer) }
        close(peer)
      }
      close(listener)
    }
  }

  /// Ends the server, and with it the object.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// A socket bound to a free port: connecting to it is refused unless it listens.
  static func socket(listens: Bool) throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        bind(descriptor, place, size) == 0 && (!listens || listen(descriptor, 8) == 0)
          && getsockname(descriptor, place, &size) == 0
      }
    }
    guard result else { throw SystemError(call: "bind", subject: "", code: errno) }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  private func serve(_ peer: Int32, _ answer: (String) -> Answer) {
    var pending = ""
    while let request = read(peer, &pending) {
      seen.withLock { $0.requests.append(request) }
      switch answer(request) {
      case .bytes(let text): write(peer, text)
      case .last(let text): return write(peer, text)
      case .silence(let text):
        write(peer, text)
        var byte: UInt8 = 0
        while Glibc.read(peer, &byte, 1) > 0 {}
        return
      }
    }
  }

  private func write(_ peer: Int32, _ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// A request to the end of its body.
  private func read(_ peer: Int32, _ pending: inout String) -> String? {
    while true {
      if let request = Self.whole(pending) {
        pending.removeFirst(request.count)
        return request
      }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = Glibc.read(peer, &buffer, buffer.count)
      guard count > 0 else { return nil }
      pending += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  private static func whole(_ text: String) -> String? {
    guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let head = text[..<end.upperBound].lowercased()
    if head.contains("transfer-encoding: chunked") {
      return text.firstRange(of: "\r\n0\r\n\r\n").map { String(text[..<$0.upperBound]) }
    }
    let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }
      .flatMap { Int($0.dropFirst(16)) }
    let body = text[end.upperBound...].prefix(length ?? 0)
    return body.count == length ?? 0 ? String(text[..<body.endIndex]) : nil
  }
}
