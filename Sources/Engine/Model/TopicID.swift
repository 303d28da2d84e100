internal import Bytes
public import Platform

/// What tells a topic from a later one of the same name: 128 random bits.
///
/// Its text is Kafka's: the 16 bytes, most significant first, in base64url without padding, which
/// are 22 characters.
public struct TopicID: Hashable, Sendable {
  /// The first eight bytes.
  public let high: UInt64
  /// The last eight bytes.
  public let low: UInt64

  /// The id of these bits.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new id. It is none of those that Kafka reserves (the first hundred), and its text does not
  /// begin with `-`, which tools would take for an option.
  public init(from entropy: some Entropy) {
    var id: TopicID
    repeat {
      id = TopicID(high: entropy.next(), low: entropy.next())
    } while id.isReserved || id.high >> 58 == 62
    self = id
  }

  /// The id that `text` names; `nil` where it is none.
  public init?(_ text: String) {
    guard text.utf8.count == 22, let bytes = Base64.decode(Array(text.utf8).span),
      bytes.count == 16
    else { return nil }
    self.init(high: bytes.load(bigEndianAt: 0), low: bytes.load(bigEndianAt: 8))
  }

  /// The id as text.
  public var text: String {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: high)
    bytes.append(bigEndian: low)
    return Base64.encode(bytes, .url)
  }

  private var isReserved: Bool { high == 0 && low < 100 }
}

extension TopicID: CustomStringConvertible {
  /// The id as text.
  public var description: String { text }
}
