internal import CYAML
internal import Glibc

/// A step of a YAML document.
enum YAMLEvent: Equatable {
  case documentStart
  case documentEnd
  case mappingStart
  case mappingEnd
  case sequenceStart
  case sequenceEnd
  /// A scalar's text; `isNull` where it is written plainly as nothing, `~` or `null`.
  case scalar(String, isNull: Bool)
  case streamEnd
}

/// Why a YAML text cannot be read.
struct YAMLFault: Error, Equatable {
  var line: Int
  var problem: String
}

/// Reads a YAML text event by event with libyaml. Aliases, anchors and tags are refused: a
/// configuration is what it looks like.
// SAFETY: parser and text live at addresses of this object's own until it goes; no thread shares
// them.
@safe final class YAMLParser {
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let text: UnsafeMutableBufferPointer<UInt8>
  /// The line of the last event, from 1.
  private(set) var line = 1

  init(_ bytes: [UInt8]) {
    unsafe text = UnsafeMutableBufferPointer.allocate(capacity: max(1, bytes.count))
    _ = unsafe text.initialize(from: bytes)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      preconditionFailure("no memory for a YAML parser")
    }
    unsafe yaml_parser_set_input_string(parser, text.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe text.deallocate()
  }

  /// The next event.
  func next() throws(YAMLFault) -> YAMLEvent {
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw fault() }
      defer { unsafe yaml_event_delete(&event) }
      line = unsafe event.start_mark.line + 1
      if let read = try unsafe read(event) { return read }
    }
  }

  private func read(_ event: yaml_event_t) throws(YAMLFault) -> YAMLEvent? {
    switch unsafe event.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      try refuse(anchor: unsafe start.anchor != nil, tag: unsafe start.tag != nil)
      return .mappingStart
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      try refuse(anchor: unsafe start.anchor != nil, tag: unsafe start.tag != nil)
      return .sequenceStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      try refuse(anchor: unsafe scalar.anchor != nil, tag: unsafe scalar.tag != nil)
      let text = unsafe String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
      return .scalar(text, isNull: isPlain && ["", "~", "null", "Null", "NULL"].contains(text))
    case YAML_ALIAS_EVENT: throw YAMLFault(line: line, problem: "aliases are not read here")
    case YAML_STREAM_END_EVENT: return .streamEnd
    default: return nil
    }
  }

  private func refuse(anchor: Bool, tag: Bool) throws(YAMLFault) {
    if anchor { throw YAMLFault(line: line, problem: "anchors are not read here") }
    if tag { throw YAMLFault(line: line, problem: "tags are not read here") }
  }

  private func fault() -> YAMLFault {
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) }
    let line =
      unsafe parser.pointee.error == YAML_READER_ERROR
      ? lineOfByte(unsafe parser.pointee.problem_offset) : parser.pointee.problem_mark.line + 1
    return YAMLFault(line: line, problem: problem ?? "this is no YAML")
  }

  private func lineOfByte(_ offset: Int) -> Int {
    unsafe text.prefix(offset).reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }
}
