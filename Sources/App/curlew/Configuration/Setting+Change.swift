internal import Model

extension Setting.Change {
  /// The word for it.
  var word: String {
    switch self {
    case .fixed: "never"
    case .restart: "restart"
    case .live: "reload"
    }
  }
}
