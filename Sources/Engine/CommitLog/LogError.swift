public import Platform

/// Why the log cannot be opened, read or written.
public enum LogError: Error, Sendable, Equatable {
  /// A system call failed.
  case system(SystemError)
  /// A file is not what it should be: its path, and what is wrong.
  case damagedFile(path: String, FormatFault)
  /// The directory cannot be used as it is; the sentence says why and what to do.
  case refused(String)
  /// Acknowledged data is gone or damaged at a place in the journal; nothing was changed.
  case damagedJournal(path: String, block: UInt64, reason: String)
  /// The journal's last frame is damaged, and whether it had been acknowledged cannot be told. It
  /// begins at that block; nothing was changed.
  case uncertainFrame(path: String, block: UInt64)
  /// Records of a partition that cannot be read: the file and the reason.
  case damagedSegment(path: String, position: Int64, reason: String)
  /// Another process owns the directory.
  case locked(owner: UInt32, host: String)
}

extension LogError: CustomStringConvertible {
  static let uncertain =
    "the last frame is damaged, and whether it had been acknowledged cannot be told; \(repair)"
  static let repair = "curlew log repair decides"

  public var description: String {
    switch self {
    case .system(let error): "\(error)"
    case .damagedFile(let path, let fault): "\(path): \(fault.sentence)"
    case .refused(let sentence): sentence
    case .damagedJournal(let path, let block, let reason): "\(path), block \(block): \(reason)"
    case .uncertainFrame(let path, let block):
      "\(path), block \(block): \(Self.uncertain)"
    case .damagedSegment(let path, let position, let reason):
      "\(path), position \(position): \(reason)"
    case .locked(let owner, let host):
      "the data directory is in use by process \(owner) on \(host); stop it first"
    }
  }
}

extension FormatFault {
  /// The fault as the end of a sentence that begins with the file's name.
  var sentence: String {
    switch self {
    case .short: "it ends too early"
    case .magic: "it does not begin as such a file does"
    case .unsupported(let what): "written by a newer version (\(what))"
    case .checksum: "its checksum does not match"
    case .unknownRowType(let code): "a row of the unknown type \(code); a newer version wrote it"
    case .inconsistent(let what): "its fields contradict each other (\(what))"
    }
  }
}

/// Runs a system call's wrapper and turns its error into a `LogError`.
func system<R>(_ body: () throws(SystemError) -> R) throws(LogError) -> R {
  do { return try body() } catch { throw .system(error) }
}
