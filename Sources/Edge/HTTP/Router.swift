/// Finds the handler for a request. It never changes, and all loops share it.
public final class Router: Sendable {
  /// Changes targets before they are matched, as `/contexts/{c}/…` means another path with other
  /// names.
  public struct Rewrite: Sendable {
    let prefix: [UInt8]
    let apply: @Sendable (String) -> String?

    /// Gives each raw target (path and query) that begins with `prefix` to `apply`. Where that
    /// answers `nil`, the target stays as it is.
    public init(prefix: String, _ apply: @escaping @Sendable (_ target: String) -> String?) {
      self.prefix = Array(prefix.utf8)
      self.apply = apply
    }
  }

  /// What a request meets.
  public enum Match: Sendable {
    /// A route; the request knows its parameters now.
    case route(Route)
    /// No route has such a path.
    case notFound
    /// Routes with such a path have these methods; `HEAD` and `OPTIONS` among them.
    case methodNotAllowed([Method])
  }

  /// The table, as it was given.
  public let routes: [Route]
  private let names: [[String]]
  private let trie: RouteTrie
  private let aliases: [[UInt8]]
  private let rewrites: [Rewrite]

  /// A router over `routes`. Each path is also found behind each of the `aliases` (`/kafka`).
  public init(
    routes: [Route], aliases: [String] = [], rewrites: [Rewrite] = []
  ) throws(RouterError) {
    var trie = RouteTrie()
    var names: [[String]] = []
    for (i, route) in routes.enumerated() { names.append(try trie.insert(route, as: i)) }
    self.routes = routes
    self.names = names
    self.trie = trie
    self.aliases = aliases.map { Array($0.utf8) }
    self.rewrites = rewrites
  }

  /// Finds the route for a request, and gives the request its parameters.
  public func match(_ request: Request) -> Match {
    rewrite(request)
    let target = request.effective
    var walk = RouteTrie.Walk(
      path: target.bytes, end: target.pathEnd, method: request.method.index)
    var isFound = trie.find(&walk, from: 0)
    if !isFound, let start = startBehindAlias(target) { isFound = trie.find(&walk, from: start) }
    guard isFound else {
      return walk.others.isEmpty ? .notFound : .methodNotAllowed(methods(walk.others))
    }
    request.captures = walk.captures
    request.parameterNames = names[Int(walk.route)]
    return .route(routes[Int(walk.route)])
  }

  /// Answers a request in process, as the server does for one that came whole.
  public func dispatch(
    _ request: Request, fault: FaultRenderer = HTTPFault.plainResponse
  ) async -> Response {
    switch match(request) {
    case .route(let route): return await route.respond(to: request)
    case .notFound: return fault(.notFound, request)
    case .methodNotAllowed(let allowed):
      var response = fault(.methodNotAllowed(allowed: allowed), request)
      response.complete(for: .methodNotAllowed(allowed: allowed))
      return response
    }
  }

  private func rewrite(_ request: Request) {
    for rewrite in rewrites where request.effective.bytes.starts(with: rewrite.prefix) {
      let old = String(decoding: request.effective.bytes, as: UTF8.self)
      if let new = rewrite.apply(old), let target = Target(Array(new.utf8)) {
        request.effective = target
      }
    }
  }

  private func startBehindAlias(_ target: Target) -> Int? {
    for alias in aliases
    where target.pathEnd > alias.count && target.bytes[alias.count] == 0x2F
      && target.bytes.starts(with: alias)
    {
      return alias.count
    }
    return nil
  }

  private func methods(_ indices: [Int32]) -> [Method] {
    var found = Set(indices.map { routes[Int($0)].method })
    if found.contains(.get) { found.insert(.head) }
    found.insert(.options)
    return Method.allCases.filter(found.contains)
  }
}
