/// Completions for fish.
enum FishCompletion {
  static func script(_ commands: [CommandSyntax]) -> String {
    """
    # fish completion for curlew

    # Whether the words so far are exactly these, options aside.
    function __curlew_at
      set -l words (commandline -opc)
      set -e words[1]
      test "$(string match --invert -- '-*' $words)" = "$(string split ' ' -- $argv)"
    end

    # Whether the words so far begin with these.
    function __curlew_in
      set -l words (string match --invert -- '-*' (commandline -opc))
      set -e words[1]
      set -l wanted (string split ' ' -- $argv[1])
      test "$words[1..$(count $wanted)]" = "$wanted"
    end

    complete -c curlew -f
    \(lines(commands).joined(separator: "\n"))

    """
  }

  private static func lines(_ commands: [CommandSyntax]) -> [String] {
    var lines = CompletionWords.first(commands).map { word(at: "", $0) }
    for group in CompletionWords.groups(commands) {
      lines += CompletionWords.second(commands, of: group).map { word(at: group, $0) }
    }
    for command in commands {
      lines += command.options.map { option($0, command) }
      lines += Set(command.operandValues.map(words)).sorted().filter { !$0.isEmpty }.map {
        "complete -c curlew -n \(condition(command))\($0)"
      }
    }
    return lines
  }

  private static func word(at place: String, _ word: (word: String, summary: String)) -> String {
    "complete -c curlew -n '__curlew_at \"\(place)\"' -a \(word.word) "
      + "-d \(CompletionWords.quoted(word.summary))"
  }

  private static func condition(_ command: CommandSyntax) -> String {
    "'__curlew_in \"\(command.name)\"'"
  }

  private static func option(_ option: Option, _ command: CommandSyntax) -> String {
    var line = "complete -c curlew -n \(condition(command)) -l \(option.name)"
    if let letter = option.letter { line += " -s \(letter)" }
    if case .required = option.argument {
      line += (option.values == .file ? " -r" : " -x") + words(option.values)
    }
    return line + " -d \(CompletionWords.quoted(option.summary))"
  }

  private static func words(_ values: Option.Values) -> String {
    switch values {
    case .any: ""
    case .words(let words): " -a \(CompletionWords.quoted(words.joined(separator: " ")))"
    case .file: " -F"
    case .directory: " -a '(__fish_complete_directories)'"
    case .topic: " -a '(\(CompletionWords.topics))'"
    }
  }
}
