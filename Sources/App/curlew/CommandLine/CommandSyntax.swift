/// What a command is called and takes: the one table that its options are parsed by, and that help,
/// manual page and completions are written from.
struct CommandSyntax: Equatable {
  /// The words that select it: `serve`, `log dump`. Empty for the program itself.
  var name: String
  /// What may follow the options, as the help shows it: `TOPIC [FILE]...`. What stands in brackets
  /// may be left out, and the last may be repeated.
  var operands = ""
  /// A line for the list of commands, without a full stop.
  var summary: String
  /// What the help says before the options.
  var introduction = ""
  /// Its options in groups.
  var groups: [OptionGroup] = []
  /// What the help says behind the options: titles, and indented lines below them.
  var closing = ""
  /// Whether options end at the first operand: then those behind it belong to a command named
  /// there.
  var stopsAtOperand = false
  /// What the operands are, for completions: in their order, the last also for those behind it.
  var operandValues: [Option.Values] = []
  /// Whether lists of commands leave it out: it is for those who build the program.
  var isHidden = false

  /// The options of all groups.
  var options: [Option] { groups.flatMap(\.options) }

  /// How many words may follow the options, and must.
  var operandCounts: ClosedRange<Int> {
    let words = operands.split(separator: " ")
    let least = words.count { !$0.hasPrefix("[") }
    return least...(operands.hasSuffix("...") ? .max : words.count)
  }
}

/// Options under a common title.
struct OptionGroup: Equatable {
  var title: String
  var options: [Option]
}

/// One option.
struct Option: Equatable {
  /// What stands behind the option.
  enum Argument: Equatable {
    /// Nothing.
    case none
    /// A value, which help calls by this word.
    case required(String)
    /// A value behind `=`, or nothing.
    case optional(String)
  }

  /// What a value can be, as far as a shell can complete it.
  enum Values: Equatable {
    /// Anything.
    case any
    /// One of these.
    case words([String])
    /// The path of a file.
    case file
    /// The path of a directory.
    case directory
    /// A topic of the server.
    case topic
  }

  /// Without its dashes.
  var name: String
  /// Its letter, where it has one.
  var letter: Unicode.Scalar?
  var argument = Argument.none
  /// What help says, without a full stop.
  var summary: String
  /// What its value can be.
  var values = Values.any

  static let help = Option(name: "help", letter: "h", summary: "Show this help and exit")
}

/// What a command line said.
struct ParsedOptions: Equatable {
  struct Given: Equatable {
    var option: String
    var value: String?
  }

  /// The options in the order given, by long name.
  var given: [Given] = []
  /// What is left.
  var operands: [String] = []

  /// Whether the option was given.
  func has(_ option: String) -> Bool { given.contains { $0.option == option } }

  /// The option's value, the last where it was given more than once.
  func value(_ option: String) -> String? { given.last { $0.option == option }?.value }

  /// All its values, in the order given.
  func values(_ option: String) -> [String] {
    given.filter { $0.option == option }.compactMap(\.value)
  }
}
