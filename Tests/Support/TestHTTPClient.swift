import Glibc

/// A blocking HTTP/1.1 client on one kept connection. It does what a test tells it, also what no
/// client should do: `write` sends any bytes, `readResponse` takes what comes.
// SAFETY: one thread at a time reads, and one writes; the two touch different halves of the socket.
public final class TestHTTPClient: @unchecked Sendable {
  /// What went wrong below HTTP, or an answer that is none.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let descriptor: Int32
  private let name: String
  /// Bytes that have come and were not yet asked for.
  private var pending: [UInt8] = []

  /// Connects to a port of loopback. Requests have `name` as their `Host`. A read or a write that
  /// waits longer than `timeout` fails. A small `receiveBuffer` makes a client that takes little.
  public init(
    port: UInt16, name: String? = nil, timeout: Duration = .seconds(30),
    receiveBuffer: Int32? = nil
  ) throws {
    self.name = name ?? "127.0.0.1:\(port)"
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Self.last("socket") }

    var one: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    let (seconds, attoseconds) = timeout.components
    var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    if var count = receiveBuffer {
      setsockopt(
        descriptor, SOL_SOCKET, SO_RCVBUF, &count, socklen_t(MemoryLayout<Int32>.size))
    }

    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    // What is thrown here goes through `deinit`, which closes the socket.
    guard result == 0 else { throw Self.last("connect") }
  }

  deinit { close(descriptor) }

  /// Sends a request with its body, and reads the answer.
  public func send(
    _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []
  ) throws -> TestHTTPResponse {
    try request(method, target, headers: headers, body: body)
    return try readResponse(toHead: method == "HEAD")
  }

  /// Sends a request with its body, and does not wait for the answer. `Host` and `Content-Length`
  /// are added where `headers` do not have them.
  public func request(
    _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []
  ) throws {
    let given = Set(headers.map { $0.0.lowercased() })
    var head = "\(method) \(target) HTTP/1.1\r\n"
    if !given.contains("host") { head += "Host: \(name)\r\n" }
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    let hasBody = !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method)
    if hasBody, given.isDisjoint(with: ["content-length", "transfer-encoding"]) {
      head += "Content-Length: \(body.count)\r\n"
    }
    try write(Array((head + "\r\n").utf8) + body)
  }

  /// Sends bytes as they are.
  public func write(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Self.last("send") }
      sent += count
    }
  }

  /// Tells the server that nothing more will be sent; answers can still be read.
  public func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Reads an answer to its end. Interim answers (1xx) are passed over.
  public func readResponse(toHead: Bool = false) throws -> TestHTTPResponse {
    var response = try readHead()
    while response.status / 100 == 1 { response = try readHead() }
    if !toHead { try readBody(of: &response) }
    return response
  }

  /// Reads what follows the header fields of `response`.
  public func readBody(of response: inout TestHTTPResponse) throws {
    if response.status < 200 || response.status == 204 || response.status == 304 { return }
    if response["Transfer-Encoding"]?.lowercased() == "chunked" {
      while let chunk = try readChunk() { response.body += chunk }
    } else if let length = response["Content-Length"].flatMap(Int.init) {
      response.body = try read(exactly: length)
    } else {
      response.body = try readToEnd()
    }
  }

  /// Reads until the server closes the connection.
  public func readToEnd() throws -> [UInt8] {
    while try fill() {}
    defer { pending = [] }
    return pending
  }

  /// Whether the server has closed the connection, with nothing more to read.
  public func isClosed() -> Bool { pending.isEmpty && (try? fill()) == false }

  /// Bytes that the kernel holds for this client.
  public var unread: Int {
    var count: Int32 = 0
    // FIONREAD, which Swift does not import.
    _ = ioctl(descriptor, UInt(0x541B), &count)
    return Int(count)
  }

  /// Reads status line and header fields, of an interim answer too.
  public func readHead() throws -> TestHTTPResponse {
    let status = try readLine().split(separator: " ", maxSplits: 2)
    guard status.count >= 2, status[0].hasPrefix("HTTP/1."), let code = Int(status[1]) else {
      throw Failure(description: "no status line: \(status.joined(separator: " "))")
    }
    var response = TestHTTPResponse(status: code)
    while true {
      let line = try readLine()
      if line.isEmpty { return response }
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw Failure(description: "no header field: \(line)") }
      response.headers.append((String(parts[0]), String(parts[1].drop { $0 == " " })))
    }
  }

  /// Reads the next chunk of a streamed body; `nil` is its end.
  public func readChunk() throws -> [UInt8]? {
    let line = try readLine()
    guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else {
      throw Failure(description: "no chunk size: \(line)")
    }
    let chunk = try read(exactly: size)
    guard try readLine().isEmpty else { throw Failure(description: "a chunk runs over its size") }
    return size == 0 ? nil : chunk
  }

  /// Reads a line, without its end.
  public func readLine() throws -> String {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line =
          pending[..<end].last == UInt8(ascii: "\r") ? pending[..<(end - 1)] : pending[..<end]
        defer { pending.removeSubrange(...end) }
        return String(decoding: line, as: UTF8.self)
      }
      guard try fill() else { throw Failure(description: "closed within a line") }
    }
  }

  /// Reads `count` bytes.
  public func read(exactly count: Int) throws -> [UInt8] {
    while pending.count < count {
      guard try fill() else {
        throw Failure(description: "closed after \(pending.count) bytes of \(count)")
      }
    }
    defer { pending.removeSubrange(..<count) }
    return Array(pending[..<count])
  }

  /// Waits for more bytes. False where the server has closed the connection; a reset is an end.
  private func fill() throws -> Bool {
    let received = try [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      let got = recv(descriptor, buffer.baseAddress!, buffer.count, 0)
      guard got >= 0 || errno == ECONNRESET else { throw Self.last("recv") }
      count = max(0, got)
    }
    pending += received
    return !received.isEmpty
  }

  private static func last(_ call: String) -> Failure {
    Failure(description: "\(call): \(String(cString: strerror(errno)))")
  }
}
