/// Why a text is not JSON, and where; small enough to travel in registers on the hot path.
struct WalkFault: Error, Equatable {
  enum Reason: UInt8 {
    case value, name, colon, commaOrBrace, commaOrBracket, escape, number, literal, end
    case tooDeep, notUTF8, control, unclosed, more, lineTooLong, lineTooShort
  }

  let reason: Reason
  let offset: Int
}

extension JSONFault {
  init(_ fault: WalkFault, in text: Span<UInt8>, depth: Int) {
    let place = Place(fault.offset, of: text)
    let (kind, detail): (Kind, String) =
      switch fault.reason {
      case .value: (.malformed, "expected a value")
      case .name: (.malformed, "expected a name in double quotes")
      case .colon: (.malformed, "expected ':'")
      case .commaOrBrace: (.malformed, "expected ',' or '}'")
      case .commaOrBracket: (.malformed, "expected ',' or ']'")
      case .escape: (.malformed, "unknown escape in a string")
      case .number: (.malformed, "not a number")
      case .literal: (.malformed, "expected true, false or null")
      case .end: (.malformed, "the text ends too early")
      case .tooDeep: (.tooDeep, "more than \(depth) arrays and objects within each other")
      case .notUTF8: (.notUTF8, "not UTF-8")
      case .control where text[fault.offset] == UInt8(ascii: "\n"):
        (.malformed, "a line break in a string must be escaped")
      case .control: (.malformed, "a control character in a string must be escaped")
      case .unclosed: (.malformed, "the string does not end")
      case .more: (.malformed, "only white space may follow the value")
      case .lineTooLong: (.malformed, "expected the end of the line")
      case .lineTooShort: (.malformed, "the line ends before its value does")
      }
    self.init(kind, detail, at: place)
  }
}
