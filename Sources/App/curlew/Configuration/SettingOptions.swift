internal import Model

/// The options that set the node's settings, for the commands that take them.
enum SettingOptions {
  /// The settings under titles, in the table's order, and under the last title, with those that
  /// have none, the file and `more`.
  static func groups(more: [Option]) -> [OptionGroup] {
    var left = Settings.node
    var groups = titles.map { title, names in
      let isOurs = { (setting: Setting) in names.contains { setting.name.hasPrefix($0) } }
      defer { left.removeAll(where: isOurs) }
      return OptionGroup(title: title, options: left.filter(isOurs).map(\.commandLineOption))
    }
    groups.append(
      OptionGroup(title: "Other", options: left.map(\.commandLineOption) + [file] + more))
    return groups
  }

  private static let titles: [(String, [String])] = [
    (
      "Storage",
      [
        "data-dir", "require-existing", "unsafe-volatile", "read-only", "scrub-", "disk-",
        "journal-", "memory-",
      ]
    ),
    ("Network", ["listen", "allow-anonymous", "host", "cors-", "loops", "max-"]),
    ("Topics", ["auto.create.topics.enable", "num.partitions", "log.retention."]),
    ("Log", ["log-"]),
  ]

  private static let file = Option(
    name: NodeConfiguration.fileOption, letter: "c", argument: .required("FILE"),
    summary: "Read settings from a YAML file", values: .file)
}
