import JSON
import Testing

@Suite struct PointerTests {
  @Test(arguments: ["id", "/a~", "/a~2"])
  func `what is no JSON Pointer is none`(_ text: String) {
    #expect(JSONPointer(text) == nil)
  }

  @Test(
    arguments: [
      ("", "{\"a\":1}", "{\"a\":1}"), ("/a", "{\"b\":2,\"a\":\"x\"}", "x"),
      ("/a/1", "{\"a\":[1,[2]]}", "[2]"),
      ("/a~1b/m~0n", "{\"a/b\":{\"m~n\":true}}", "true"), ("/", "{\"\":5}", "5"),
      ("/a", "{\"a\":null}", nil),
      ("/a", "{}", nil), ("/a/0", "{\"a\":[]}", nil), ("/a/00", "{\"a\":[1]}", nil),
      ("/a/b", "{\"a\":1}", nil),
      ("/a/-", "{\"a\":[1]}", nil), ("/\u{e9}", "{\"\\u00e9\":\"\\u00e9\"}", "\u{e9}"),
    ] as [(String, String, String?)])
  func `a pointer finds a key`(_ pointer: String, _ text: String, _ key: String?) throws {
    let pointer = try #require(JSONPointer(pointer))
    var cursor = try JSONScanner().scan(Array(text.utf8))

    let found = try pointer.key(in: &cursor)

    #expect(found.map { String(decoding: $0, as: UTF8.self) } == key)
  }
}
