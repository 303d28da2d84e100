import JSON
import Testing

@Suite struct `A fault` {
  func message(_ text: [UInt8]) -> String? {
    fault { () throws(JSONFault) in
      var cursor = try JSONScanner().scan(text)
      try cursor.finish()
    }?.message
  }

  @Test(arguments: [
    ("", "line 1, column 1: the text ends too early"),
    ("{\"a\":1\n\"b\":2}", "line 2, column 1: expected ',' or '}'"),
    ("{\n  \"a\": [1 2]\n}", "line 2, column 11: expected ',' or ']'"),
    ("{\"a\" 1}", "line 1, column 6: expected ':'"),
    ("{a:1}", "line 1, column 2: expected a name in double quotes"),
    ("{\"a\":1,}", "line 1, column 8: expected a name in double quotes"),
    ("[1,]", "line 1, column 4: expected a value"),
    ("[1,", "line 1, column 4: the text ends too early"),
    ("{\"é\":nul}", "line 1, column 6: expected true, false or null"),
    ("[01]", "line 1, column 2: not a number"),
    ("[1.]", "line 1, column 2: not a number"),
    ("[-]", "line 1, column 2: not a number"),
    ("[+1]", "line 1, column 2: expected a value"),
    ("\"a\\x\"", "line 1, column 3: unknown escape in a string"),
    ("\"\\u12x4\"", "line 1, column 2: unknown escape in a string"),
    ("\"a\tb\"", "line 1, column 3: a control character in a string must be escaped"),
    ("\"a\nb\"", "line 1, column 3: a line break in a string must be escaped"),
    ("[\"abc]", "line 1, column 2: the string does not end"),
    ("[\"abc\\\"]", "line 1, column 2: the string does not end"),
    ("{\"a\" 1 \"b]", "line 1, column 6: expected ':'"),
    ("[1] 2", "line 1, column 5: only white space may follow the value"),
    ("[1}, \"abc", "line 1, column 3: expected ',' or ']'"),
    ("[tru, \"abc", "line 1, column 2: expected true, false or null"),
    ("1 2 \"abc", "line 1, column 5: the string does not end"),
  ]) func `says in a sentence what is wrong and where`(_ text: String, _ expected: String) {
    #expect(message(bytes(text)) == expected)
  }

  @Test(
    arguments: [
      ([0x22, 0x61, 0xFF, 0x22], "line 1, column 3: not UTF-8"),
      ([0x5B, 0xFF, 0x5D], "line 1, column 2: not UTF-8"),
      ([0x22, 0x5C, 0xFF, 0x22], "line 1, column 3: not UTF-8"),
      ([0x0A, 0x22, 0xC3], "line 2, column 2: not UTF-8"),
      ([0x5B, 0x7D, 0x22, 0xFF, 0x22], "line 1, column 2: expected a value"),
      (
        [0x22, 0x01, 0xFF, 0x22],
        "line 1, column 2: a control character in a string must be escaped"
      ),
    ] as [([UInt8], String)]) func `finds where a text stops being UTF-8`(
      _ text: [UInt8], _ expected: String
    )
  {
    #expect(message(text) == expected)
  }

  @Test func `has the kind that programs ask for`() {
    func kind(_ text: String) -> JSONFault.Kind? {
      fault { () throws(JSONFault) in
        var cursor = try JSONScanner().scan(bytes(text))
        try cursor.finish()
      }?.kind
    }

    #expect(kind("[1") == .malformed)
    #expect(kind(String(repeating: "[", count: 129)) == .tooDeep)
    #expect(kind(String(repeating: "[", count: 128)) == .malformed)
    #expect(kind("[]") == nil)
  }

  @Test func `without a place is its detail alone`() {
    let plain = JSONFault(.missingField, "\"a\" is missing")

    #expect(plain.message == "\"a\" is missing")
    #expect("\(plain)" == plain.message)
    #expect((plain.offset, plain.line, plain.column) == (0, 0, 0))
  }
}
