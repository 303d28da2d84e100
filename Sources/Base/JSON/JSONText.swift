internal import Bytes
internal import CSimdJSON

/// Questions about small pieces of text, for any thread.
public enum JSONText {
  /// How many arrays and objects may stand within each other in a valid text.
  static let depthLimit = 128

  /// Whether `bytes` are one JSON value, by RFC 8259 and with at most 128 arrays and objects within
  /// each other, and nothing but white space around it.
  public static func isValid(_ bytes: Span<UInt8>) -> Bool {
    if bytes.count <= Int(CURLEW_JSON_SMALL), let stage = unsafe curlew_json_thread_stage() {
      return unsafe isValid(bytes, stage)
    }
    return isValid(bytes, implementation: nil)
  }

  /// The same by the implementation of that name; false where this processor has it not.
  package static func isValid(_ bytes: Span<UInt8>, implementation: String?) -> Bool {
    guard let stage = unsafe curlew_json_stage_create(implementation) else { return false }
    defer { unsafe curlew_json_stage_destroy(stage) }
    return unsafe curlew_json_stage_reserve(stage, bytes.count) && isValid(bytes, stage)
  }

  /// Whether `bytes` are one JSON value; see above.
  public static func isValid(_ bytes: [UInt8]) -> Bool { isValid(bytes.span) }

  private static func isValid(_ bytes: Span<UInt8>, _ stage: OpaquePointer) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { text in
      var positions: UnsafePointer<UInt32>?
      var count = 0
      let result = unsafe curlew_json_stage_index(
        stage, text.baseAddress, text.count, &positions, &count)
      guard result == CURLEW_JSON_INDEXED else { return false }
      var walk = unsafe Walk(text, UnsafeBufferPointer(start: positions, count: count + 1))
      do throws(WalkFault) {
        _ = try walk.value(depth: depthLimit)
        return walk.at == count
      } catch {
        return false
      }
    }
  }

  /// Whether `bytes` are UTF-8.
  public static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { text in
      unsafe text.count == 0 || curlew_json_is_utf8(text.baseAddress, text.count)
    }
  }

  /// Appends what the inside of a checked string stands for. A surrogate without its partner
  /// becomes U+FFFD.
  static func unescape(_ inside: Span<UInt8>, into output: inout [UInt8]) {
    var offset = 0
    while offset < inside.count {
      let byte = inside[offset]
      guard byte == UInt8(ascii: "\\"), offset + 1 < inside.count else {
        output.append(byte)
        offset += 1
        continue
      }
      let mark = inside[offset + 1]
      offset += 2
      switch mark {
      case UInt8(ascii: "b"): output.append(0x08)
      case UInt8(ascii: "f"): output.append(0x0C)
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "r"): output.append(0x0D)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "u"): output.append(contentsOf: scalar(inside, &offset).utf8)
      default: output.append(mark)
      }
    }
  }

  /// The character whose first four digits begin at `offset`, which moves behind its last.
  private static func scalar(_ inside: Span<UInt8>, _ offset: inout Int) -> Unicode.Scalar {
    let first = unit(inside, offset)
    offset += 4
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, offset + 6 <= inside.count, inside[offset] == UInt8(ascii: "\\"),
      inside[offset + 1] == UInt8(ascii: "u")
    else { return "\u{FFFD}" }
    let second = unit(inside, offset + 2)
    guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
    offset += 6
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private static func unit(_ inside: Span<UInt8>, _ offset: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in offset..<min(offset + 4, inside.count) {
      value = value << 4 | (hexDigit(inside[index]) ?? 0)
    }
    return value
  }
}
