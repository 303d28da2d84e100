/// Completions for bash.
enum BashCompletion {
  static func script(_ commands: [CommandSyntax]) -> String {
    completer(commands) + tables(commands)
  }

  /// What bash calls.
  private static func completer(_ commands: [CommandSyntax]) -> String {
    let first = CompletionWords.first(commands).map(\.word).joined(separator: " ")
    let groups = CompletionWords.groups(commands).map { group in
      let words = CompletionWords.second(commands, of: group).map(\.word)
      return "    \(group)) words='\(words.joined(separator: " "))' ;;\n"
    }.joined()
    return """
      # bash completion for curlew

      _curlew() {
        local cur prev command='' operand=0 word index words='' kind=''
        COMPREPLY=()
        # Without bash-completion's help "--name=value" comes as three words.
        local line=()
        for ((index = 1; index < COMP_CWORD; index++)); do
          word=${COMP_WORDS[index]}
          if [[ $word == = && ${#line[@]} -gt 0 ]]; then continue; fi
          line+=("$word")
        done
        cur=${COMP_WORDS[COMP_CWORD]}
        [[ $cur == = ]] && cur=''
        prev=''
        local value=''
        for word in "${line[@]}"; do
          if [[ -n $value ]]; then
            value=''
          elif [[ $word == -* ]]; then
            _curlew_takes_value "$command" "$word" && value=$word
          elif [[ -z $command ]]; then
            command=$word
          elif [[ $command == @(\(CompletionWords.groups(commands).joined(separator: "|"))) ]]; then
            command="$command $word"
          else
            operand=$((operand + 1))
          fi
        done
        if [[ -n $value ]]; then
          kind=$(_curlew_value "$command" "$value")
        elif [[ $cur == -* ]]; then
          words=$(_curlew_options "$command")
        else
          case $command in
          '') words='\(first)' ;;
      \(groups)    *) kind=$(_curlew_operand "$command" "$operand") ;;
          esac
        fi
        case $kind in
        file) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return ;;
        directory) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur")); return ;;
        topic) words=$(\(CompletionWords.topics)) ;;
        words:*) words=${kind#words:} ;;
        esac
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
        return 0
      }

      """
  }

  private static func tables(_ commands: [CommandSyntax]) -> String {
    """
    # The options of a command.
    _curlew_options() {
      case $1 in
    \(table(commands, options))  *) echo '--help --version' ;;
      esac
    }

    # Whether an option takes the next word.
    _curlew_takes_value() {
      case "$1:$2" in
    \(takers(commands))  *) return 1 ;;
      esac
    }

    # What the value of an option can be.
    _curlew_value() {
      case "$1:$2" in
    \(values(commands))  esac
    }

    # What the operand of that number, from 0, can be.
    _curlew_operand() {
      case "$1:$2" in
    \(operands(commands))  esac
    }

    complete -F _curlew curlew

    """
  }

  private static func table(
    _ commands: [CommandSyntax], _ line: (CommandSyntax) -> String
  ) -> String {
    commands.map { "  '\($0.name)') echo '\(line($0))' ;;\n" }.joined()
  }

  private static func options(_ command: CommandSyntax) -> String {
    command.options.map { "--" + $0.name }.joined(separator: " ")
  }

  private static func patterns(_ command: CommandSyntax, _ option: Option) -> String {
    let names = ["--" + option.name] + (option.letter.map { ["-\($0)"] } ?? [])
    return names.map { "'\(command.name):\($0)'" }.joined(separator: " | ")
  }

  private static func takers(_ commands: [CommandSyntax]) -> String {
    commands.map { command in
      let taking = command.options.filter {
        if case .required = $0.argument { true } else { false }
      }
      guard !taking.isEmpty else { return "" }
      let all = taking.map { patterns(command, $0) }.joined(separator: " | ")
      return "  \(all)) return 0 ;;\n"
    }.joined()
  }

  private static func values(_ commands: [CommandSyntax]) -> String {
    commands.map { command in
      command.options.compactMap { option in
        kind(option.values).map { "  \(patterns(command, option))) echo '\($0)' ;;\n" }
      }.joined()
    }.joined()
  }

  private static func operands(_ commands: [CommandSyntax]) -> String {
    commands.map { command in
      command.operandValues.enumerated().compactMap { index, values in
        let isLast = index == command.operandValues.count - 1
        let number = isLast && command.operandCounts.upperBound == .max ? "*" : "\(index)"
        return kind(values).map { "  '\(command.name):'\(number)) echo '\($0)' ;;\n" }
      }.joined()
    }.joined()
  }

  private static func kind(_ values: Option.Values) -> String? {
    switch values {
    case .any: nil
    case .words(let words): "words:" + words.joined(separator: " ")
    case .file: "file"
    case .directory: "directory"
    case .topic: "topic"
    }
  }
}
