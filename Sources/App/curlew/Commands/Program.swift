internal import Model
internal import Platform

/// The program as the shell sees it: finds the command that was asked for and runs it.
struct Program: Sendable {
  let commands: [Command]
  let environment: [(name: String, value: String)]
  let files: any FileSystem
  let output: @Sendable (String) throws(SystemError) -> Void
  let error: @Sendable (String) -> Void
  var streams = Streams()

  /// Runs `arguments`, the program's name not among them, and returns the exit status: 0; 1 where
  /// the command failed; 2 where the command line or the configuration is wrong.
  func run(_ arguments: [String]) -> Int32 {
    do throws(AppError) {
      try dispatch(arguments)
      return 0
    } catch {
      show(error)
      return error.status
    }
  }

  private func show(_ error: AppError) {
    guard !error.text.isEmpty else { return }
    let style = TextStyle(isTerminal: streams.errorIsTerminal, environment: environment)
    self.error(style.red("curlew:") + error.text.dropFirst("curlew:".count))
  }

  private func dispatch(_ arguments: [String]) throws(AppError) {
    let top = try OptionParser(syntax, arguments).parse()
    if top.has("help") { return try show(HelpText.overview(syntax, commands)) }
    if top.has("version") { return try show(VersionCommand.text) }
    guard let word = top.operands.first else {
      throw .usage("a command is missing: \(Self.list(firstWords, "or")).")
    }
    if word == "help" { return try explain(Array(top.operands.dropFirst())) }
    guard let command = command(of: top.operands) else { return try refuse(top.operands) }
    let words = command.syntax.name.split(separator: " ").count
    try run(command, Array(top.operands.dropFirst(words)))
  }

  private func run(_ command: Command, _ arguments: [String]) throws(AppError) {
    let syntax = command.syntax
    let options = try OptionParser(syntax, arguments).parse()
    if options.has("help") { return try show(HelpText.command(syntax)) }
    let counts = syntax.operandCounts
    guard options.operands.count <= counts.upperBound else {
      let extra = options.operands[counts.upperBound]
      throw .usage("\(syntax.name) does not take '\(extra)'.", command: syntax.name)
    }
    guard options.operands.count >= counts.lowerBound else {
      throw .usage("\(syntax.name) needs \(syntax.operands).", command: syntax.name)
    }
    try command.run(invocation(options))
  }

  /// `curlew help`, and `curlew help serve`.
  private func explain(_ words: [String]) throws(AppError) {
    if words.isEmpty || words == ["help"] || words == ["--help"] || words == ["-h"] {
      return try show(HelpText.overview(syntax, commands))
    }
    if let command = command(of: words) { return try show(HelpText.command(command.syntax)) }
    try refuse(words + ["--help"])
  }

  /// The words begin no command: they may begin a group of them.
  private func refuse(_ words: [String]) throws(AppError) {
    let group = commands.filter { $0.syntax.name.hasPrefix(words[0] + " ") }
    let seconds = group.compactMap { $0.syntax.name.split(separator: " ").last.map(String.init) }
    guard !group.isEmpty else {
      throw .usage("there is no command '\(words[0])'\(Self.suggestion(words[0], firstWords))")
    }
    guard words.count > 1 else {
      throw .usage("\(words[0]) needs a second word: \(Self.list(seconds, "or")).")
    }
    if ["--help", "-h"].contains(words[1]) { return try show(HelpText.list(of: group)) }
    throw .usage(
      "there is no command '\(words[0]) \(words[1])'\(Self.suggestion(words[1], seconds))")
  }

  private func command(of words: [String]) -> Command? {
    commands.first { command in
      let name = command.syntax.name.split(separator: " ").map(String.init)
      return words.starts(with: name)
    }
  }

  private var firstWords: [String] {
    var words: [String] = []
    for command in commands where !command.syntax.isHidden {
      let word = String(command.syntax.name.prefix { $0 != " " })
      if !words.contains(word) { words.append(word) }
    }
    return words + ["help"]
  }

  private func invocation(_ options: ParsedOptions) -> Invocation {
    Invocation(
      options: options, environment: environment, files: files, output: output, error: error,
      streams: streams, commands: commands)
  }

  private func show(_ text: String) throws(AppError) {
    try invocation(ParsedOptions()).print(text)
  }

  private static func suggestion(_ word: String, _ words: [String]) -> String {
    let near = Spelling.nearest(to: word, among: words)
    return near.map { "; did you mean '\($0)'?" } ?? "; there are \(list(words, "and"))."
  }

  private static func list(_ words: [String], _ link: String) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(link) " + last
  }

  private var syntax: CommandSyntax { Self.syntax }

  /// The program itself, before any command.
  static var syntax: CommandSyntax {
    CommandSyntax(
      name: "", operands: "COMMAND", summary: "Event streaming you can curl",
      groups: [
        OptionGroup(
          title: "Options",
          options: [
            .help, Option(name: "version", letter: "V", summary: "Print the version and exit"),
          ])
      ],
      stopsAtOperand: true)
  }
}
