import Glibc

/// A blocking client over one socket, for what no HTTP library would send.
// SAFETY: a test gives it to one thread at a time; sending and reading touch different halves of
// the socket.
final class Client: @unchecked Sendable {
  let socket: Int32
  private var buffer: [UInt8] = []

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Connects to a port of loopback. A small `receiveBuffer` makes a client that takes little.
  init(_ port: UInt16, receiveBuffer: Int32? = nil) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw Failure(description: "socket: \(errno)") }
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    if var size = receiveBuffer {
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(description: "connect: \(errno)") }
  }

  deinit { close(socket) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(description: "send: \(errno)") }
      sent += count
    }
  }

  /// Sends a request with a `Host` and these headers and this body.
  func request(
    _ method: String, _ target: String, _ headers: [String: String] = [:], _ body: [UInt8]? = nil
  ) throws {
    var head = "\(method) \(target) HTTP/1.1\r\n"
    if headers["Host"] == nil { head += "Host: localhost\r\n" }
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    try send(Array((head + "\r\n").utf8) + (body ?? []))
  }

  /// Sends a request and reads its answer.
  func ask(
    _ method: String, _ target: String, _ headers: [String: String] = [:], _ body: [UInt8]? = nil
  ) throws -> Reply {
    try request(method, target, headers, body)
    return try reply(to: method)
  }

  /// Reads an answer to its end.
  func reply(to method: String = "GET") throws -> Reply {
    var reply = try head()
    if method == "HEAD" || reply.status == 204 || reply.status == 304 || reply.status < 200 {
      return reply
    }
    if reply["Transfer-Encoding"] == "chunked" {
      while let chunk = try chunk() { reply.body += chunk }
    } else if let length = reply["Content-Length"].flatMap({ Int($0) }) {
      reply.body = try take(length)
    } else {
      reply.body = try rest()
    }
    return reply
  }

  /// Reads an answer's status line and headers.
  func head() throws -> Reply {
    let status = try line()
    guard status.hasPrefix("HTTP/1."), let code = Int(status.dropFirst(9).prefix(3)) else {
      throw Failure(description: "no status line: \(status)")
    }
    var reply = Reply(status: code)
    while case let text = try line(), !text.isEmpty {
      let colon = text.firstIndex(of: ":")!
      let value = text[text.index(after: colon)...].drop { $0 == " " }
      reply.headers.append((String(text[..<colon]), String(value)))
    }
    return reply
  }

  /// Reads one chunk of a chunked body; `nil` is its end.
  func chunk() throws -> [UInt8]? {
    let size = try line()
    guard let count = Int(size, radix: 16) else { throw Failure(description: "no chunk: \(size)") }
    let bytes = try take(count)
    _ = try line()
    return count == 0 ? nil : bytes
  }

  /// Reads to the connection's end.
  func rest() throws -> [UInt8] {
    while try fill() {}
    defer { buffer = [] }
    return buffer
  }

  /// Whether the server has closed the connection, with nothing more to read.
  func isClosed() -> Bool { buffer.isEmpty && (try? fill()) == false }

  /// Bytes that the kernel holds for this client.
  var unread: Int {
    var count: Int32 = 0
    _ = ioctl(socket, UInt(0x541B), &count)
    return Int(count)
  }

  func line() throws -> String {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let text = buffer[..<end]
        defer { buffer.removeFirst(end + 1) }
        return String(decoding: text.last == 13 ? text.dropLast() : text, as: UTF8.self)
      }
      guard try fill() else { throw Failure(description: "closed in a line: \(buffer)") }
    }
  }

  func take(_ count: Int) throws -> [UInt8] {
    while buffer.count < count {
      guard try fill() else { throw Failure(description: "closed in a body") }
    }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  /// False at the end of the connection; a reset is an end.
  private func fill() throws -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &piece, piece.count, 0)
    if count == 0 || (count < 0 && errno == ECONNRESET) { return false }
    guard count > 0 else { throw Failure(description: "recv: \(errno)") }
    buffer += piece[..<count]
    return true
  }
}

/// An answer as a client sees it.
struct Reply {
  var status: Int
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []

  init(status: Int) { self.status = status }

  var text: String { String(decoding: body, as: UTF8.self) }

  subscript(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
