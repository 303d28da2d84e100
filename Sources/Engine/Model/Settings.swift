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
    throw .unknown(name: name, scope: scope, nearest: nearest(to: name, scope))
  }

  /// `text` as the canonical value of the setting of that name, or why it is refused.
  public static func validate(
    _ name: String, _ text: String, _ scope: Setting.Scope
  ) throws(SettingFault) -> String {
    try named(name, scope).canonical(text)
  }

  /// The setting whose name takes the fewest changes from `name`; `nil` where none is near.
  static func nearest(to name: String, _ scope: Setting.Scope) -> String? {
    // Longer than any name of ours with all changes: not worth the square of its length.
    guard name.utf8.count <= 100 else { return nil }
    let known = all.lazy.filter { $0.scope == scope }.map(\.name)
    let ranked = known.map { (name: $0, distance: distance($0.lowercased(), name.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, name.utf8.count / 4) ? best.name : nil
  }

  /// Levenshtein's distance: letters to insert, remove or replace.
  static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (index, letter) in left.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let replaced = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
