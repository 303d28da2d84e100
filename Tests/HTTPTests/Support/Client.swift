import TestSupport

typealias Client = TestHTTPClient
typealias Reply = TestHTTPResponse

// What these tests say most often, in fewer words.

extension TestHTTPClient {
  /// Connects to a port of loopback.
  convenience init(_ port: UInt16, receiveBuffer: Int32? = nil) throws {
    try self.init(port: port, name: "localhost", receiveBuffer: receiveBuffer)
  }

  func send(_ bytes: [UInt8]) throws { try write(bytes) }
  func send(_ text: String) throws { try write(Array(text.utf8)) }

  /// Sends a request with these headers and this body.
  func request(
    _ method: String, _ target: String, _ headers: [String: String], _ body: [UInt8] = []
  ) throws {
    try request(method, target, headers: headers.map { ($0.key, $0.value) }, body: body)
  }

  /// Sends a request and reads its answer.
  func ask(
    _ method: String, _ target: String, _ headers: [String: String] = [:], _ body: [UInt8] = []
  ) throws -> Reply {
    try request(method, target, headers, body)
    return try reply(to: method)
  }

  /// Reads an answer to its end, be it an interim one.
  func reply(to method: String = "GET") throws -> Reply {
    var reply = try readHead()
    if method != "HEAD" { try readBody(of: &reply) }
    return reply
  }

  func head() throws -> Reply { try readHead() }
  func chunk() throws -> [UInt8]? { try readChunk() }
  func rest() throws -> [UInt8] { try readToEnd() }
  func take(_ count: Int) throws -> [UInt8] { try read(exactly: count) }
}
