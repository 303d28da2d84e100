internal import Glibc

/// What a request asks for.
public enum Method: String, Sendable, CaseIterable {
  case get = "GET"
  case head = "HEAD"
  case post = "POST"
  case put = "PUT"
  case patch = "PATCH"
  case delete = "DELETE"
  case options = "OPTIONS"
  // Known, so that they are refused as methods that a path does not take: no route has them.
  case trace = "TRACE"
  case query = "QUERY"

  /// A place for each method in tables of the router.
  var index: Int {
    switch self {
    case .get: 0
    case .head: 1
    case .post: 2
    case .put: 3
    case .patch: 4
    case .delete: 5
    case .options: 6
    case .trace: 7
    case .query: 8
    }
  }

  /// How many places such a table has.
  static let count = 9

  /// The method of a request line.
  init?(_ name: UnsafePointer<CChar>) {
    for (text, method) in Self.names where unsafe text.isEqual(toC: name) {
      self = method
      return
    }
    return nil
  }

  /// By how often they come.
  private static let names: [(StaticString, Method)] = [
    ("POST", .post), ("GET", .get), ("PUT", .put), ("DELETE", .delete), ("HEAD", .head),
    ("OPTIONS", .options), ("PATCH", .patch), ("TRACE", .trace),
    ("QUERY", .query),
  ]
}

extension StaticString {
  /// Equality with a text of C, without making a string of it.
  @unsafe func isEqual(toC text: UnsafePointer<CChar>) -> Bool {
    unsafe strcmp(UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self), text) == 0
  }
}
