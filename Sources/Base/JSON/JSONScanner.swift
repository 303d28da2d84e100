internal import CSimdJSON

/// Finds the tokens of JSON texts, one text after another: the first half of taking apart what
/// producers send. One a thread; it keeps its memory, 4 bytes for each byte of the largest text,
/// but no more than for 1 MiB.
// SAFETY: the stage belongs to this object and is freed once; `positions` are its memory, read only
// between two scans.
@safe public final class JSONScanner {
  /// Texts above this size do not leave their memory behind.
  public static let keptCapacity = 1 << 20
  private static let firstCapacity = 4096
  private static let largest = 0xFFFF_0000

  /// How many arrays and objects may stand within each other.
  public let depthLimit: Int
  private let stage: OpaquePointer
  package private(set) var capacity = JSONScanner.firstCapacity
  /// The offset of every token of the text scanned last, and then its length.
  private(set) var positions = unsafe UnsafeBufferPointer<UInt32>(start: nil, count: 0)
  /// Counts the scans, so that a cursor knows whether these are still its positions.
  private(set) var generation = 0

  /// A scanner for the fastest instructions of this processor. `depthLimit` is at most 256.
  public convenience init(depthLimit: Int = 128) {
    guard let stage = unsafe curlew_json_stage_create(nil) else {
      fatalError("no memory for a JSON scanner")
    }
    unsafe self.init(depthLimit, stage)
  }

  /// A scanner by the implementation of that name; `nil` where this processor has it not.
  package convenience init?(depthLimit: Int = 128, implementation: String) {
    guard let stage = unsafe curlew_json_stage_create(implementation) else { return nil }
    unsafe self.init(depthLimit, stage)
  }

  private init(_ depthLimit: Int, _ stage: OpaquePointer) {
    precondition((1...Walk.deepest).contains(depthLimit), "a depth limit out of bounds")
    unsafe self.stage = stage
    self.depthLimit = depthLimit
  }

  deinit { unsafe curlew_json_stage_destroy(stage) }

  /// The name of what was picked for this processor.
  public static var implementation: String { unsafe String(cString: curlew_json_implementation()) }

  /// Finds the tokens of the first `count` bytes of `text`, or of all, and returns a cursor at
  /// their begin. It serves until the next scan. Throws where the text is not UTF-8, or holds a
  /// string that does not end or a control character in one; everything else the cursor checks on
  /// its way.
  public func scan(_ text: [UInt8], count: Int? = nil) throws(JSONFault) -> JSONCursor {
    let length = count ?? text.count
    precondition(length >= 0 && length <= text.count, "more bytes to scan than there are")
    generation += 1
    let result = unsafe text.withUnsafeBufferPointer { buffer in
      unsafe index(UnsafeBufferPointer(rebasing: buffer[..<length]))
    }
    switch result {
    case CURLEW_JSON_INDEXED: return JSONCursor(self, text, length)
    case CURLEW_JSON_TOO_LARGE: throw JSONFault(.tooLarge, "\(length) bytes are too many")
    default:
      let span = text.span.extracting(..<length)
      throw JSONFault(CarefulIndex(span).firstFault(depthLimit), in: span, depth: depthLimit)
    }
  }

  private func index(_ text: UnsafeBufferPointer<UInt8>) -> curlew_json_result {
    guard reserve(text.count) else { return CURLEW_JSON_TOO_LARGE }
    var start: UnsafePointer<UInt32>?
    var count = 0
    let result = unsafe curlew_json_stage_index(stage, text.baseAddress, text.count, &start, &count)
    if result == CURLEW_JSON_INDEXED {
      unsafe positions = UnsafeBufferPointer(start: start, count: count + 1)
    }
    return result
  }

  /// Room for `length` bytes: at least doubled when it grows, small again once a large text is
  /// over.
  private func reserve(_ length: Int) -> Bool {
    let kept = capacity > Self.keptCapacity && length <= Self.keptCapacity ? 0 : capacity
    guard length > kept else { return true }
    guard length <= Self.largest else { return false }
    let wanted = max(length, min(kept * 2, Self.keptCapacity), Self.firstCapacity)
    guard unsafe curlew_json_stage_reserve(stage, wanted) else {
      capacity = 0
      return false
    }
    capacity = wanted
    return true
  }
}
