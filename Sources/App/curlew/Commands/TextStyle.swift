/// How text is set off from other text: with colour on a terminal, else not at all.
struct TextStyle: Sendable {
  private let isOn: Bool

  /// Colour where a person looks, unless the environment refuses it: `NO_COLOR` with any text
  /// (no-color.org), or a terminal that can do nothing.
  init(isTerminal: Bool, environment: [(name: String, value: String)]) {
    isOn =
      isTerminal
      && !environment.contains { name, value in
        name == "NO_COLOR" && !value.isEmpty || name == "TERM" && value == "dumb"
      }
  }

  func bold(_ text: String) -> String { set(text, "1") }
  func red(_ text: String) -> String { set(text, "1;31") }

  private func set(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
