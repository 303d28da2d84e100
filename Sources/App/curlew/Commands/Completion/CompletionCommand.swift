/// `curlew completion`.
enum CompletionCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let commands = invocation.commands.map(\.syntax).filter { !$0.isHidden }
    switch invocation.options.operands[0] {
    case "bash": try invocation.print(BashCompletion.script(commands))
    case "zsh": try invocation.print(ZshCompletion.script(commands))
    case "fish": try invocation.print(FishCompletion.script(commands))
    case let shell:
      throw .usage(
        "there are completions for bash, zsh and fish, not for '\(shell)'.", command: syntax.name)
    }
  }

  static let syntax = CommandSyntax(
    name: "completion", operands: "SHELL", summary: "Write completions for bash, zsh or fish",
    introduction: """
      Writes a script that lets the shell complete commands, options and their
      values, and the topics of the server that CURLEW_SERVER names.
      """,
    groups: [OptionGroup(title: "Options", options: [.help])],
    closing: """
      Examples
        $ source <(curlew completion bash)
        $ curlew completion bash > /etc/bash_completion.d/curlew
        $ curlew completion zsh > /usr/local/share/zsh/site-functions/_curlew
        $ curlew completion fish > ~/.config/fish/completions/curlew.fish
      """,
    operandValues: [.words(["bash", "zsh", "fish"])])
}

/// What all three scripts are made of.
enum CompletionWords {
  /// What lists the topics of the server, and says nothing where there is none.
  static let topics = "curlew topic list --names --timeout 1s 2>/dev/null"

  /// The words that can stand at the begin, each with what it is for: commands, and the groups of
  /// them.
  static func first(_ commands: [CommandSyntax]) -> [(word: String, summary: String)] {
    var words: [(word: String, summary: String)] = []
    for command in commands {
      let parts = command.name.split(separator: " ").map(String.init)
      if parts.count == 1 {
        words.append((parts[0], command.summary))
      } else if !words.contains(where: { $0.word == parts[0] }) {
        let seconds = second(commands, of: parts[0]).map(\.word)
        words.append((parts[0], seconds.joined(separator: ", ")))
      }
    }
    return words + [("help", "Explain a command")]
  }

  /// The words that can stand behind `first`.
  static func second(
    _ commands: [CommandSyntax], of first: String
  ) -> [(word: String, summary: String)] {
    commands.compactMap { command in
      let parts = command.name.split(separator: " ").map(String.init)
      return parts.count == 2 && parts[0] == first ? (parts[1], command.summary) : nil
    }
  }

  /// The words of two parts.
  static func groups(_ commands: [CommandSyntax]) -> [String] {
    first(commands).map(\.word).filter { !second(commands, of: $0).isEmpty }
  }

  /// `text` in single quotes, as all three shells understand it.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
