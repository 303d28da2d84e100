internal import Platform

/// A file of a data directory, and what could be read of it.
public struct Inspected<Content: Sendable>: Sendable {
  /// Where it lies.
  public let path: String
  /// Its size.
  public let bytes: Int64
  /// What it says, or why it cannot be read.
  public let content: Result<Content, LogError>

  /// What it says; `nil` where it cannot be read.
  public var value: Content? { try? content.get() }

  /// Why it cannot be read, as the end of a sentence that begins with its name; `nil` where it can.
  public var problem: String? {
    guard case .failure(let error) = content else { return nil }
    return error.sentence
  }
}

/// Something that is wrong at a place of a file.
public struct Finding: Sendable, Hashable {
  /// The file.
  public var path: String
  /// Where in it, in bytes.
  public var position: Int64
  /// What is wrong there, without a full stop.
  public var sentence: String

  /// What is wrong at `position` of the file at `path`.
  public init(path: String, position: Int64 = 0, sentence: String) {
    self.path = path
    self.position = position
    self.sentence = sentence
  }

  /// An error of the log as a finding; `path` is the file where the error names none.
  init(_ error: LogError, path: String) {
    switch error {
    case .damagedJournal(let path, let block, let reason):
      self.init(
        path: path, position: Int64(clamping: block) * Int64(Block.size),
        sentence: "block \(block): \(reason)")
    case .uncertainFrame(let path, let block):
      self.init(
        path: path, position: Int64(clamping: block) * Int64(Block.size),
        sentence: "block \(block): \(LogError.uncertain)")
    case .damagedSegment(let path, let position, let reason):
      self.init(path: path, position: position, sentence: reason)
    case .damagedFile(let path, let fault): self.init(path: path, sentence: fault.sentence)
    case .system, .refused, .locked: self.init(path: path, sentence: error.sentence)
    }
  }
}

extension LogError {
  /// What happened, without the name of the file that it is about.
  var sentence: String {
    switch self {
    case .damagedFile(_, let fault): fault.sentence
    case .damagedJournal(_, let block, let reason): "block \(block): \(reason)"
    case .uncertainFrame(_, let block): "block \(block): \(Self.uncertain)"
    case .damagedSegment(_, _, let reason): reason
    case .system(let error) where error.isAbsent: "there is no such file"
    case .system, .refused, .locked: "\(self)"
    }
  }
}
