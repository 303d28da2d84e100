/// One row of the table of settings: all that the command line, the configuration file, the
/// environment and the topic routes know about a setting.
public struct Setting: Hashable, Sendable {
  /// What a setting belongs to.
  public enum Scope: String, Hashable, Sendable {
    /// The process: given when it is started.
    case node
    /// One topic: given when it is made, or later.
    case topic
  }

  /// When another value takes effect.
  public enum Change: Hashable, Sendable {
    /// Never: what was given when the data directory was made stays.
    case fixed
    /// At the next start.
    case restart
    /// At once: for a topic with the request that changes it, for the node when it is told to read
    /// its settings again.
    case live
  }

  /// Which values this version acts on.
  public enum Support: Hashable, Sendable {
    /// All that the kind takes.
    case acted
    /// These; any other is refused with a sentence that says why.
    case only([String], reason: String)
    /// The default; any other is refused with a sentence that says why.
    case refused(reason: String)
  }

  /// Kafka's name where Kafka has the setting.
  public let name: String
  /// What it belongs to.
  public let scope: Scope
  /// Type and bounds.
  public let kind: SettingKind
  /// What holds where nothing was set, in canonical text; it says what this version does.
  public let defaultValue: String
  /// Whether its value is never shown.
  public let isSecret: Bool
  /// When another value takes effect.
  public let change: Change
  /// Which values this version acts on.
  public let support: Support
  /// What it does, in a sentence for `--help` and the documentation.
  public let summary: String

  init(
    _ name: String, _ scope: Scope, _ kind: SettingKind, default defaultValue: String,
    isSecret: Bool = false, change: Change, support: Support = .acted, _ summary: String
  ) {
    self.name = name
    self.scope = scope
    self.kind = kind
    self.defaultValue = defaultValue
    self.isSecret = isSecret
    self.change = change
    self.support = support
    self.summary = summary
  }

  /// The long option of the command line without its dashes: the name with `-` for `.`.
  public var option: String { String(name.map { $0 == "." ? "-" : $0 }) }

  /// The environment variable: `CURLEW_DATA_DIR` for `data-dir`.
  public var environmentVariable: String {
    "CURLEW_" + String(name.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
  }

  /// `text` in the one form in which the setting is kept and shown: numbers in decimal, durations
  /// in milliseconds, sizes in bytes.
  public func canonical(_ text: String) throws(SettingFault) -> String {
    let shown = isSecret ? "…" : text
    guard let canonical = kind.canonical(text) else {
      throw .value(name: name, text: shown, expected: kind.expectation)
    }
    switch support {
    case .acted: break
    case .only(let values, let reason):
      guard values.contains(canonical) else {
        throw .refused(name: name, text: shown, reason: reason)
      }
    case .refused(let reason):
      guard canonical == defaultValue else {
        throw .refused(name: name, text: shown, reason: reason)
      }
    }
    return canonical
  }
}
