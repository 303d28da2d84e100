/// One rule of `style`, as a function of a file: what it finds wrong, one line each.
enum Rules {
  /// At most 500 lines a file.
  static func fileLength(_ source: SwiftSource) -> [String] {
    let count = source.lines.last == "" ? source.lines.count - 1 : source.lines.count
    return count > 500 ? [source.report(count, "\(count) lines; at most 500")] : []
  }

  /// At most 100 columns, but for a literal or an address that cannot be broken.
  static func width(_ source: SwiftSource) -> [String] {
    source.lines.enumerated().compactMap { index, line in
      guard line.count > 100, !isUnbreakable(line) else { return nil }
      return source.report(index + 1, "\(line.count) columns; at most 100")
    }
  }

  private static func isUnbreakable(_ line: String) -> Bool {
    let text = line.drop { $0 == " " }
    let isLiteral = text.hasPrefix("\"") && (text.hasSuffix("\"") || text.hasSuffix("\","))
    return isLiteral || text.contains("://")
  }

  /// At most 70 lines a function, initialiser, subscript or computed property, signature included.
  static func functionLength(_ source: SwiftSource) -> [String] {
    source.tokens.indices.compactMap { index in
      guard let end = bodyEnd(source, from: index) else { return nil }
      let count = end - source.tokens[index].line + 1
      return count > 70
        ? source.report(source.tokens[index].line, "\(count) lines; at most 70") : nil
    }
  }

  /// The last line of the body that the keyword at `index` declares, `nil` where it declares none.
  private static func bodyEnd(_ source: SwiftSource, from index: Int) -> Int? {
    let tokens = source.tokens
    let keyword = tokens[index].text
    guard ["func", "init", "deinit", "subscript", "var"].contains(keyword),
      source.before(index) != "."
    else { return nil }
    var depth = 0
    var next = index + 1
    while next < tokens.count {
      let token = tokens[next]
      let isNewLine = token.line > tokens[next - 1].line
      if keyword == "var", isNewLine { return nil }
      if depth == 0, isNewLine, declarationStarts.contains(token.text) { return nil }
      switch token.text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return closingLine(tokens, from: next)
      case "}" where depth == 0: return nil
      default: break
      }
      next += 1
    }
    return nil
  }

  private static let declarationStarts: Set<String> = [
    "@", "public", "package", "internal", "fileprivate", "private", "static", "mutating", "final",
    "func", "init", "deinit", "subscript", "var", "let", "struct", "class", "enum", "extension",
    "protocol", "case", "associatedtype", "typealias", "import",
  ]

  private static func closingLine(_ tokens: [Token], from open: Int) -> Int? {
    var depth = 0
    for token in tokens[open...] {
      if token.text == "{" { depth += 1 }
      if token.text == "}" { depth -= 1 }
      if depth == 0 { return token.line }
    }
    return nil
  }

  /// A claim that the compiler cannot check has its reason above it.
  static func safety(_ source: SwiftSource) -> [String] {
    source.occurrences(of: "@", "unchecked", "Sendable").compactMap { index in
      let line = source.tokens[index].line
      for above in source.lines[..<(line - 1)].reversed() {
        if above.contains("// SAFETY:") { return nil }
        let text = above.drop { $0 == " " }
        if text.isEmpty || text.hasSuffix("}") || text.hasSuffix("{") { break }
      }
      return source.report(line, "`@unchecked Sendable` without a `// SAFETY:` line above it")
    }
  }

  /// What traps or hides an error, wherever it stands.
  static func forced(_ source: SwiftSource) -> [String] {
    ["try", "as"].flatMap { word in
      source.occurrences(of: word, "!").map {
        source.report(source.tokens[$0].line, "`\(word)!`; throw, or say why it cannot be")
      }
    }
  }

  /// Time, disk and chance come in through `init`; only `Platform` asks the machine for them.
  static func ambient(_ source: SwiftSource) -> [String] {
    guard source.target != "Platform" else { return [] }
    return source.tokens.indices.compactMap { index in
      let word = source.tokens[index].text
      let isCall = index + 1 < source.tokens.count && source.tokens[index + 1].text == "("
      guard ambientNames.contains(word) || isCall && ambientCalls.contains(word),
        source.before(index) != "func"
      else { return nil }
      return source.report(source.tokens[index].line, "`\(word)` outside Platform")
    }
  }

  private static let ambientNames: Set<String> = [
    "FileManager", "SystemRandomNumberGenerator", "ContinuousClock", "SuspendingClock",
    "ProcessInfo",
  ]
  private static let ambientCalls: Set<String> = [
    "Date", "random", "randomElement", "shuffled", "shuffle", "sleep", "usleep", "nanosleep",
    "clock_gettime", "gettimeofday", "fopen", "getrandom",
  ]

  /// Only the executable speaks to its terminal.
  static func printing(_ source: SwiftSource) -> [String] {
    guard source.layer != "App" else { return [] }
    return ["print", "debugPrint", "puts", "printf"].flatMap { word in
      source.occurrences(of: word, "(").compactMap { index in
        guard ![".", "func"].contains(source.before(index)) else { return nil }
        return source.report(source.tokens[index].line, "`\(word)` outside App")
      }
    }
  }

  /// Raw memory stays where the C libraries are, in `Bytes` and in `Platform`.
  static func unsafety(_ source: SwiftSource, isAllowed: Bool) -> [String] {
    guard !isAllowed else { return [] }
    return source.occurrences(of: "unsafe").map {
      source.report(source.tokens[$0].line, "`unsafe` in a target that imports no C module")
    }
  }
}
