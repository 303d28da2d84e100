/// A word or a sign of Swift code, and the line it stands on, counted from 1.
struct Token: Equatable, Sendable {
  var text: String
  var line: Int
}

/// One file of Swift: its lines as written, and its tokens without comments and the text of
/// literals.
struct SwiftSource: Sendable {
  /// Its path from the root of the repository.
  let path: String
  let lines: [String]
  let tokens: [Token]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var lexer = SwiftLexer(Array(text.utf8))
    tokens = lexer.run()
  }

  /// `Sources/Base/Bytes/Varint.swift` belongs to the layer `Base` and the target `Bytes`.
  var layer: String { component(1) }
  var target: String { component(2) }

  /// The modules it imports, with the line of each.
  var imports: [(module: String, line: Int)] {
    tokens.indices.compactMap { index in
      guard tokens[index].text == "import", index + 1 < tokens.count else { return nil }
      return (tokens[index + 1].text, tokens[index].line)
    }
  }

  /// Where the tokens `words` follow one another: the index of the first, for each time.
  func occurrences(of words: String...) -> [Int] {
    tokens.indices.filter { start in
      start + words.count <= tokens.count
        && words.indices.allSatisfy { tokens[start + $0].text == words[$0] }
    }
  }

  /// The text of the token before `index`, empty at the beginning.
  func before(_ index: Int) -> String { index > 0 ? tokens[index - 1].text : "" }

  /// How a violation on `line` is reported.
  func report(_ line: Int, _ what: String) -> String { "\(path):\(line): \(what)" }

  private func component(_ index: Int) -> String {
    let parts = path.split(separator: "/")
    return index < parts.count ? String(parts[index]) : ""
  }
}
