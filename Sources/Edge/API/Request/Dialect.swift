internal import HTTP

/// How a route tells whose words its answer uses.
enum Dialect: Sendable {
  /// Always REST Proxy v2's.
  case v2
  /// Always REST Proxy v3's.
  case v3
  /// Always our own.
  case native
  /// v2's, unless `?detail=true` asks for more than v2 has.
  case v2UnlessDetail
  /// v2's where the type of the body is one of v2's.
  case byContentType
  /// v2's where the caller asks for one of v2's types.
  case either

  private static let vendor = "application/vnd.kafka"

  /// Whose words an answer to `request` uses.
  func family(of request: Request, contentType: String? = nil) -> Family {
    switch self {
    case .v2: .v2
    case .v3: .v3
    case .native: .native
    case .v2UnlessDetail: request.query("detail").map { $0 == "false" } ?? true ? .v2 : .native
    case .byContentType: names(contentType) ? .v2 : .native
    case .either:
      request.path.hasPrefix("/v3/") || request.path.hasPrefix("/kafka/v3/")
        ? .v3
        : names(request.header("Accept")) || names(request.header("Content-Type")) ? .v2 : .native
    }
  }

  private func names(_ header: String?) -> Bool {
    guard let header, header != MediaType.json else { return false }
    if header.hasPrefix(Self.vendor) { return true }
    guard header.utf8.contains(UInt8(ascii: ",")) || header.utf8.first != UInt8(ascii: "a") else {
      return false
    }
    return Accept(header).namesAny(prefix: Self.vendor)
  }
}
