/// Why a command ended without doing what it was asked.
enum AppError: Error, Equatable {
  /// The command line or the configuration is wrong: exit status 2. `command` is the one whose help
  /// explains it, empty for the program's own.
  case usage(String, command: String = "")
  /// What was asked could not be done: exit status 1.
  case failure(String)
  /// Nobody reads standard output any more, as behind `| head`: a quiet end, exit status 0.
  case outputClosed

  var status: Int32 {
    switch self {
    case .usage: 2
    case .failure: 1
    case .outputClosed: 0
    }
  }

  /// What is wrong.
  var sentence: String {
    switch self {
    case .usage(let sentence, _), .failure(let sentence): sentence
    case .outputClosed: "nobody reads standard output"
    }
  }

  /// What goes to standard error: a sentence behind the program's name, then where help is.
  var text: String {
    switch self {
    case .usage(let sentence, let command):
      "curlew: \(sentence)\nTry 'curlew \(command.isEmpty ? "" : command + " ")--help'.\n"
    case .failure(let sentence): "curlew: \(sentence)\n"
    case .outputClosed: ""
    }
  }
}
