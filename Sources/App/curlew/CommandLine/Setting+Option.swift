internal import Model

extension Setting {
  /// The option that sets it.
  var commandLineOption: Option {
    Option(
      name: option, letter: letter, argument: argument, summary: optionSummary,
      values: completionValues)
  }

  private var completionValues: Option.Values {
    switch kind {
    case .boolean: .words(["true", "false"])
    case .choice(let words): .words(words)
    case .text where name == "data-dir": .directory
    default: .any
    }
  }

  private var letter: Unicode.Scalar? {
    switch name {
    case "data-dir": "d"
    case "listen": "l"
    default: nil
    }
  }

  private var argument: Option.Argument {
    switch (name, kind) {
    case ("data-dir", _): .required("DIR")
    case ("listen", _): .required("ADDRESS:PORT")
    case ("host", _): .required("NAME")
    case ("cors-origin", _): .required("ORIGIN")
    case (_, .integer), (_, .real): .required("N")
    case (_, .duration): .required("TIME")
    case (_, .size): .required("SIZE")
    // One that is on can only be turned off: that takes a word.
    case (_, .boolean): defaultValue == "true" ? .required("BOOL") : .optional("BOOL")
    case (_, .choice): .required("WORD")
    case (_, .list): .required("WORD,...")
    case (_, .text): .required("TEXT")
    }
  }

  private var optionSummary: String {
    let mark = change == .live ? " *" : ""
    let sentence = summary.hasSuffix(".") ? String(summary.dropLast()) : summary
    let more =
      switch kind {
      case .list: "; may be repeated"
      case .choice(let words): ": " + words.joined(separator: ", ")
      default: ""
      }
    let isOff = kind == .boolean && defaultValue == "false"
    guard !isOff, !defaultValue.isEmpty else { return sentence + more + mark }
    return "\(sentence)\(more) (default \(shown(defaultValue)))\(mark)"
  }

  /// A canonical value as people write it: `8MiB` for 8388608.
  func shown(_ value: String) -> String {
    guard let number = Int64(value), number > 0 else { return value }
    let units: [(Int64, String)] =
      switch kind {
      case .size: [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
      case .duration: [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")]
      default: []
      }
    guard let (factor, unit) = units.first(where: { number % $0.0 == 0 }) else {
      return value
    }
    return "\(number / factor)\(unit)"
  }
}
