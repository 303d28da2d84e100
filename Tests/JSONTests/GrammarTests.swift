import JSON
import Testing

/// Every implementation of stage 1 that this processor can run.
let implementations = ["fallback", "westmere", "haswell", "icelake", "arm64"].filter {
  JSONScanner(implementation: $0) != nil
}

/// Whether a scanner finds one value and nothing else in `text`.
func accepts(_ text: [UInt8], _ scanner: JSONScanner) -> Bool {
  do throws(JSONFault) {
    var cursor = try scanner.scan(text)
    try cursor.finish()
    return true
  } catch {
    return false
  }
}

struct GrammarCase: CustomTestStringConvertible, Sendable {
  let text: [UInt8]
  var testDescription: String { String(decoding: text.prefix(60), as: UTF8.self) }

  init(_ text: String) { self.text = Array(text.utf8) }
  init(bytes: [UInt8]) { text = bytes }
}

@Suite struct `The grammar of RFC 8259` {
  static let valid: [GrammarCase] =
    [
      "null", "true", "false", "0", "-0", "1", "-1", "12", "10", "1.5", "-1.5", "0.0", "0.10",
      "-0.1", "1e5", "1E5",
      "1e+5", "1e-5", "1.5e10", "0e0", "0E+00", "-0e-0", "1e400", "-1e400", "1e-400",
      "123456789012345678901234567890", "0.1234567890123456789012345678901234567890",
      "9223372036854775808",
      "\"\"", "\"a\"", "\" \"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"/\"", "\"\\b\\f\\n\\r\\t\"",
      "\"\\u0000\"",
      "\"\\u00e9\"", "\"\\uABCD\"", "\"\\uabcd\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"",
      "\"\\ude00\"",
      "\"\\ude00\\ud83d\"", "\"\\ud83dx\"", "\"\u{7f}\"", "\"é\"", "\"€\"", "\"😀\"",
      "\"\u{2028}\u{2029}\"",
      "\"\u{FFFF}\"", "\"\\\\\\\\\"", "\"\\\\\\\"\"", "\"12345678\\n\"", "\"1234567\\n8\"",
      "\"{}[]:,\"",
      "[]", "{}", "[ ]", "{ }", "[\n]", "[[]]", "[{}]", "[[],[]]", "[1]", "[1,2]", "[1 , 2]",
      "[null,true,false]",
      "[\"a\",\"b\"]", "[ 1 ]", "[1.0,2e1]", "[[[[[[[[]]]]]]]]",
      "{\"a\":1}", "{\"a\" : 1}", "{ \"a\":1 }", "{\"\":1}", "{\"a\":1,\"b\":2}",
      "{\"a\":1,\"a\":2}",
      "{\"a\":{\"b\":{\"c\":[]}}}", "{\"a\":[]}", "{\"\\u0061\":1}", "{\"a\\\"b\":1}",
      "{\"a\":\"b\"}",
      "{\"é\":\"é\"}", "{\"a\":null,\"b\":[{},{}]}", "{\"a\n\":1}".replacingNewline, " 1", "1 ",
      "\n\t\r 1 \n\t\r",
      "[1\n,\r2\t]", "{\"a\"\n:\n1\n}", "\"a\" ", "true\n",
    ].map { GrammarCase($0) }

