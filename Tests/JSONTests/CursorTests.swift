import JSON
import Testing

@Suite struct `A cursor` {
  @Test func `takes an envelope apart`() throws {
    let text = bytes(
      #" {"records" : [ {"key":"k1", "value":{"n":1e400, "x" : [ ]}},"#
        + #"{"value":null,"partition":7}], "more":true} "#
    )
    var cursor = try JSONScanner().scan(text)
    var seen: [String] = []

    try cursor.enterObject()
    while let name = try cursor.nextMember() {
      guard cursor.string(name, is: "records") else { continue }
      try cursor.enterArray()
      while try cursor.nextElement() {
        try cursor.enterObject()
        while let name = try cursor.nextMember() {
          if cursor.string(name, is: "partition") {
            seen.append("partition \(try cursor.integer())")
          } else {
            seen.append(
              JSONTests.text(text[name]) + " " + JSONTests.text(text[try cursor.skipValue()]))
          }
        }
      }
    }
    try cursor.finish()

    #expect(
      seen == [#"key "k1""#, #"value {"n":1e400, "x" : [ ]}"#, "value null", "partition 7"])
  }

  @Test func `names the kind of what is next without taking it`() throws {
    let kinds: [(String, JSONCursor.Kind)] = [
      ("{}", .object), ("[]", .array), (#""""#, .string), ("1", .number), ("-1", .number),
      ("true", .true),
      ("false", .false), ("null", .null), ("", .end), (" ", .end), ("x", .invalid), ("]", .invalid),
    ]
    let scanner = JSONScanner()

    for (text, kind) in kinds {
      let cursor = try scanner.scan(bytes(text))
      #expect(cursor.kind == kind, "\(text)")
    }
  }

  @Test func `skips and checks what the caller leaves`() throws {
    let scanner = JSONScanner()
    var good = try scanner.scan(bytes(#"[{"a":[1,2]},[3],4]"#))
    try good.enterArray()
    var count = 0
    while try good.nextElement() { count += 1 }
    try good.finish()

    var bad = try scanner.scan(bytes(#"[{"a":[1,2}]"#))
    try bad.enterArray()
    #expect(try bad.nextElement())
    let refused = fault { () throws(JSONFault) in _ = try bad.nextElement() }

    #expect(count == 3)
    #expect(refused?.message == "line 1, column 11: expected ',' or ']'")
  }

  @Test func `finishes a value that nobody took only if it is whole`() throws {
    let scanner = JSONScanner()
    var whole = try scanner.scan(bytes("[1]"))
    try whole.finish()

    var open = try scanner.scan(bytes("[1]"))
    try open.enterArray()
    let refused = fault { () throws(JSONFault) in try open.finish() }

    #expect(refused?.kind == .malformed)
  }

  @Test func `comes back to where its copy was`() throws {
    var cursor = try JSONScanner().scan(bytes(#"{"a":1,"b":2}"#))
    let start = cursor

    try cursor.finish()
    cursor = start
    try cursor.enterObject()
    let name = try #require(try cursor.nextMember())

    #expect(name == 2..<3)
  }

  @Test func `unescapes strings`() throws {
    let strings = [
      (#""""#, ""), (#""abc""#, "abc"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
      (#""\u0041\u00e9\u20AC""#, "Aé€"),
      (#""\uD83D\uDE00!""#, "😀!"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"),
      (#""a\u0000b""#, "a\u{0}b"),
      (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
      (#""é\n€""#, "é\n€"),
    ]
    let scanner = JSONScanner()

    for (text, string) in strings {
      var cursor = try scanner.scan(bytes(text))
      var copy = cursor
      #expect(try cursor.string() == string, "\(text)")
      #expect(try copy.stringBytes() == bytes(string), "\(text)")
    }
  }

  @Test func `compares names by what they stand for`() throws {
    var cursor = try JSONScanner().scan(bytes(#"{"\u0072ecords":1,"record":2,"recordz":3}"#))
    try cursor.enterObject()

    let escaped = try #require(try cursor.nextMember())
    let shorter = try #require(try cursor.nextMember())
    let other = try #require(try cursor.nextMember())

    #expect(cursor.string(escaped, is: "records"))
    #expect(!cursor.string(shorter, is: "records"))
    #expect(!cursor.string(other, is: "records"))
  }

  @Test func `reads integers of 64 bits and no others`() throws {
    let scanner = JSONScanner()
    func read(_ text: String) -> Result<Int64, JSONFault> {
      do throws(JSONFault) {
        var cursor = try scanner.scan(bytes(text))
        return .success(try cursor.integer())
      } catch {
        return .failure(error)
      }
    }
    func kind(_ text: String) -> JSONFault.Kind? {
      if case .failure(let fault) = read(text) { fault.kind } else { nil }
    }

    #expect(read("0") == .success(0))
    #expect(read("-0") == .success(0))
    #expect(read("-17") == .success(-17))
    #expect(read("9223372036854775807") == .success(.max))
    #expect(read("-9223372036854775808") == .success(.min))
    #expect(kind("9223372036854775808") == .outOfRange)
    #expect(kind("-9223372036854775809") == .outOfRange)
    #expect(kind("99999999999999999999999999") == .outOfRange)
    #expect(kind("1.0") == .unexpectedType)
    #expect(kind("1e3") == .unexpectedType)
    #expect(kind("\"1\"") == .unexpectedType)
    #expect(kind("01") == .malformed)
  }

  @Test func `reads truth values and nulls`() throws {
    var cursor = try JSONScanner().scan(bytes("[true,false,null,1]"))
    try cursor.enterArray()

    #expect(try cursor.nextElement())
    #expect(try cursor.bool())
    #expect(try cursor.nextElement())
    #expect(try !cursor.bool())
    #expect(try cursor.nextElement())
    #expect(try cursor.takeNull())
    #expect(try cursor.nextElement())
    #expect(try !cursor.takeNull())
    #expect(
      fault { () throws(JSONFault) in _ = try cursor.bool() }?.detail == "expected true or false")
  }

  @Test func `refuses what is not due`() throws {
    var cursor = try JSONScanner().scan(bytes("[1]"))
    let noContainer = fault { () throws(JSONFault) in _ = try cursor.nextElement() }
    try cursor.enterArray()
    let noElement = fault { () throws(JSONFault) in _ = try cursor.skipValue() }
    let noLine = fault { () throws(JSONFault) in _ = try cursor.nextLine() }

    #expect(noContainer?.detail == "nothing was entered")
    #expect(noElement?.detail == "no value is due here")
    #expect(noLine?.detail == "no line begins here")
  }

  @Test func `counts what was entered against the depth limit`() throws {
    let scanner = JSONScanner(depthLimit: 3)
    func skipInside(_ text: String) -> JSONFault? {
      fault { () throws(JSONFault) in
        var cursor = try scanner.scan(bytes(text))
        try cursor.enterArray()
        _ = try cursor.nextElement()
        _ = try cursor.skipValue()
      }
    }
    func enter(_ text: String) -> JSONFault? {
      fault { () throws(JSONFault) in
        var cursor = try scanner.scan(bytes(text))
        while cursor.kind == .array {
          try cursor.enterArray()
          _ = try cursor.nextElement()
        }
      }
    }

    #expect(skipInside("[[[]]]") == nil)
    #expect(skipInside("[[[[]]]]")?.kind == .tooDeep)
    #expect(
      skipInside("[[[{}]]]")?.message
        == "line 1, column 4: more than 3 arrays and objects within each other")
    #expect(enter("[[[1]]]") == nil)
    #expect(enter("[[[[1]]]]")?.kind == .tooDeep)
  }

  @Test(arguments: [1, 63, 64, 65, 127, 128, 129, 192, 193, 256])
  func `keeps the kinds of containers apart at any depth`(_ depth: Int) throws {
    // Every third container is an array.
    let kinds = (0..<depth).map { $0 % 3 == 0 }
    let opening = kinds.map { $0 ? "[" : "{\"a\":" }.joined()
    let closing = kinds.reversed().map { $0 ? "]" : "}" }
    let scanner = JSONScanner(depthLimit: 256)

    #expect(accepts(bytes(opening + "1" + closing.joined()), scanner))
    #expect(accepts(bytes(opening + "1" + closing.joined()), JSONScanner()) == (depth <= 128))
    #expect(JSONText.isValid(bytes(opening + "1" + closing.joined())) == (depth <= 128))
    for at in [0, depth / 2, depth - 1] {
      var wrong = closing
      wrong[at] = wrong[at] == "]" ? "}" : "]"
      #expect(!accepts(bytes(opening + "1" + wrong.joined()), scanner))
    }
  }

  @Test func `makes faults of the caller's own with their place`() throws {
    let cursor = try JSONScanner().scan(bytes("{\"é\":1,\n \"a\":2}"))

    let made = cursor.fault(.duplicateName, "\"a\" stands twice", at: 10)

    #expect(made.message == "line 2, column 2: \"a\" stands twice")
    #expect((made.offset, made.line, made.column) == (10, 2, 2))
  }
}

@Suite struct `A scanner` {
  @Test func `looks at no byte behind the count`() throws {
    let scanner = JSONScanner()

    var cursor = try scanner.scan(bytes("[1]]]\u{1}\""), count: 3)
    try cursor.finish()

    #expect(accepts(bytes("[1]"), scanner))
  }

  @Test func `serves texts of any size in any order`() throws {
    let scanner = JSONScanner()

    for size in [10, 100_000, 10, 3_000_000, 5000, 2_000_000, 0, 70_000, 1 << 20] {
      let text = bytes("[1,\"" + String(repeating: "a", count: size) + "\"]")
      var cursor = try scanner.scan(text)
      let range = try cursor.skipValue()
      try cursor.finish()
      #expect(range == 0..<text.count)
    }
  }

  @Test func `lets go of the memory of a large text`() throws {
    let scanner = JSONScanner()
    let large = bytes("[\"" + String(repeating: "a", count: 3 << 20) + "\"]")

    #expect(accepts(large, scanner))
    let whileLarge = scanner.capacity
    #expect(accepts(bytes("[]"), scanner))

    #expect(whileLarge >= 3 << 20)
    #expect(scanner.capacity <= JSONScanner.keptCapacity)
  }

  @Test func `uses what this processor does best`() {
    #expect(implementations.contains("fallback"))
    #expect(implementations.contains(JSONScanner.implementation))
    #expect(JSONScanner(implementation: "no such") == nil)
  }
}

@Suite struct `A small text` {
  @Test func `is checked within the bytes around it`() {
    let text = bytes(#"]{"a":[1,2,"x\n"]}["#)

    let inner = JSONText.isValid(text.span.extracting(1..<text.count - 1))
    let more = JSONText.isValid(text.span.extracting(1..<text.count))

    #expect(inner)
    #expect(!more)
  }

  @Test func `may be larger than the thread's own memory`() {
    let large = bytes("[" + String(repeating: "1,", count: 20_000) + "1]")

    #expect(JSONText.isValid(large))
    #expect(!JSONText.isValid(large.dropLast()))
  }

  @Test(arguments: [
    ("", true), ("abc", true), ("é€😀", true), ("\u{0}", true),
  ]) func `is UTF-8 where a string is made of it`(_ text: String, _ verdict: Bool) {
    let isUTF8 = JSONText.isUTF8(Array(text.utf8).span)
    #expect(isUTF8 == verdict)
  }

  @Test(
    arguments: [
      [0x80], [0xC3], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xFF],
    ] as [[UInt8]]) func `is not UTF-8 where it is damaged`(_ text: [UInt8])
  {
    let isUTF8 = JSONText.isUTF8((bytes("abc") + text).span)
    #expect(!isUTF8)
  }
}

extension JSONText {
  static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool { isValid(Array(bytes)) }
}
