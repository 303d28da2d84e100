import Platform
import Synchronization
import Telemetry
import Testing

/// Keeps what a log writes.
private final class Lines: Sendable {
  private let written = Lock<[String]>([])

  func append(_ line: [UInt8]) {
    written.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
  }

  var all: [String] { written.withLock { $0 } }
}

private final class FixedTime: TimeSource {
  let now = Instant(nanoseconds: 0)
  let wallMilliseconds: Int64 = 1_795_612_601_123
}

@Suite struct LogTests {
  private func lines(
    _ level: LogLevel = .debug, _ format: LogFormat = .text, _ body: (Log) -> Void
  ) -> [String] {
    let lines = Lines()
    body(Log(level, format, time: FixedTime()) { lines.append($0) })
    return lines.all
  }

  @Test func `a text line has time, level, component, message and fields`() {
    let written = lines { log in
      log.info("started")
      log.named("journal").warning(
        "the disk is nearly full",
        ["path": "/var/lib", "free": 17, "share": 0.5, "refusing": true, "name": "a b", "none": ""])
    }

    #expect(
      written == [
        "2026-11-25T13:16:41.123Z INFO    started\n",
        "2026-11-25T13:16:41.123Z WARNING journal: the disk is nearly full path=/var/lib free=17 "
          + "share=0.5 refusing=true name=\"a b\" none=\"\"\n",
      ])
  }

  @Test func `a JSON line is an object with the same`() {
    let written = lines(.debug, .json) { log in
      log.named("http").error("no \"luck\"", ["bad": "\u{1B}[2J\n", "n": -3, "x": .number(.nan)])
    }

    #expect(
      written == [
        #"{"time":"2026-11-25T13:16:41.123Z","level":"error","component":"http","#
          + #""message":"no \"luck\"","bad":"\u001b[2J\n","n":-3,"x":null}"# + "\n"
      ])
  }

  @Test func `level and format change for a log and all that share its origin`() {
    let written = lines(.info) { log in
      let part = log.named("http")
      part.debug("unseen")
      log.set(.debug, .json)
      part.debug("seen")
      part.set(.error, .text)
      log.warning("unseen")
      log.error("seen")
    }

    #expect(
      written == [
        #"{"time":"2026-11-25T13:16:41.123Z","level":"debug","component":"http","message":"seen"}"#
          + "\n", "2026-11-25T13:16:41.123Z ERROR   seen\n",
      ])
  }

  @Test(arguments: LogFormat.allCases)
  func `a line stays one line whatever a client sent`(format: LogFormat) throws {
    let hostile = "a\nb\rc\u{0}d\u{85}e\u{2028}f\u{9B}2Jg\u{7F}\"\\"
    let line = try #require(
      lines(.debug, format) { $0.info(hostile, ["field": "\(hostile)"]) }.first)

    #expect(line.last == "\n")
    #expect(
      line.dropLast().unicodeScalars.allSatisfy { scalar in
        scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
          && !(0x2028...0x2029).contains(scalar.value)
      })
  }

  @Test(arguments: LogFormat.allCases)
  func `a line has an end however much it is given`(format: LogFormat) throws {
    let long = String(repeating: "\u{1}", count: 100_000)
    let fields: KeyValuePairs<String, LogValue> = [
      "a": "\(long)", "b": "\(long)", "c": "\(long)", "d": "\(long)", "e": "\(long)",
      "f": "\(long)", "g": "\(long)", "h": "\(long)", "i": "\(long)", "j": "\(long)",
      "k": "\(long)", "l": "\(long)", "m": "\(long)", "n": "\(long)", "o": "\(long)",
    ]
    let line = try #require(lines(.debug, format) { $0.info(long, fields) }.first)

    #expect(line.utf8.count > 4_096 && line.utf8.count <= 16_384)
    #expect(line.hasSuffix(format == .json ? "…\"}\n" : "…\"\n"))
  }

  @Test func `below its level a log makes nothing`() {
    let made = Atomic(0)
    func message() -> String {
      made.add(1, ordering: .relaxed)
      return "expensive"
    }
    let written = lines(.warning) { log in
      log.debug(message())
      log.info(message())
      log.warning("cheap")
      log.error("cheap")
    }

    #expect(made.load(ordering: .relaxed) == 0)
    #expect(written.count == 2)
    #expect(!Log.off.writes(.error))
  }

  @Test func `levels are found by their names`() {
    for level in LogLevel.allCases { #expect(LogLevel(name: level.name) == level) }
    #expect(LogLevel(name: "verbose") == nil)
    #expect(LogLevel.debug < .info && LogLevel.info < .warning && LogLevel.warning < .error)
  }
}
