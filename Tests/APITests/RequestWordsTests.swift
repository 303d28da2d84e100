import TestSupport
import Testing

@testable import API

struct RequestWordsTests {
  @Test(
    arguments: [
      ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("2h", 7_200_000), ("1d", 86_400_000),
      ("250", 250),
      ("0", 0),
    ] as [(String, Int64)])
  func `durations have units, or are milliseconds`(_ text: String, _ milliseconds: Int64) {
    #expect(Durations.milliseconds(text) == milliseconds)
  }

  @Test(arguments: [
    "", "s", "5 m", "-5m", "1.5s", "5M", "9999999999999999999", "999999999999d", "٣s",
  ])
  func `what is no duration is none`(_ text: String) {
    #expect(Durations.milliseconds(text) == nil)
  }

  @Test(
    arguments: [
      ("earliest", .earliest), ("latest", .latest), ("1000", .time(1000)), ("-15m", .time(100_000)),
      ("-1d", .time(0)), ("1970-01-01T00:00:01Z", .time(1000)),
      ("1970-01-01T02:00:01+02:00", .time(1000)),
    ] as [(String, TimeQuestion)])
  func `times are asked for in four ways`(_ text: String, _ question: TimeQuestion) {
    #expect(TimeQuestion(text, now: 1_000_000) == question)
  }

  @Test(arguments: ["", "Earliest", "15m", "-", "-x", "1e3", "1970-01-01", "99999999999999999999"])
  func `what is no time is none`(_ text: String) {
    #expect(TimeQuestion(text, now: 1_000_000) == nil)
  }

  @Test(arguments: [
    ("application/json", "application/json"),
    ("Application/JSON ; charset=utf-8", "application/json"),
    ("text/plain;a=b", "text/plain"),
  ])
  func `a media type is read without its parameters`(_ text: String, _ essence: String) {
    #expect(MediaType(text)?.essence == essence)
  }

  @Test(arguments: ["", "json", "a/b/c", "a b/c", "/x", "x/", "a/b c"])
  func `what is no media type is none`(_ text: String) {
    #expect(MediaType(text) == nil)
  }

  @Test func `parameters are read with and without quotes`() {
    let type = MediaType(#"text/plain; charset="UTF-8" ;q=0.5"#)

    #expect(type?.parameter("charset") == "utf-8")
    #expect(type?.parameter("q") == "0.5")
    #expect(type?.parameter("x") == nil)
  }

  @Test(
    arguments: [
      (nil, "a/a"), ("*/*", "a/a"), ("b/b", "b/b"), ("b/*", "b/b"), ("a/a;q=0.1, b/b", "b/b"),
      ("a/a;q=0, */*", "b/b"), ("*/*;q=0.1, b/b;q=0.2", "b/b"), ("x/x", nil), ("a/a;q=0", nil),
      ("*/*, b/b", "b/b"), ("x/x, a/a", "a/a"), ("garbage", "a/a"),
    ] as [(String?, String?)])
  func `the type that is liked best is answered`(_ header: String?, _ best: String?) {
    #expect(Accept(header).best(of: ["a/a", "b/b"]) == best)
  }
}
