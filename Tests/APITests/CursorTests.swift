import TestSupport
import Testing

@testable import API

/// A generator that gives the same numbers for the same seed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

struct CursorTests {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private func cursor(_ random: inout Seeded) -> ReadCursor {
    ReadCursor(
      parts: (0..<Int.random(in: 1...4, using: &random)).map { _ in
        let isOne = Bool.random(using: &random)
        return ReadCursor.Part(
          topic: random.next(),
          partition: isOne ? Int32.random(in: 0...Int32.max - 1, using: &random) : nil,
          offsets: (0..<(isOne ? 1 : Int.random(in: 1...9, using: &random))).map { _ in
            Int64.random(in: 0...Int64.max, using: &random)
              >> Int64.random(in: 0...62, using: &random)
          })
      })
  }

  @Test(arguments: 1...200)
  func `a cursor comes back as it was`(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let cursor = cursor(&random)

    let text = try #require(cursor.text())

    #expect(text.allSatisfy { Self.alphabet.contains($0) })
    #expect(try ReadCursor(text.span) == cursor)
  }

  @Test(arguments: 1...50)
  func `a cursor with one other character is refused`(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let text = try #require(cursor(&random).text())

    for place in text.indices {
      var changed = text
      let other = Self.alphabet.filter { $0 != text[place] }
      changed[place] = other.randomElement(using: &random)!

      #expect(throws: ReadingFault.badCursor, "seed \(seed), place \(place)") {
        try ReadCursor(changed.span)
      }
    }
  }

  @Test(arguments: 1...50)
  func `a cursor that was cut or grew is refused`(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let text = try #require(cursor(&random).text())

    for count in 0..<text.count {
      #expect(throws: ReadingFault.badCursor, "seed \(seed)") {
        try ReadCursor(Array(text[..<count]).span)
      }
    }
    #expect(throws: ReadingFault.badCursor) { try ReadCursor((text + Array("AAAA".utf8)).span) }
  }

  @Test(arguments: 1...200)
  func `noise is refused and never traps`(_ seed: UInt64) {
    var random = Seeded(seed)
    let noise = (0..<Int.random(in: 0...60, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }

    #expect(throws: ReadingFault.badCursor) { try ReadCursor(noise.span) }
  }

  @Test func `the largest cursor of a merged read has at most 8192 characters`() throws {
    let offsets = [Int64](repeating: 1 << 42 - 1, count: ReadCursor.maximumPartitions)
    let empty = (1..<ReadCursor.maximumTopics).map {
      ReadCursor.Part(topic: UInt64($0), partition: nil, offsets: [])
    }
    let cursor = ReadCursor(parts: [.init(topic: 0, partition: nil, offsets: offsets)] + empty)

    let text = try #require(cursor.text())

    #expect(text.count <= ReadCursor.maximumLength)
  }

  @Test func `a cursor that would be longer is not made`() {
    let offsets = [Int64](repeating: .max, count: ReadCursor.maximumPartitions)

    let text = ReadCursor(parts: [.init(topic: 0, partition: nil, offsets: offsets)]).text()

    #expect(text == nil)
  }

  @Test func `a text that is too long is not even decoded`() {
    let text = [UInt8](repeating: UInt8(ascii: "A"), count: ReadCursor.maximumLength + 1)

    #expect(throws: ReadingFault.badCursor) { try ReadCursor(text.span) }
  }
}