  static let invalid: [GrammarCase] =
    [
      "", " ", "\n", "nul", "nulll", "nullx", "Null", "NULL", "tru", "truee", "falsy", "fals",
      "None", "undefined",
      "NaN", "Infinity", "-Infinity", "+1", "-", "--1", "-a", "01", "-01", "00", "1.", ".5", "-.5",
      "1.e5", "1e",
      "1e+", "1E-", "1.5.5", "1e5.5", "0x10", "1a", "1_000", "1 000", "0b1", "1e5e5", "1,", ",1",
      "1 2", "1\"a\"",
      "\"", "\"a", "a\"", "'a'", "\"\\\"", "\"\\x41\"", "\"\\a\"", "\"\\u\"", "\"\\u1\"",
      "\"\\u12\"", "\"\\u123\"",
      "\"\\u123g\"", "\"\\U0041\"", "\"\\u 041\"", "\"a\nb\"", "\"a\tb\"", "\"a\u{0}b\"",
      "\"\u{1f}\"", "\"a\"\"b\"",
      "\"a\"b", "\"\\u00\\u00\"", "\"\\\n\"",
      "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", "[1}", "[]]", "[[]",
      "[\"a\"", "[a]",
      "[1;2]", "(1)", "[\"a]", "[1]x", "[1],", "[1][2]", "[]{}",
      "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{,\"a\":1}",
      "{\"a\"}", "{\"a\":}",
      "{\"a\",1}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1:2}", "{\"a\":1 \"b\":2}",
      "{\"a\":1,,\"b\":2}", "{a:1}", "{'a':1}",
      "{1:1}", "{null:1}", "{[]:1}", "{{}:1}", "{\"a\":1]", "{\"a\":[1}", "{\"a\":1}}",
      "{\"a\":1}x", "{\"a\":tru}",
      "{\"a\":1}{\"b\":2}", "{\"a\":\"b}", "{\"a\\x\":1}",
      "// a\n1", "/* a */ 1", "1 // a", "# a\n1", "[1,/**/2]", "1\u{c}", "\u{c}1", "\u{b}1",
      "\u{a0}1", "\u{FEFF}1",
      "1\u{0}", "\u{0}", "[1]\u{0}", "<a>", "=", "\\u0031", "\u{2028}1", "é", "[é]", "true false",
      "truefalse", "[]1",
    ].map { GrammarCase($0) }
    + [
      [0x22, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22],
      [0x22, 0xE0, 0x80, 0x80, 0x22],
      [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22],
      [0x22, 0xFF, 0x22], [0x22, 0xE2, 0x82, 0x22], [0xFF], [0xFE, 0xFF, 0x00, 0x31], [0x31, 0x00],
      [0x5B, 0xFF, 0x5D],
      [0x22, 0x5C, 0xFF, 0x22], [0x22, 0x5C, 0x75, 0xC3, 0xA9, 0x30, 0x30, 0x22],
      [0xEF, 0xBB, 0xBF, 0x31], [0xC3],
    ].map { GrammarCase(bytes: $0) }

  @Test(arguments: valid) func `what the grammar has is accepted`(_ example: GrammarCase) {
    for name in implementations {
      let scanner = JSONScanner(implementation: name)!

      #expect(accepts(example.text, scanner), "\(name)")
      #expect(accepts([0x20] + example.text + [0x0A], scanner), "\(name)")
    }
    #expect(JSONText.isValid(example.text))
  }

  @Test(arguments: invalid) func `what the grammar has not is refused`(_ example: GrammarCase) {
    for name in implementations {
      let scanner = JSONScanner(implementation: name)!

      #expect(!accepts(example.text, scanner), "\(name)")
      #expect(!accepts(Array("[".utf8) + example.text + Array(",\"".utf8), scanner), "\(name)")
    }
    #expect(!JSONText.isValid(example.text))
  }

  @Test(arguments: valid) func `a value inside another keeps its range`(_ example: GrammarCase)
    throws
  {
    let trimmed = example.text.trimmed
    let text = Array("{\"k\" : ".utf8) + example.text + Array(" ,\"l\":0}".utf8)

    var cursor = try JSONScanner().scan(text)
    try cursor.enterObject()
    let name = try #require(try cursor.nextMember())
    let range = try cursor.skipValue()

    #expect(Array(text[name]) == Array("k".utf8))
    #expect(Array(text[range]) == trimmed)
  }
}

extension String {
  var replacingNewline: String { split(separator: "\n").joined(separator: "\\n") }
}

extension [UInt8] {
  var trimmed: [UInt8] {
    let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    return Array(drop { blank.contains($0) }.reversed().drop { blank.contains($0) }.reversed())
  }
}
