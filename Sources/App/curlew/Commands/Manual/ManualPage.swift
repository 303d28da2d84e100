internal import Model

/// The manual page, in the macros of man(7).
enum ManualPage {
  static func text(_ commands: [CommandSyntax]) -> String {
    head + commands.map(section).joined() + environment + files + topicSettings + exitStatus
  }

  private static let head = """
    .TH CURLEW 1 "" "curlew \(Version.current)" "User Commands"
    .SH NAME
    curlew \\- event streaming you can curl
    .SH SYNOPSIS
    .B curlew
    .I COMMAND
    .RI [ OPTION ]...
    .SH DESCRIPTION
    Curlew keeps durable, ordered logs of events behind HTTP and JSON.
    .B curlew serve
    is the server; most other commands speak to one over HTTP.
    .SH COMMANDS

    """

  private static func section(_ command: CommandSyntax) -> String {
    let operands = command.operands.isEmpty ? "" : " " + command.operands
    let introduction = command.introduction.isEmpty ? command.summary + "." : command.introduction
    return """
      .SS "curlew \(escaped(command.name)) [OPTION]...\(escaped(operands))"
      \(paragraph(introduction))
      \(command.groups.map(group).joined())\(closing(command.closing))
      """
  }

  private static func group(_ group: OptionGroup) -> String {
    let options = group.options.map { option in
      ".TP\n\(names(option))\n\(escaped(option.summary)).\n"
    }
    return ".PP\n.B \(escaped(group.title))\n" + options.joined()
  }

  private static func names(_ option: Option) -> String {
    let letter = option.letter.map { "\\-\($0), " } ?? ""
    let name = ".BR \"\(letter)\\-\\-\(escaped(option.name))\""
    switch option.argument {
    case .none: return name
    case .required(let word): return name + " \"=\\fI\(escaped(word))\\fR\""
    case .optional(let word): return name + " \"[=\\fI\(escaped(word))\\fR]\""
    }
  }

  /// Titles, and the lines below them as they are.
  private static func closing(_ text: String) -> String {
    guard !text.isEmpty else { return "" }
    var output = ""
    var isOpen = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.first.map({ $0 != " " }) ?? false {
        output += (isOpen ? ".fi\n" : "") + ".PP\n.B \(escaped(String(line)))\n.nf\n"
        isOpen = true
      } else {
        output += escaped(String(line)) + "\n"
      }
    }
    return output + (isOpen ? ".fi\n" : "")
  }

  private static func paragraph(_ text: String) -> String {
    text.split(separator: "\n").map { escaped(String($0)) }.joined(separator: "\n")
  }

  private static var environment: String {
    var rows = [
      (ServerOptions.variable, "The server that commands speak to, \(ServerOptions.defaultURL)."),
      ("NO_COLOR", "With any value, output has no colour."),
      (NodeConfiguration.fileVariable, "The configuration file of \"curlew serve\"."),
    ]
    rows += Settings.node.map { ($0.environmentVariable, $0.summary) }
    return ".SH ENVIRONMENT\n"
      + rows.map { ".TP\n.B \(escaped($0.0))\n\(escaped($0.1))\n" }.joined()
  }

  private static let files = """
    .SH FILES
    .TP
    .I curlew.yaml
    What \\-\\-config names: a line for each setting, called as its option without the dashes
    or as Kafka calls it.

    """

  private static var topicSettings: String {
    ".SH TOPIC SETTINGS\nWhat \\-\\-config NAME=VALUE of the topic commands sets.\n"
      + Settings.topic.map { setting in
        let value = setting.defaultValue.isEmpty ? "empty" : setting.defaultValue
        return ".TP\n.B \(escaped(setting.name))\n\(escaped(setting.summary)) "
          + "Default: \(escaped(value)).\n"
      }.joined()
  }

  private static let exitStatus = """
    .SH EXIT STATUS
    0 when it was done, 1 when it could not be, 2 for a wrong option, setting or command.

    """

  /// `text` for roff: nothing in it has a meaning, and a hyphen stays one that can be typed.
  private static func escaped(_ text: String) -> String {
    var output = ""
    if text.first == "." || text.first == "'" { output = "\\&" }
    for character in text {
      switch character {
      case "\\": output += "\\e"
      case "-": output += "\\-"
      case "\"": output += "\\(dq"
      case "'": output += "\\(aq"
      case "`": output += "\\(ga"
      case "^": output += "\\(ha"
      case "~": output += "\\(ti"
      default: output.append(character)
      }
    }
    return output
  }
}
