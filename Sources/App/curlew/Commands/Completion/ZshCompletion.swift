/// Completions for zsh.
enum ZshCompletion {
  static func script(_ commands: [CommandSyntax]) -> String {
    let groups = CompletionWords.groups(commands).map { group in
      """
            \(group))
              if ((CURRENT == 2)); then
                _curlew_words \(pairs(CompletionWords.second(commands, of: group)))
                return
              fi
              command="$command $words[2]"
              shift words
              ((CURRENT--))
              ;;

      """
    }.joined()
    return """
      #compdef curlew
      # zsh completion for curlew

      _curlew_words() {
        local -a candidates=("$@")
        _describe -t commands command candidates
      }

      _curlew_topics() {
        local -a topics=(${(f)"$(\(CompletionWords.topics))"})
        compadd -a topics
      }

      _curlew() {
        local command
        if ((CURRENT == 2)); then
          _curlew_words \(pairs(CompletionWords.first(commands)))
          return
        fi
        shift words
        ((CURRENT--))
        command=$words[1]
        case $command in
      \(groups)  esac
        case $command in
      \(commands.map(arguments).joined())  esac
      }

      if [[ $funcstack[1] == _curlew ]]; then _curlew "$@"; else compdef _curlew curlew; fi

      """
  }

  private static func pairs(_ words: [(word: String, summary: String)]) -> String {
    words.map { CompletionWords.quoted("\($0.word):\($0.summary)") }.joined(separator: " ")
  }

  private static func arguments(_ command: CommandSyntax) -> String {
    let lines = command.options.flatMap(option) + operands(command)
    return "    '\(command.name)')\n      _arguments -s "
      + lines.map(CompletionWords.quoted).joined(separator: " \\\n        ") + "\n      ;;\n"
  }

  private static func option(_ option: Option) -> [String] {
    let summary = "[\(escaped(option.summary))]"
    let value =
      switch option.argument {
      case .none: ""
      case .required(let word), .optional(let word): ":\(escaped(word)):\(action(option.values))"
      }
    // An optional value stands behind "=" only.
    let mark: String =
      switch option.argument {
      case .none: ""
      case .required: "="
      case .optional: "=-"
      }
    let letter = option.letter.map { ["*-\($0)\(summary)\(value)"] } ?? []
    return letter + ["*--\(option.name)\(mark)\(summary)\(value)"]
  }

  private static func operands(_ command: CommandSyntax) -> [String] {
    command.operandValues.enumerated().map { index, values in
      let isLast = index == command.operandValues.count - 1
      let place = isLast && command.operandCounts.upperBound == .max ? "*" : "\(index + 1)"
      return "\(place):operand:\(action(values))"
    }
  }

  private static func action(_ values: Option.Values) -> String {
    switch values {
    case .any: " "
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .file: "_files"
    case .directory: "_files -/"
    case .topic: "_curlew_topics"
    }
  }

  /// What has a meaning within `_arguments` loses it.
  private static func escaped(_ text: String) -> String {
    text.map { "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
