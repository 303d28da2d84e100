import Model
import Testing

@Suite struct SettingKindTests {
  @Test(
    arguments: [
      ("500ms", "500"), ("30s", "30000"), ("5m", "300000"), ("2h", "7200000"),
      ("7d", "604800000"), ("250", "250"), ("-1", "-1"), ("+3", "3"), ("007", "7"),
      ("", nil), ("ms", nil), ("1w", nil), ("1.5s", nil), ("5 m", nil), ("5M", nil), ("-2", nil),
      ("9223372036854775807", "9223372036854775807"), ("9223372036854775808", nil),
      ("106751991168d", nil), ("1m2", nil),
    ] as [(String, String?)])
  func `a duration is understood with its unit and kept in milliseconds`(
    text: String, canonical: String?
  ) {
    #expect(SettingKind.duration(-1...Int64.max).canonical(text) == canonical)
  }

  @Test(
    arguments: [
      ("1024", "1024"), ("2B", "2"), ("64KiB", "65536"), ("64MiB", "67108864"),
      ("2GiB", "2147483648"), ("1TiB", "1099511627776"), ("5kB", "5000"), ("5KB", "5000"),
      ("3MB", "3000000"), ("1GB", "1000000000"), ("1TB", "1000000000000"),
      ("64mib", nil), ("64M", nil), ("-1", nil), ("2TiB", nil), ("1e3", nil),
    ] as [(String, String?)])
  func `a size is understood with its unit and kept in bytes`(text: String, canonical: String?) {
    #expect(SettingKind.size(0...1 << 40).canonical(text) == canonical)
  }

  @Test func `a size that must be a multiple is one`() {
    let kind = SettingKind.size(0...1 << 30, multipleOf: 1 << 20)

    #expect(kind.canonical("3MiB") == "3145728")
    #expect(kind.canonical("3MB") == nil)
    #expect(kind.expectation.contains("a multiple of 1048576"))
  }

  @Test func `a whole number has bounds and no unit`() {
    let kind = SettingKind.integer(4...1024)

    #expect(kind.canonical("4") == "4" && kind.canonical("1024") == "1024")
    #expect(kind.canonical("3") == nil && kind.canonical("1025") == nil)
    #expect(kind.canonical("8s") == nil && kind.canonical("8.0") == nil)
  }

  @Test func `truth is written true and false`() {
    #expect(SettingKind.boolean.canonical("TRUE") == "true")
    #expect(SettingKind.boolean.canonical("false") == "false")
    #expect(SettingKind.boolean.canonical("1") == nil)
    #expect(SettingKind.boolean.canonical("") == nil)
  }

  @Test func `a number that need not be whole has bounds and no other spelling`() {
    let kind = SettingKind.real(0...1)

    #expect(kind.canonical("0.50") == "0.5" && kind.canonical("1e-2") == "0.01")
    #expect(kind.canonical("1.1") == nil && kind.canonical("nan") == nil)
    #expect(kind.canonical("0x1p-1") == nil && kind.canonical("") == nil)
  }

  @Test func `a choice is one of its words, a list some of them`() {
    let choice = SettingKind.choice(["text", "json"])
    let list = SettingKind.list(["delete", "compact"])

    #expect(choice.canonical("json") == "json" && choice.canonical("JSON") == nil)
    #expect(list.canonical(" compact, delete ,compact") == "compact,delete")
    #expect(list.canonical("") == "" && list.canonical("keep") == nil)
    #expect(SettingKind.list([]).canonical("a:1,,b:2") == "a:1,b:2")
  }
}
