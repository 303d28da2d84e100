/// An answer as a test sees it.
public struct TestHTTPResponse: Sendable {
  public var status: Int
  /// The header fields in the order in which they came, names as they were written.
  public var headers: [(name: String, value: String)]
  /// The body, chunks joined.
  public var body: [UInt8]

  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }

  /// The value of the first header field called `name`, whatever its case.
  public subscript(name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
