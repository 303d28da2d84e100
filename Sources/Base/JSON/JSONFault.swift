/// Why a text is not the JSON that was wanted, in words for who wrote it.
public struct JSONFault: Error, Equatable, Sendable {
  /// What went wrong, for programs.
  public enum Kind: Sendable {
    case malformed, tooDeep, notUTF8, tooLarge
    case unexpectedType, outOfRange, duplicateName, missingField, unknownField
  }

  /// Where in a text: `offset` in bytes from 0; `line` and `column`, in characters, from 1.
  public struct Place: Equatable, Sendable {
    /// Bytes before it.
    public let offset: Int
    /// Its line, from 1.
    public let line: Int
    /// Its character on the line, from 1.
    public let column: Int

    /// The place of byte `offset` of `text`.
    public init(_ offset: Int, of text: Span<UInt8>) {
      self.offset = offset
      var line = 1
      var column = 1
      for index in 0..<min(offset, text.count) {
        if text[index] == UInt8(ascii: "\n") {
          line += 1
          column = 1
        } else if text[index] & 0xC0 != 0x80 {
          column += 1
        }
      }
      self.line = line
      self.column = column
    }
  }

  /// What went wrong, for programs.
  public let kind: Kind
  /// What went wrong, without the place: "expected ',' or '}'".
  public let detail: String
  /// Where; `nil` for a fault in a tree, which remembers no places.
  public let place: Place?

  /// A fault of `kind`, at `place` where it is known.
  public init(_ kind: Kind, _ detail: String, at place: Place? = nil) {
    self.kind = kind
    self.detail = detail
    self.place = place
  }

  /// A sentence: "line 3, column 17: expected ',' or '}'".
  public var message: String {
    guard let place else { return detail }
    return "line \(place.line), column \(place.column): \(detail)"
  }

  /// Bytes before the fault; 0 where the place is not known.
  public var offset: Int { place?.offset ?? 0 }
  /// The line of the fault, from 1; 0 where the place is not known.
  public var line: Int { place?.line ?? 0 }
  /// The character of its line where the fault is, from 1; 0 where the place is not known.
  public var column: Int { place?.column ?? 0 }
}

extension JSONFault: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}
