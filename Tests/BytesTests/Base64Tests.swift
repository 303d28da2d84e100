import Bytes
import Testing

@Suite struct `Base64 text` {
  /// RFC 4648, section 10.
  static let vectors: [(String, String)] = [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ]

  @Test(arguments: vectors) func `has the vectors of RFC 4648`(_ plain: String, _ coded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == coded)
    #expect(Base64.decode(Array(coded.utf8).span) == Array(plain.utf8))
  }

  @Test func `has two alphabets and reads both`() {
    let bytes: [UInt8] = [0xFB, 0xEF, 0xFF, 0xFE]

    #expect(Base64.encode(bytes) == "++///g==")
    #expect(Base64.encode(bytes, .url) == "--___g")
    #expect(Base64.decode(Array("++///g==".utf8).span) == bytes)
    #expect(Base64.decode(Array("--___g".utf8).span) == bytes)
    #expect(Base64.decode(Array("--___g==".utf8).span) == bytes)
    #expect(Base64.decode(Array("++///g".utf8).span) == bytes)
  }

  @Test(arguments: 0..<70) func `gives back bytes of any length`(_ count: Int) {
    let bytes = noise(count)

    #expect(Base64.decode(Array(Base64.encode(bytes).utf8).span) == bytes)
    #expect(Base64.decode(Array(Base64.encode(bytes, .url).utf8).span) == bytes)
  }

  @Test func `appends to what is there`() {
    var output = Array("data:".utf8)

    Base64.encode(Array("foo".utf8).span, into: &output)

    #expect(String(decoding: output, as: UTF8.self) == "data:Zm9v")
  }

  @Test(arguments: [
    "Z", "Zm9vY", "Z===", "=", "==", "====", "Zg=", "Zm8==", "Zm9v=", "Zm9v==", "Zm=v", "=Zm9",
    "Zm 9v", "Zm9v\n", "Zm9*", "Zm9é",
    "Zh==", "Zm9=", "Zm9vYh", "Zg==Zg==",
  ]) func `refuses what is none`(_ text: String) {
    #expect(Base64.decode(Array(text.utf8).span) == nil)
  }
}
