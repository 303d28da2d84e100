import JSON
import Testing

@Suite struct `One value a line` {
  func lines(_ text: String) -> Result<[String], JSONFault> {
    let text = bytes(text)
    var lines: [String] = []
    do throws(JSONFault) {
      var cursor = try JSONScanner().scan(text)
      while let range = try cursor.nextLine() { lines.append(JSONTests.text(text[range])) }
      try cursor.finish()
      return .success(lines)
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: [
    ("", []), ("\n", []), (" \n\t\r\n\n", []), ("1", ["1"]), ("1\n", ["1"]),
    ("1\n2\n", ["1", "2"]), ("1\r\n2\r\n", ["1", "2"]),
    ("\n\n1\n\n2", ["1", "2"]), ("  {\"a\" : 1}  \n[ ]\n", ["{\"a\" : 1}", "[ ]"]),
    ("\"a\\n\"\nnull\ntrue\n", ["\"a\\n\"", "null", "true"]),
  ]) func `is found in one pass`(_ text: String, _ expected: [String]) {
    #expect(lines(text) == .success(expected))
  }

  @Test(arguments: [
    ("1\n{\"a\":\n1}\n", "line 2, column 6: the line ends before its value does"),
    ("1\n{\"a\":1\n{\"b\":2}\n", "line 2, column 7: the line ends before its value does"),
    ("[1,2\n", "line 1, column 5: the line ends before its value does"),
    ("[1,2", "line 1, column 5: the text ends too early"),
    ("1 2\n", "line 1, column 3: expected the end of the line"),
    ("{}\n{}{}\n", "line 2, column 3: expected the end of the line"),
    ("1\n\n2\n{\"a\" 1}\n", "line 4, column 6: expected ':'"),
    ("1\n\"abc\n2\n", "line 2, column 5: a line break in a string must be escaped"),
    ("1\n\"abc", "line 2, column 1: the string does not end"),
    ("1\r2\n", "line 1, column 3: expected the end of the line"),
    ("1\n]\n", "line 2, column 1: expected a value"),
  ]) func `is refused with its line`(_ text: String, _ message: String) {
    guard case .failure(let fault) = lines(text) else {
      Issue.record("accepted")
      return
    }
    #expect(fault.message == message)
  }

  @Test func `can be taken apart from a copy made before`() throws {
    let text = bytes("{\"id\":7}\n{\"id\":8}\n")
    var cursor = try JSONScanner().scan(text)
    var ids: [Int64] = []

    while true {
      var inside = cursor
      guard try cursor.nextLine() != nil else { break }
      try inside.enterObject()
      #expect(try inside.nextMember() != nil)
      ids.append(try inside.integer())
    }

    #expect(ids == [7, 8])
  }
}
