import Glibc
import JSON
import Testing

/// Memory whose end is followed by a page that must not be touched: reading one byte too far ends
/// the process.
final class GuardedPage {
  private let start: UnsafeMutableRawPointer
  private let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  init() {
    start = mmap(nil, 2 * pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    precondition(start != MAP_FAILED)
    precondition(mprotect(start + pageSize, pageSize, PROT_NONE) == 0)
  }

  deinit { munmap(start, 2 * pageSize) }

  /// Runs `body` on `text` where it ends with the page.
  func with<Result>(_ text: [UInt8], _ body: (Span<UInt8>) -> Result) -> Result {
    let place = UnsafeMutableRawBufferPointer(
      start: start + pageSize - text.count, count: text.count)
    place.copyBytes(from: text)
    return body(UnsafeBufferPointer(place.assumingMemoryBound(to: UInt8.self)).span)
  }
}

@Suite struct `The end of a text` {
  static let endings: [[UInt8]] =
    [
      #""a\n""#, "123", "-1.5e10", "true", "null", "[]", "{}", "\"", "tru", "1.", "\"\\", "\"\\u00",
      "[1,", "\"é", "\"€", "\"😀", "\"a\u{1}",
    ].map { bytes($0) }
    + [
      [0x22, 0xC3], [0x22, 0xE2], [0x22, 0xE2, 0x82], [0x22, 0xF0], [0x22, 0xF0, 0x9F],
      [0x22, 0xF0, 0x9F, 0x98], [0x22, 0xFF], [0x22, 0x80], [0x22, 0x5C, 0xC3], [0xE2, 0x82],
    ]

  @Test(arguments: endings) func `is the last byte that is read`(_ ending: [UInt8]) {
    let page = GuardedPage()
    for padding in 0..<140 {
      let text = [UInt8](repeating: 0x20, count: padding) + ending
      let expected = jansson(text) == .accepted

      let valid = page.with(text) { JSONText.isValid($0) }
      let isUTF8 = page.with(text) { JSONText.isUTF8($0) }

      #expect(valid == expected)
      #expect(isUTF8 == (String(validating: text, as: UTF8.self) != nil))
      for name in implementations {
        let valid = page.with(text) { JSONText.isValid($0, implementation: name) }
        #expect(valid == expected, "\(name)")
      }
    }
  }
}
