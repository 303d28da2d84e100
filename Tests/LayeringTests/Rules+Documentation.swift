extension Rules {
  /// A doc comment on every `public` declaration, but for those that fulfil a requirement which is
  /// documented where it is declared: `requirements` are the names of such.
  static func documentation(_ source: SwiftSource, requirements: Set<String>) -> [String] {
    source.occurrences(of: "public").compactMap { index in
      guard let name = declaredName(source, after: index), !requirements.contains(name),
        !isDocumented(source, line: source.tokens[index].line)
      else { return nil }
      return source.report(source.tokens[index].line, "`\(name)` is public and has no doc comment")
    }
  }

  /// The names of the functions and properties that the protocols of `source` require.
  static func requirements(_ source: SwiftSource) -> Set<String> {
    var names: Set<String> = []
    for start in source.occurrences(of: "protocol") {
      var depth = 0
      for index in start..<source.tokens.count {
        let text = source.tokens[index].text
        if text == "{" { depth += 1 }
        if text == "}" { depth -= 1 }
        if text == "}", depth == 0 { break }
        if depth == 1, ["func", "var"].contains(text), index + 1 < source.tokens.count {
          names.insert(source.tokens[index + 1].text)
        }
      }
    }
    return names
  }

  /// Requirements of the standard library's protocols, documented there.
  static let standardRequirements: Set<String> = [
    "description", "debugDescription", "=", "<", "hash", "next", "makeIterator", "enqueue",
    "checkIsolated", "rawValue", "index", "startIndex", "endIndex",
    "stringLiteral", "integerLiteral", "floatLiteral", "booleanLiteral", "nilLiteral",
    "arrayLiteral", "dictionaryLiteral", "stringInterpolation",
  ]

  /// The name, or the first label, that a declaration with `public` at `index` gives; `nil` for imports and extensions,
  /// which name nothing, and for `public(set)`.
  private static func declaredName(_ source: SwiftSource, after index: Int) -> String? {
    var rest = source.tokens[(index + 1)...]
    if rest.first?.text == "(" { return nil }
    while let token = rest.popFirst(), let next = rest.first {
      switch token.text {
      case "import", "extension": return nil
      // `init(integerLiteral:)` and its like are known by their label.
      case "init" where next.text == "(": return rest.dropFirst().first?.text
      case "init", "subscript": return token.text
      case "class" where ["func", "var"].contains(next.text): continue
      case "func", "var", "let", "struct", "class", "enum", "protocol", "actor", "typealias",
        "associatedtype", "macro", "case":
        return next.text
      default: continue
      }
    }
    return nil
  }

  /// Whether the lines above `line`, attributes and plain comments aside, end in a doc comment.
  private static func isDocumented(_ source: SwiftSource, line: Int) -> Bool {
    for above in source.lines[..<(line - 1)].reversed() {
      let text = above.drop { $0 == " " }
      if text.hasPrefix("///") || text.hasSuffix("*/") { return true }
      guard text.hasPrefix("@") || text.hasPrefix("//") else { return false }
    }
    return false
  }
}
