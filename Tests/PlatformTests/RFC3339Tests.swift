import Glibc
import Platform
import Testing

@Suite struct RFC3339Tests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (951_868_800_000, "2000-03-01T00:00:00.000Z"),
      (1_795_612_601_123, "2026-11-25T13:16:41.123Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
      (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func `a time has one text, which reads back`(milliseconds: Int64, text: String) {
    #expect(RFC3339.text(milliseconds: milliseconds) == text)
    #expect(RFC3339.parse(text) == milliseconds)
  }

  @Test(
    arguments: [
      (253_402_300_800_000, "+10000-01-01T00:00:00.000Z"),
      (-62_167_219_200_001, "-0001-12-31T23:59:59.999Z"),
      (.max, "+292278994-08-17T07:12:55.807Z"),
      (.min, "-292275055-05-16T16:47:04.192Z"),
    ] as [(Int64, String)])
  func `a year of other than four digits still has a text`(milliseconds: Int64, text: String) {
    #expect(RFC3339.text(milliseconds: milliseconds) == text)
  }

  @Test func `times agree with the C library from year 0 to 9999`() throws {
    var state: UInt64 = 42
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let seconds = Int64(state >> 16) % 315_569_520_000 - 62_167_219_200
      var moment = time_t(seconds)
      var fields = tm()
      gmtime_r(&moment, &fields)
      func padded(_ value: some BinaryInteger, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: width - digits.count) + digits
      }
      let year = padded(fields.tm_year + 1900, 4)
      let date = "\(year)-\(padded(fields.tm_mon + 1, 2))-\(padded(fields.tm_mday, 2))"
      let clock = [fields.tm_hour, fields.tm_min, fields.tm_sec].map { padded($0, 2) }
      let expected = "\(date)T\(clock.joined(separator: ":")).000Z"

      try #require(RFC3339.text(milliseconds: seconds * 1_000) == expected)
      try #require(RFC3339.parse(expected) == seconds * 1_000)
    }
  }

  @Test(
    arguments: [
      ("2026-11-25T13:16:41Z", 1_795_612_601_000),
      ("2026-11-25t13:16:41z", 1_795_612_601_000),
      ("2026-11-25 13:16:41Z", 1_795_612_601_000),
      ("2026-11-25T13:16:41.1Z", 1_795_612_601_100),
      ("2026-11-25T13:16:41.123999999Z", 1_795_612_601_123),
      ("2026-11-25T15:16:41+02:00", 1_795_612_601_000),
      ("2026-11-25T02:46:41-10:30", 1_795_612_601_000),
      ("2026-11-25T13:16:41-00:00", 1_795_612_601_000),
      ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ] as [(String, Int64)])
  func `offsets, fractions and leap seconds are read`(text: String, milliseconds: Int64) {
    #expect(RFC3339.parse(text) == milliseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-11-25", "2026-11-25T13:16:41", "2026-11-25T13:16Z", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-31T00:00:00Z",
    "2026-11-00T00:00:00Z", "2026-11-25T24:00:00Z", "2026-11-25T13:60:00Z",
    "2026-11-25T13:16:61Z", "2026-11-25T13:16:41.Z", "2026-11-25T13:16:41+24:00",
    "2026-11-25T13:16:41+02", "2026-11-25T13:16:41+0200", "2026-11-25T13:16:41ZZ",
    "2026-11-25T13:16:41Z ", " 2026-11-25T13:16:41Z", "2026-11-25T13:16:4\u{661}Z",
    "+2026-11-25T13:16:41Z", "-026-11-25T13:16:41Z",
    "2026-11-25T13:16:41." + String(repeating: "1", count: 100) + "Z",
  ])
  func `what is no time is refused`(text: String) {
    #expect(RFC3339.parse(text) == nil)
  }
}
