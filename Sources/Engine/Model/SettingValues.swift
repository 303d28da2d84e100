/// The settings of one node or one topic: what was set, over the defaults.
public struct SettingValues: Hashable, Sendable {
  /// Whose settings they are.
  public let scope: Setting.Scope
  /// What was set, by name, in canonical text. What is not here has its default.
  public private(set) var explicit: [String: String]

  /// All defaults.
  public init(_ scope: Setting.Scope) {
    self.scope = scope
    explicit = [:]
  }

  /// Values that were recorded before, perhaps by another version: kept as they are. One that this
  /// version does not understand counts as the default.
  public init(_ scope: Setting.Scope, recorded: [String: String]) {
    self.scope = scope
    explicit = recorded
  }

  /// Sets a value, or says why it is refused; then nothing has changed.
  public mutating func set(_ name: String, to text: String) throws(SettingFault) {
    explicit[name] = try Settings.validate(name, text, scope)
  }

  /// Returns a setting to its default. One that was recorded goes also where its name is unknown.
  public mutating func reset(_ name: String) throws(SettingFault) {
    guard explicit.removeValue(forKey: name) == nil else { return }
    _ = try Settings.named(name, scope)
  }

  /// The value of a setting that must exist, in canonical text.
  public func text(_ name: String) -> String { value(of: row(name)) }

  /// The value of a setting that is a number, a duration in milliseconds or a size in bytes.
  public func integer(_ name: String) -> Int64 {
    guard let number = Int64(text(name)) else {
      preconditionFailure("\(name) is no number")
    }
    return number
  }

  /// The value of a setting that is true or false.
  public func boolean(_ name: String) -> Bool { text(name) == "true" }

  /// The value of a setting that is a list.
  public func list(_ name: String) -> [String] {
    text(name).split(separator: ",").map(String.init)
  }

  /// Every setting of the scope in the table's order, with its value and where it is from.
  public var resolved: [ResolvedSetting] {
    Settings.all.filter { $0.scope == scope }.map {
      ResolvedSetting(
        setting: $0, value: value(of: $0), isExplicit: explicit[$0.name] != nil)
    }
  }

  private func row(_ name: String) -> Setting {
    guard let setting = try? Settings.named(name, scope) else {
      preconditionFailure("there is no \(scope) setting \(name)")
    }
    return setting
  }

  private func value(of setting: Setting) -> String {
    explicit[setting.name].flatMap { try? setting.canonical($0) } ?? setting.defaultValue
  }
}

/// One setting and the value that holds.
public struct ResolvedSetting: Hashable, Sendable {
  /// The row of the table.
  public let setting: Setting
  /// The value in canonical text. Whoever shows it looks at `setting.isSecret` first.
  public let value: String
  /// Whether it was set, or is the default.
  public let isExplicit: Bool
}
