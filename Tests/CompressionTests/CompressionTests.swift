import Compression
import Testing

@Suite struct `Compression` {
  static func text(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { i in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return i % 3 == 0 ? UInt8(truncatingIfNeeded: state >> 60) : UInt8(97 + i / 7 % 20)
    }
  }

  @Test(arguments: ContentCoding.allCases, [0, 1, 63, 1_000, 65_536, 3_000_000])
  func `what was compressed comes back`(coding: ContentCoding, count: Int) throws {
    let text = Self.text(count)

    let packed = coding.compress(text.span)
    let back = try coding.decompress(packed.span, atMost: count, spare: 64)

    #expect(back == text)
    #expect(back.capacity >= count + 64)
    if count > 1000 { #expect(packed.count < count * 3 / 4) }
  }

  @Test(arguments: ContentCoding.allCases)
  func `a text over the limit is refused, at the limit it is not`(coding: ContentCoding) throws {
    let zeros = [UInt8](repeating: 0, count: 10_000_000)
    let packed = coding.compress(zeros.span)

    #expect(throws: CompressionError.tooLarge(limit: 9_999_999)) {
      try coding.decompress(packed.span, atMost: 9_999_999)
    }
    #expect(throws: CompressionError.tooLarge(limit: 0)) {
      try coding.decompress(packed.span, atMost: 0)
    }
    #expect(try coding.decompress(packed.span, atMost: 10_000_000) == zeros)
  }

  @Test(arguments: ContentCoding.allCases)
  func `damage and missing ends are told apart`(coding: ContentCoding) throws {
    let packed = coding.compress(Self.text(10_000).span)

    #expect(throws: CompressionError.truncated) {
      try coding.decompress(packed.span.extracting(0..<packed.count - 1), atMost: 1 << 20)
    }
    #expect(throws: CompressionError.truncated) {
      try coding.decompress([UInt8]().span, atMost: 1 << 20)
    }
    #expect(throws: CompressionError.corrupt) {
      try coding.decompress(Array("no such coding at all".utf8).span, atMost: 1 << 20)
    }
    #expect(throws: CompressionError.corrupt) {
      try coding.decompress((packed + [1, 2, 3, 4, 5, 6]).span, atMost: 1 << 20)
    }
  }

  @Test(arguments: ContentCoding.allCases, [1, 2, 3] as [UInt64])
  func `damaged bytes never trap`(coding: ContentCoding, seed: UInt64) {
    let packed = coding.compress(Self.text(5_000, seed: seed).span)
    var state = seed

    for _ in 0..<300 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var damaged = packed
      damaged[Int(state >> 33) % damaged.count] ^= UInt8(truncatingIfNeeded: state >> 20) | 1
      let text = try? coding.decompress(damaged.span, atMost: 20_000)
      #expect((text?.count ?? 0) <= 20_000)
    }
  }

  @Test(arguments: ContentCoding.allCases)
  func `members and frames that follow one another are one text`(coding: ContentCoding) throws {
    let (a, b) = (Self.text(3_000), Self.text(4_000, seed: 9))

    let packed = coding.compress(a.span) + coding.compress(b.span)

    #expect(try coding.decompress(packed.span, atMost: 1 << 20) == a + b)
  }

  @Test(arguments: ContentCoding.allCases, [1, 7, 4_096])
  func `a stream in pieces comes back, each flush at once`(coding: ContentCoding, size: Int) throws
  {
    let text = Self.text(30_000)
    let encoder = Compressor(coding)
    let decoder = Decompressor(coding)
    var back: [UInt8] = []

    var at = 0
    while at < text.count {
      let end = min(at + size * 10, text.count)
      var packed: [UInt8] = []
      encoder.append(text.span.extracting(at..<end), .flush, to: &packed)
      for start in stride(from: 0, to: packed.count, by: size) {
        let piece = packed.span.extracting(start..<min(start + size, packed.count))
        try decoder.append(piece, to: &back, atMost: text.count)
      }
      #expect(back.count == end)
      at = end
    }
    #expect(!decoder.isComplete)
    var last: [UInt8] = []
    encoder.append([UInt8]().span, .finish, to: &last)
    try decoder.append(last.span, to: &back, atMost: text.count)

    #expect(back == text)
    #expect(decoder.isComplete)
  }

  @Test func `a zstd window over 8 MiB is refused`() throws {
    // A frame header that asks for a window of 128 MiB: magic, no flags, exponent 17.
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 17 << 3, 0x01, 0x00, 0x00]

    #expect(throws: CompressionError.corrupt) {
      try ContentCoding.zstd.decompress(frame.span, atMost: 1 << 20)
    }
  }

  @Test func `codings are known by name`() {
    #expect(ContentCoding(named: "GZIP") == .gzip)
    #expect(ContentCoding(named: "x-gzip") == .gzip)
    #expect(ContentCoding(named: "zstd") == .zstd)
    #expect(ContentCoding(named: "br") == nil)
  }
}
