/// What a server answered.
public struct HTTPResponse: Sendable {
  /// Its status.
  public var status: Int
  /// Its header fields, in the order sent.
  public var headers: [(name: String, value: String)] = []
  /// Its body, decoded; empty where it went to a closure.
  public var body: [UInt8] = []

  /// An answer of that status.
  public init(status: Int) { self.status = status }

  /// The first field of that name, whatever its case.
  public subscript(name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
