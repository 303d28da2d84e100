/// Why a text is no topic name.
public struct InvalidTopicName: Error, Hashable, Sendable {
  /// The rule that was broken.
  public enum Reason: Hashable, Sendable {
    /// There is no character.
    case empty
    /// `.` or `..`, which are directories.
    case dots
    /// More bytes than `TopicName.maximumLength`: this many.
    case tooLong(Int)
    /// A character outside the alphabet; the first one.
    case character(Character)
  }

  /// What was given.
  public let text: String
  /// The rule that it breaks.
  public let reason: Reason

  /// The fault of `text`.
  public init(text: String, reason: Reason) {
    self.text = text
    self.reason = reason
  }
}

extension InvalidTopicName: CustomStringConvertible {
  /// A sentence for the caller.
  public var description: String {
    switch reason {
    case .empty: "A topic name must not be empty."
    case .dots: "A topic cannot be named '\(text)'."
    case .tooLong(let count):
      "A topic name has at most \(TopicName.maximumLength) characters; this one has \(count) bytes."
    case .character(let character):
      "A topic name consists of letters, digits, '.', '_' and '-': "
        + "'\(character)' in '\(text)' is none of them."
    }
  }
}
