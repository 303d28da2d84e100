/// What the server shows browsers and tools: the web console, and the document of its own surface
/// with a page that renders it. Static files that are part of the program.
public enum Console {
  /// The file that is meant by `path`: its own, or that of the folder whose `index.html` it is.
  /// `nil` where there is none.
  public static func file(for path: String) -> ConsoleFile? {
    var path = path
    if path.hasSuffix("/") { path.removeLast() }
    return ConsoleFile.all.first { $0.path == path || $0.path == path + "/index.html" }
  }

  /// The headers that a file goes out with. Names carry no version, so that a browser asks each
  /// time and, by the `ETag`, is mostly told that nothing changed. A page runs only what is in it,
  /// and speaks only to its own server.
  public static func headers(for file: ConsoleFile) -> [(name: String, value: String)] {
    let headers = [
      ("Content-Type", file.type),
      ("ETag", file.etag),
      ("Cache-Control", "no-cache"),
      ("X-Content-Type-Options", "nosniff"),
    ]
    guard file.type.hasPrefix("text/html") else { return headers }
    return headers + [
      (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
      ),
      ("Referrer-Policy", "no-referrer"),
    ]
  }

  /// Whether a client that sent `ifNoneMatch` has this file already: 304.
  public static func isCurrent(_ file: ConsoleFile, ifNoneMatch: String) -> Bool {
    ifNoneMatch.split(separator: ",").contains { candidate in
      // If-None-Match compares weakly (RFC 9110, 13.1.2): a cache between may have weakened the
      // tag.
      var tag = candidate.drop { $0 == " " || $0 == "\t" }
      while tag.last == " " || tag.last == "\t" { tag.removeLast() }
      if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
      return tag == "*" || tag == file.etag
    }
  }
}
