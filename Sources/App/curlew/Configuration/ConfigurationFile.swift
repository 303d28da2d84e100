internal import Platform

/// A configuration file: a YAML mapping from names of settings to values. Parts of a name may be
/// nested, so that `num: {partitions: 3}` is `num.partitions: 3`; a list is its items with commas
/// between them.
struct ConfigurationFile: Equatable {
  struct Entry: Equatable {
    var name: String
    var value: String
    var line: Int
  }

  static let limit = 1 << 20
  static let depthLimit = 8

  /// The file's path, for messages.
  var path: String
  /// What it sets, in its order; no name twice.
  var entries: [Entry] = []

  /// Reads the file at `path`.
  init(
    path: String, _ files: any FileSystem, command: String = "serve"
  ) throws(AppError) {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try files.open(path, .read).read(Self.limit + 1, at: 0)
    } catch {
      throw .failure("the configuration file cannot be read: \(error).")
    }
    guard bytes.count <= Self.limit else {
      throw .failure("the configuration file \(path) is larger than 1 MiB.")
    }
    try self.init(path: path, bytes, command: command)
  }

  /// Reads `bytes` as the content of the file at `path`.
  init(path: String, _ bytes: [UInt8], command: String = "serve") throws(AppError) {
    self.path = path
    var reader = Reader(bytes)
    do throws(YAMLFault) {
      entries = try reader.read()
    } catch {
      throw .usage("\(path):\(error.line): \(error.problem).", command: command)
    }
  }
}

private struct Reader {
  let parser: YAMLParser
  var entries: [ConfigurationFile.Entry] = []
  var lines: [String: Int] = [:]

  init(_ bytes: [UInt8]) { parser = YAMLParser(bytes) }

  mutating func read() throws(YAMLFault) -> [ConfigurationFile.Entry] {
    guard try parser.next() == .documentStart else { return [] }
    switch try parser.next() {
    case .mappingStart: try mapping(prefix: "", depth: 1)
    case .scalar(_, isNull: true): break
    default: throw fault("a configuration is lines of 'name: value'")
    }
    guard try parser.next() == .documentEnd, try parser.next() == .streamEnd else {
      throw fault("a configuration is one document, and here a second one begins")
    }
    return entries
  }

  private mutating func mapping(prefix: String, depth: Int) throws(YAMLFault) {
    guard depth <= ConfigurationFile.depthLimit else { throw fault("this is nested too deeply") }
    while true {
      let key = try parser.next()
      if key == .mappingEnd { return }
      guard case .scalar(let part, isNull: false) = key else {
        throw fault("the name of a setting is a word")
      }
      let name = prefix + part
      let line = parser.line
      switch try parser.next() {
      case .mappingStart: try mapping(prefix: name + ".", depth: depth + 1)
      case .sequenceStart: try add(name, sequence(of: name), line)
      case .scalar(_, isNull: true): throw fault("\(name) has no value; leave it out, or give one")
      case .scalar(let value, isNull: false): try add(name, value, line)
      default: throw fault("\(name) takes a value or a list")
      }
    }
  }

  private func sequence(of name: String) throws(YAMLFault) -> String {
    var items: [String] = []
    while true {
      switch try parser.next() {
      case .sequenceEnd: return items.joined(separator: ",")
      case .scalar(let item, isNull: false) where !item.contains(","): items.append(item)
      default: throw fault("the items of \(name) are words without commas")
      }
    }
  }

  private mutating func add(_ name: String, _ value: String, _ line: Int) throws(YAMLFault) {
    if let first = lines.updateValue(line, forKey: name) {
      throw fault("\(name) is set here and in line \(first)", line)
    }
    entries.append(.init(name: name, value: value, line: line))
  }

  private func fault(_ problem: String, _ line: Int? = nil) -> YAMLFault {
    YAMLFault(line: line ?? parser.line, problem: problem)
  }
}
