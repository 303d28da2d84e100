// The route table as a tree of path segments. A request walks it along its raw path: split at
// slashes first, each segment decoded after, so that an escaped slash stays inside its segment. At
// each node a literal goes before a parameter with a suffix, and that before a plain parameter;
// where the better one leads nowhere, the next is tried.

/// Why a route table is none.
public enum RouterError: Error, Equatable, Sendable {
  /// Two routes have the same method and shape of path.
  case duplicate(method: Method, pattern: String)
  /// A pattern that is not understood: it begins with a slash and has segments that are literals,
  /// `{name}` or `{name}:verb`, with at most 8 names.
  case badPattern(String)
}

struct RouteTrie: Sendable {
  /// Stands for no route and no node.
  static let none: Int32 = -1

  private struct Edge {
    var text: Range<Int32>
    var node: Int32
  }

  private struct Node {
    var literals: [Edge] = []
    /// `{name}:verb`, by `:verb`.
    var suffixes: [Edge] = []
    var parameter = RouteTrie.none
    /// A route for each method, by `Method.index`.
    var routes = InlineArray<9, Int32>(repeating: RouteTrie.none)
  }

  private var nodes = [Node()]
  /// The literals' bytes, one after the other.
  private var texts: [UInt8] = []

  /// Adds a route, and answers with its parameters' names.
  mutating func insert(_ route: Route, as index: Int) throws(RouterError) -> [String] {
    let bytes = Array(route.pattern.utf8)
    guard bytes.first == 0x2F else { throw .badPattern(route.pattern) }
    var names: [String] = []
    var node = 0
    for segment in route.pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: true)
    {
      node = try step(from: node, segment, &names, route.pattern)
    }
    guard names.count <= Captures.limit, Set(names).count == names.count else {
      throw .badPattern(route.pattern)
    }
    guard nodes[node].routes[route.method.index] == Self.none else {
      throw .duplicate(method: route.method, pattern: route.pattern)
    }
    nodes[node].routes[route.method.index] = Int32(index)
    return names
  }

  private mutating func step(
    from node: Int, _ segment: Substring, _ names: inout [String], _ pattern: String
  ) throws(RouterError) -> Int {
    guard segment.hasPrefix("{") else {
      if segment.contains("{") || segment.contains("}") { throw .badPattern(pattern) }
      return edge(from: node, \.literals, Array(segment.utf8))
    }
    guard let close = segment.firstIndex(of: "}") else { throw .badPattern(pattern) }
    let name = segment[segment.index(after: segment.startIndex)..<close]
    let suffix = segment[segment.index(after: close)...]
    guard !name.isEmpty, suffix.isEmpty || suffix.hasPrefix(":"), !suffix.contains("{") else {
      throw .badPattern(pattern)
    }
    names.append(String(name))
    if !suffix.isEmpty { return edge(from: node, \.suffixes, Array(suffix.utf8)) }
    if nodes[node].parameter == Self.none { nodes[node].parameter = addNode() }
    return Int(nodes[node].parameter)
  }

  private mutating func edge(
    from node: Int, _ edges: WritableKeyPath<Node, [Edge]>, _ text: [UInt8]
  ) -> Int {
    for edge in nodes[node][keyPath: edges]
    where texts[Int(edge.text.lowerBound)..<Int(edge.text.upperBound)].elementsEqual(text) {
      return Int(edge.node)
    }
    let start = Int32(texts.count)
    texts += text
    let new = addNode()
    nodes[node][keyPath: edges].append(Edge(text: start..<Int32(texts.count), node: new))
    return Int(new)
  }

  private mutating func addNode() -> Int32 {
    nodes.append(Node())
    return Int32(nodes.count - 1)
  }

  /// What a walk finds.
  struct Walk {
    let path: [UInt8]
    let end: Int
    let method: Int
    var captures = Captures()
    var route = RouteTrie.none
    /// Routes of other methods at the paths that fit, for 405.
    var others: [Int32] = []
  }

  /// Finds the route for the path that begins at `start`. True when there is one.
  func find(_ walk: inout Walk, from start: Int) -> Bool { visit(0, start, &walk) }

  /// `at` is where a slash stands, or the path's end.
  private func visit(_ node: Int, _ at: Int, _ walk: inout Walk) -> Bool {
    // A slash at the end is as none.
    if at >= walk.end || (at == walk.end - 1 && walk.path[at] == 0x2F) {
      return arrive(node, &walk)
    }
    var end = at + 1
    var isEscaped = false
    while end < walk.end, walk.path[end] != 0x2F {
      if walk.path[end] == 0x25 { isEscaped = true }
      end += 1
    }
    let segment = at + 1..<end
    if segment.isEmpty { return false }
    if isEscaped {
      let text = PercentCoding.decodeBytes(walk.path, segment, plusIsSpace: false)
      for edge in nodes[node].literals where equals(edge.text, text, 0..<text.count) {
        if visit(Int(edge.node), end, &walk) { return true }
      }
    } else {
      for edge in nodes[node].literals where equals(edge.text, walk.path, segment) {
        if visit(Int(edge.node), end, &walk) { return true }
      }
    }
    return visitParameters(node, segment, &walk)
  }

  private func visitParameters(_ node: Int, _ segment: Range<Int>, _ walk: inout Walk) -> Bool {
    let count = walk.captures.count
    for edge in nodes[node].suffixes where edge.text.count < segment.count {
      let cut = segment.upperBound - edge.text.count
      guard equals(edge.text, walk.path, cut..<segment.upperBound) else { continue }
      walk.captures.append(segment.lowerBound..<cut)
      if visit(Int(edge.node), segment.upperBound, &walk) { return true }
      walk.captures.cut(to: count)
    }
    guard nodes[node].parameter != Self.none else { return false }
    walk.captures.append(segment)
    if visit(Int(nodes[node].parameter), segment.upperBound, &walk) { return true }
    walk.captures.cut(to: count)
    return false
  }

  private func arrive(_ node: Int, _ walk: inout Walk) -> Bool {
    walk.route = nodes[node].routes[walk.method]
    if walk.route == Self.none, walk.method == Method.head.index {
      walk.route = nodes[node].routes[Method.get.index]
    }
    if walk.route != Self.none { return true }
    for i in 0..<Method.count where nodes[node].routes[i] != Self.none {
      walk.others.append(nodes[node].routes[i])
    }
    return false
  }

  private func equals(_ text: Range<Int32>, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard text.count == range.count else { return false }
    var i = Int(text.lowerBound)
    for j in range {
      if texts[i] != bytes[j] { return false }
      i += 1
    }
    return true
  }
}
