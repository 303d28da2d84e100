/// The table of all settings.
public enum Settings {
  /// All rows, those of the node first.
  public static let all: [Setting] = node + topic

  private static let byName: [String: Setting] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The setting of that name in that scope; the fault names the nearest where there is none.
  public static func named(
    _ name: String, _ scope: Setting.Scope
  ) throws(SettingFault) -> Setting {
    if let setting = byName[name], setting.scope == scope { return setting }
    let known = all.lazy.filter { $0.scope == scope }.map(\.name)
    let nearest = Spelling.nearest(to: name, among: known)
    throw .unknown(name: name, scope: scope, nearest: nearest)
  }

  /// `text` as the canonical value of the setting of that name, or why it is refused.
  public static func validate(
    _ name: String, _ text: String, _ scope: Setting.Scope
  ) throws(SettingFault) -> String {
    try named(name, scope).canonical(text)
  }
}
