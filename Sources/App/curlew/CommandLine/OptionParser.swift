internal import CPopt
internal import Glibc
internal import Model

/// Parses a command line, and writes the list of options, with popt and from one table.
// SAFETY: the context is this object's own and is freed before the table that it points to.
@safe final class OptionParser {
  private let syntax: CommandSyntax
  private let table: OptionTable
  private let context: OpaquePointer

  /// A parser for `arguments`, which do not include the program's or the command's name.
  init(_ syntax: CommandSyntax, _ arguments: [String]) {
    self.syntax = syntax
    table = OptionTable(syntax, arguments)
    let flags = syntax.stopsAtOperand ? POPT_CONTEXT_POSIXMEHARDER : 0
    guard
      let context = unsafe poptGetContext(
        nil, Int32(arguments.count + 1), table.arguments, table.groups, UInt32(flags))
    else { preconditionFailure("no memory for a command line") }
    unsafe self.context = context
    let usage = "[OPTION...]" + (syntax.operands.isEmpty ? "" : " " + syntax.operands)
    unsafe poptSetOtherOptionHelp(context, table.string(usage))
  }

  deinit { unsafe _ = poptFreeContext(context) }

  /// Parses what the parser was made with. Call it once.
  func parse() throws(AppError) -> ParsedOptions {
    var parsed = ParsedOptions()
    let options = syntax.options
    while true {
      let code = unsafe poptGetNextOpt(context)
      guard code > 0 else {
        guard code == -1 else { throw fault(code) }
        break
      }
      let value = unsafe poptGetOptArg(context)
      defer { unsafe free(value) }
      let text = unsafe value.map { unsafe String(cString: $0) }
      parsed.given.append(.init(option: options[Int(code) - 1].name, value: text))
    }
    while let operand = unsafe poptGetArg(context) {
      parsed.operands.append(unsafe String(cString: operand))
    }
    return parsed
  }

  private func fault(_ code: Int32) -> AppError {
    let given = unsafe poptBadOption(context, 0).map { unsafe String(cString: $0) } ?? ""
    let option = String(given.prefix { $0 != "=" })
    let sentence =
      switch code {
      case POPT_ERROR_BADOPT: "there is no option \(option)\(suggestion(for: option))"
      case POPT_ERROR_NOARG: "\(option) needs a value behind it\(placeholder(of: option))."
      case POPT_ERROR_UNWANTEDARG: "\(option) takes no value."
      default: unsafe "\(option): \(String(cString: poptStrerror(code)))."
      }
    return .usage(sentence, command: syntax.name)
  }

  private func suggestion(for option: String) -> String {
    guard option.hasPrefix("--") else { return "." }
    let near = Spelling.nearest(to: String(option.dropFirst(2)), among: syntax.options.map(\.name))
    return near.map { "; did you mean --\($0)?" } ?? "."
  }

  private func placeholder(of option: String) -> String {
    let known = syntax.options.first {
      "--" + $0.name == option || $0.letter.map { "-\($0)" } == option
    }
    guard let known, case .required(let word) = known.argument else { return "" }
    return ", \(word)"
  }

  /// The usage line and the options, laid out in 79 columns.
  func optionHelp() -> String {
    var text: UnsafeMutablePointer<CChar>?
    var count = 0
    guard let stream = unsafe open_memstream(&text, &count) else {
      preconditionFailure("no memory for a help text")
    }
    unsafe poptPrintHelp(context, stream, 0)
    unsafe fclose(stream)
    defer { unsafe free(text) }
    return unsafe text.map { unsafe String(cString: $0) } ?? ""
  }
}
