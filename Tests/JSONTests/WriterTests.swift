import JSON
import Testing

@Suite struct `A writer` {
  func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    return text(writer.bytes)
  }

  @Test func `sets the commas`() {
    let result = written { writer in
      writer.beginObject()
      writer.name("a")
      writer.beginArray()
      writer.integer(1)
      writer.beginArray()
      writer.endArray()
      writer.beginObject()
      writer.endObject()
      writer.null()
      writer.endArray()
      writer.name("b")
      writer.bool(true)
      writer.name(text: "c\"")
      writer.bool(false)
      writer.name("d")
      writer.raw(bytes(#"{"x" : 1}"#).span)
      writer.endObject()
    }

    #expect(result == #"{"a":[1,[],{},null],"b":true,"c\"":false,"d":{"x" : 1}}"#)
  }

  @Test func `writes integers of every width`() {
    let result = written { writer in
      writer.beginArray()
      writer.integer(0)
      writer.integer(Int8.min)
      writer.integer(UInt16.max)
      writer.integer(Int64.min)
      writer.integer(Int64.max)
      writer.integer(UInt64.max)
      writer.integer(-10)
      writer.endArray()
    }

    #expect(
      result == "[0,-128,65535,-9223372036854775808,9223372036854775807,18446744073709551615,-10]")
  }

  @Test func `escapes what must be and nothing else`() {
    let all = String(
      String.UnicodeScalarView((0..<0x80).compactMap { Unicode.Scalar($0 as UInt32) }))

    let result = written { $0.string(all + "é€😀\u{2028}") }

    #expect(
      result == #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
        + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017"#
        + #"\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"#
        + ##" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"##
        + ##"[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"##
        + "\u{7f}é€😀\u{2028}\"")
  }

  @Test(arguments: 0..<20) func `finds an escape at any place`(_ place: Int) throws {
    let plain = [UInt8](repeating: UInt8(ascii: "x"), count: place)
    for byte in [0x00, 0x1F, 0x22, 0x5C] as [UInt8] {
      let input = plain + [byte] + plain
      let result = bytes(written { $0.string(utf8: input.span) })

      var cursor = try JSONScanner().scan(result)
      #expect(try cursor.stringBytes() == input)
    }
  }

  @Test(arguments: [21, 22] as [UInt64])
  func `writes strings that read back the same`(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let scanner = JSONScanner()

    for _ in 0..<500 {
      let string = String(
        String.UnicodeScalarView(
          (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
            Unicode.Scalar(
              UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7F : 0x10FFFF), using: &random)
            )
          }))
      let result = bytes(written { $0.string(string) })
      var cursor = try scanner.scan(result)
      #expect(try cursor.stringBytes() == bytes(string))
    }
  }

  @Test func `writes bytes in base64`() {
    #expect(written { $0.base64([0xFF, 0x00, 0x10].span) } == #"{"$base64":"/wAQ"}"#)
    #expect(written { $0.base64String(bytes("a").span) } == #""YQ==""#)
  }

  @Test func `puts a value on one line`() {
    let value = bytes("{\n \"a\":\r\n \"x\\n\"}")

    let result = written { $0.rawLine(value.span) }

    #expect(result == "{  \"a\":   \"x\\n\"}")
    #expect(jansson(bytes(result)) == .accepted)
  }

  @Test func `writes numbers with a fraction, and null for none`() {
    let result = written { writer in
      writer.beginArray()
      for real in [0.1, 1, -2.5e300, .leastNonzeroMagnitude, .infinity, .nan] { writer.real(real) }
      writer.endArray()
    }

    #expect(result == "[0.1,1.0,-2.5e+300,5e-324,null,null]")
    #expect(jansson(bytes(result)) == .accepted)
  }

  @Test func `goes on behind what was there`() {
    var writer = JSONWriter(appendingTo: bytes("data: "))

    writer.integer(7)

    #expect(text(writer.bytes) == "data: 7")
  }
}
