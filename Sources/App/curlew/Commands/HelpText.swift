/// Writes what `--help` shows.
enum HelpText {
  /// The whole program: its commands, and how to begin.
  static func overview(_ syntax: CommandSyntax, _ commands: [Command]) -> String {
    let help = CommandSyntax(name: "help", operands: "COMMAND", summary: "Explain a command")
    return """
      \(syntax.summary).

      \(OptionParser(syntax, []).optionHelp())
      Commands
      \(list(commands.map(\.syntax).filter { !$0.isHidden } + [help]))
      Begin with
        curlew serve
      and in another terminal
        echo '{"hello":"world"}' | curlew produce greetings
        curlew consume greetings
      or with curl
        curl -d '{"hello":"world"}' http://127.0.0.1:8082/topics/greetings
        curl http://127.0.0.1:8082/topics/greetings/records

      'curlew COMMAND --help' explains a command.

      """
  }

  /// The commands that begin with one word.
  static func list(of commands: [Command]) -> String {
    "Commands\n\(list(commands.map(\.syntax)))\n'curlew COMMAND --help' explains a command.\n"
  }

  /// One command.
  static func command(_ syntax: CommandSyntax) -> String {
    let options = OptionParser(syntax, []).optionHelp()
    let usage = options.prefix { $0 != "\n" }
    let introduction = syntax.introduction.isEmpty ? syntax.summary + "." : syntax.introduction
    let closing = syntax.closing.isEmpty ? "" : "\n" + syntax.closing + "\n"
    return "\(usage)\n\n\(introduction)\n\(options.dropFirst(usage.count + 1))\(closing)"
  }

  private static func list(_ commands: [CommandSyntax]) -> String {
    let names = commands.map { $0.operands.isEmpty ? $0.name : "\($0.name) \($0.operands)" }
    let width = names.map(\.count).max() ?? 0
    return zip(names, commands).map { name, command in
      "  \(name)\(String(repeating: " ", count: width - name.count + 3))\(command.summary)\n"
    }.joined()
  }
}
