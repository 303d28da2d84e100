import Model
import Store
import TestSupport
import Testing

@testable import API

/// Records that were acknowledged and cannot be read any more, as callers meet them.
struct DamageTests {
  private let store = MemoryStore()

  /// Ten records of which three are damaged.
  private func client() throws -> InProcess {
    let client = try InProcess(store)
    _ = try client.send(.make("a"))
    for number in 0..<10 { _ = try client.send(.post("/topics/a", "\(number)")) }
    store.damage(TopicName("a")!, 0, 4..<7)
    return client
  }

  private func offsets(_ text: String) -> [Int] {
    text.split(separator: "\n").compactMap { line in
      line.firstRange(of: #""offset":"#).flatMap { range in
        Int(line[range.upperBound...].prefix { $0.isNumber })
      }
    }
  }

  @Test func `a read from before them goes on behind them`() throws {
    let client = try client()

    let lines = try client.send(.get("/topics/a/records", accept: "application/x-ndjson"))

    #expect(lines.status == 200)
    #expect(offsets(lines.text) == [0, 1, 2, 3, 7, 8, 9])
  }

  @Test func `pages go over them wherever a page ends`() throws {
    let client = try client()
    for limit in 1...8 {
      var read: [Int] = []
      var next = ""
      for _ in 0..<20 where read.last != 9 {
        let page = try client.send(.get("/topics/a/records?limit=\(limit)\(next)"))
        #expect(page.status == 200, "\(page.text)")
        read += offsets(page.text.replacing("}", with: "\n"))
        let behind = try #require(page.text.firstRange(of: #""next":""#)?.upperBound)
        next = "&cursor=" + page.text[behind...].prefix { $0 != "\"" }
      }
      #expect(read == [0, 1, 2, 3, 7, 8, 9], "limit \(limit)")
    }
  }

  @Test func `who asks for one of them is told which they are`() throws {
    let client = try client()

    for offset in 4...6 {
      let answer = try client.send(.get("/topics/a/partitions/0/records/\(offset)"))
      #expect(answer.status == 500)
      #expect(answer.text.contains("Offsets 4 to 6 of partition 0 of 'a' were acknowledged"))
      #expect(answer.text.contains("Go on reading at offset 7."))
    }
    #expect(try client.send(.get("/topics/a/partitions/0/records/7")).status == 200)
  }

  @Test func `the topic's detail lists them`() throws {
    let client = try client()

    let detail = try client.send(.get("/topics/a?detail=true")).text

    #expect(detail.contains(#""damage":[{"partition":0,"from":4,"to":7}]"#))
  }
}
