/// Why a setting was refused.
public enum SettingFault: Error, Hashable, Sendable {
  /// There is none of that name in that scope; `nearest` is one that may have been meant.
  case unknown(name: String, scope: Setting.Scope, nearest: String?)
  /// The value is not of the kind, or out of bounds.
  case value(name: String, text: String, expected: String)
  /// The value is sound, but this version does not act on it.
  case refused(name: String, text: String, reason: String)
}

extension SettingFault: CustomStringConvertible {
  /// A sentence for the caller.
  public var description: String {
    switch self {
    case .unknown(let name, let scope, let nearest):
      "There is no \(scope) setting '\(name)'."
        + (nearest.map { " Did you mean '\($0)'?" } ?? "")
    case .value(let name, let text, let expected):
      "'\(text)' is not possible for \(name): it takes \(expected)."
    case .refused(let name, let text, let reason):
      "\(name) cannot be '\(text)': \(reason)"
    }
  }
}
