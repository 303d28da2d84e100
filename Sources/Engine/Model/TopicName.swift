internal import Bytes

/// The name of a topic: 1 to 249 characters of `a-z A-Z 0-9 . _ -`, but neither `.` nor `..`.
///
/// Kafka's rule. All characters are ASCII, so that comparing and hashing goes by bytes.
public struct TopicName: Hashable, Comparable, Sendable {
  /// The greatest length, Kafka's: `NAME-PARTITION.deleted` still is a file name.
  public static let maximumLength = 249

  /// The name as text.
  public let text: String

  /// `text` as a name; `nil` where it is none.
  public init?(_ text: String) {
    guard Self.fault(in: text) == nil else { return nil }
    self.text = text
  }

  /// The bytes of a path or of JSON as a name; `nil` where they are none.
  public init?(_ bytes: Span<UInt8>) {
    guard bytes.count <= Self.maximumLength else { return nil }
    self.init(String(decoding: bytes.copy(), as: UTF8.self))
  }

  /// `text` as a name, or the sentence that says why it is none.
  public init(validating text: String) throws(InvalidTopicName) {
    if let reason = Self.fault(in: text) { throw InvalidTopicName(text: text, reason: reason) }
    self.text = text
  }

  /// Whether the topic holds state of the product: listed only on request.
  public var isInternal: Bool { text.utf8.starts(with: "__curlew".utf8) || text == "_schemas" }

  /// By bytes, which for these characters is the order of the text.
  public static func < (left: TopicName, right: TopicName) -> Bool { left.text < right.text }

  private static func fault(in text: String) -> InvalidTopicName.Reason? {
    let bytes = text.utf8
    if bytes.isEmpty { return .empty }
    if text == "." || text == ".." { return .dots }
    if bytes.count > maximumLength { return .tooLong(bytes.count) }
    if bytes.allSatisfy(isLegal) { return nil }
    return text.first { !$0.utf8.allSatisfy(isLegal) }.map { .character($0) }
  }

  private static func isLegal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

extension TopicName: CustomStringConvertible {
  /// The name as text.
  public var description: String { text }
}
