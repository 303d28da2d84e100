import CJansson
import JSON
import Testing

/// What jansson says of a text, and whether what it refuses is what it cannot hold rather than what
/// is not JSON.
enum Verdict { case accepted, refused, cannotHold }

func jansson(_ text: [UInt8]) -> Verdict {
  var error = json_error_t()
  let root = text.withUnsafeBytes { bytes in
    bytes.withMemoryRebound(to: CChar.self) {
      json_loadb($0.baseAddress, $0.count, Int(JSON_DECODE_ANY | JSON_ALLOW_NUL), &error)
    }
  }
  if let root {
    json_decref(root)
    return .accepted
  }
  switch json_error_code(UInt32(UInt8(bitPattern: error.text.159))) {
  case json_error_numeric_overflow, json_error_null_byte_in_key: return .cannotHold
  default:
    let message = withUnsafeBytes(of: error.text) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return message.hasPrefix("invalid Unicode '\\u") ? .cannotHold : .refused
  }
}

@Suite struct `The walk and jansson` {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `agree on generated texts`(_ seed: UInt64) {
    var generator = TextGenerator(random: SplitMix(state: seed))
    let scanners = implementations.map { JSONScanner(implementation: $0)! }

    for _ in 0..<1000 {
      let text = bytes(generator.blank() + generator.value(depth: 5) + generator.blank())

      #expect(jansson(text) != .refused, "\(JSONTests.text(text))")
      for scanner in scanners { #expect(accepts(text, scanner), "\(JSONTests.text(text))") }
      #expect(JSONText.isValid(text), "\(JSONTests.text(text))")
    }
  }

  @Test(arguments: [5, 6, 7, 8] as [UInt64])
  func `agree on mutated texts`(_ seed: UInt64) {
    var generator = TextGenerator(random: SplitMix(state: seed))
    let scanners = implementations.map { JSONScanner(implementation: $0)! }
    var refused = 0

    for _ in 0..<3000 {
      let text = generator.mutate(bytes(generator.value(depth: 4)))
      let verdict = jansson(text)
      if verdict == .refused { refused += 1 }

      let verdicts = scanners.map { accepts(text, $0) } + [JSONText.isValid(text)]

      #expect(Set(verdicts).count == 1, "\(text): \(verdicts)")
      switch verdict {
      case .accepted: #expect(verdicts[0], "\(JSONTests.text(text))")
      case .refused: #expect(!verdicts[0], "\(JSONTests.text(text))")
      case .cannotHold: break
      }
    }
    #expect(refused > 300, "too few mutations break a text")
  }

  @Test(arguments: [9, 10] as [UInt64])
  func `give every value the range it was written in`(_ seed: UInt64) throws {
    var generator = TextGenerator(random: SplitMix(state: seed))
    let scanner = JSONScanner()

    for _ in 0..<500 {
      let names = (0..<5).map { _ in generator.string() }
      let values = (0..<5).map { _ in generator.value(depth: 3) }
      let text = bytes(
        "{"
          + zip(names, values).map {
            generator.blank() + $0 + generator.blank() + ":" + generator.blank() + $1
              + generator.blank()
          }.joined(separator: ",") + "}")

      var cursor = try scanner.scan(text)
      var found: [(String, String)] = []
      try cursor.enterObject()
      while let name = try cursor.nextMember() {
        found.append((JSONTests.text(text[name]), JSONTests.text(text[try cursor.skipValue()])))
      }
      try cursor.finish()

      #expect(found.map { "\"\($0.0)\"" } == names)
      #expect(found.map(\.1) == values)
    }
  }

  @Test(arguments: [11, 12] as [UInt64])
  func `hold the same strings and integers`(_ seed: UInt64) throws {
    var generator = TextGenerator(random: SplitMix(state: seed))

    for _ in 0..<500 {
      let text = bytes(generator.string())
      guard jansson(text) == .accepted else { continue }

      var cursor = try JSONScanner().scan(text)
      let ours = try cursor.string()
      let theirs = try JSONValue.parse(text)

      #expect(theirs == .string(ours))
    }
  }
}

@Suite struct `Bytes by chance` {
  /// Takes something from a cursor, in one of its thirteen ways.
  static func move(_ cursor: inout JSONCursor, _ way: Int) throws(JSONFault) {
    switch way {
    case 0: _ = try cursor.skipValue()
    case 1: try cursor.enterObject()
    case 2: try cursor.enterArray()
    case 3:
      if let name = try cursor.nextMember() {
        _ = cursor.string(name, is: "a")
        _ = cursor.unescaped(name)
      }
    case 4: _ = try cursor.nextElement()
    case 5: _ = try cursor.string()
    case 6: _ = try cursor.stringBytes()
    case 7: _ = try cursor.integer()
    case 8: _ = try cursor.bool()
    case 9: _ = try cursor.takeNull()
    case 10: _ = try cursor.nextLine()
    case 11: try cursor.finish()
    default: _ = (cursor.kind, cursor.offset)
    }
  }

  @Test(arguments: [13, 14, 15, 16] as [UInt64])
  func `never trap, whatever is done with them`(_ seed: UInt64) {
    var random = SplitMix(state: seed)
    let alphabet = Array("{}[]:,\"\"\\ \n0129-.eutrfalsn\u{1}é".utf8)
    let scanners = implementations.map { JSONScanner(depthLimit: 4, implementation: $0)! }

    for _ in 0..<3000 {
      let length = Int.random(in: 0...150, using: &random)
      let text = (0..<length).map { _ in
        UInt8.random(in: 0..<16, using: &random) == 0
          ? UInt8.random(in: .min ... .max, using: &random)
          : alphabet.randomElement(using: &random)!
      }
      let scanner = scanners.randomElement(using: &random)!

      _ = fault { () throws(JSONFault) in
        var cursor = try scanner.scan(text)
        for _ in 0..<40 {
          // A cursor that threw may still be asked.
          let way = Int.random(in: 0..<13, using: &random)
          _ = fault { () throws(JSONFault) in try Self.move(&cursor, way) }
        }
      }
      _ = fault { () throws(JSONFault) in _ = try JSONValue.parse(text) }
      #expect(JSONText.isValid(text) == accepts(text, JSONScanner()))
      let isUTF8 = JSONText.isUTF8(text.span)
      #expect(isUTF8 == (String(validating: text, as: UTF8.self) != nil))
    }
  }
}
