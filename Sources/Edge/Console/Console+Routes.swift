public import HTTP

extension Console {
  /// The console's files, below `/console/`. Browsers that ask for `/` get the first page from the
  /// API.
  public static var routes: [Route] {
    ["/console", "/console/index.html"].map { path in
      Route(.get, path) { request in answer(request) }
    }
  }

  private static func answer(_ request: Request) -> Response {
    guard let file = file(for: request.path) else { return Response(status: 404) }
    let headers = headers(for: file)
    if let known = request.header("If-None-Match"), isCurrent(file, ifNoneMatch: known) {
      return Response(status: 304, headers: headers)
    }
    return Response(status: 200, headers: headers, body: .bytes(file.bytes))
  }
}
