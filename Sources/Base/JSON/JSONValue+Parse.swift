internal import CJansson

extension JSONValue {
  /// The tree of `text`, one value of at most `depthLimit` (up to 256) containers within each
  /// other. Refused beside what RFC 8259 refuses: a name twice in one object, integers beyond 64
  /// bits and numbers beyond a `Double`, surrogate escapes without a partner, and U+0000 in a name.
  public static func parse(
    _ text: [UInt8], depthLimit: Int = 128
  ) throws(JSONFault) -> JSONValue {
    // Our own walk goes first: it tells the place and the reason best, and leaves nothing deep to
    // jansson's recursion.
    var cursor = try JSONScanner(depthLimit: depthLimit).scan(text)
    if cursor.kind == .end { throw cursor.fault(.malformed, "expected a value", at: text.count) }
    try cursor.finish()

    var error = json_error_t()
    let flags = Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL)
    let root = unsafe text.withUnsafeBytes { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) {
        unsafe json_loadb($0.baseAddress, $0.count, flags, &error)
      }
    }
    guard let root = unsafe root else { throw cursor.fault(error) }
    defer { unsafe json_decref(root) }
    return unsafe JSONValue(copying: root)
  }

  /// Copies the tree of jansson's below `node`.
  fileprivate init(copying node: UnsafeMutablePointer<json_t>) {
    switch unsafe node.pointee.type {
    case JSON_OBJECT: self = unsafe .object(JSONObject(copying: node))
    case JSON_ARRAY:
      self = unsafe .array(
        (0..<json_array_size(node)).compactMap { index in
          unsafe json_array_get(node, index).map { unsafe JSONValue(copying: $0) }
        })
    case JSON_STRING:
      self = unsafe .string(String(copying: json_string_value(node), json_string_length(node)))
    case JSON_INTEGER: self = unsafe .integer(json_integer_value(node))
    case JSON_REAL: self = unsafe .real(json_real_value(node))
    case JSON_TRUE: self = .bool(true)
    case JSON_FALSE: self = .bool(false)
    default: self = .null
    }
  }
}

extension JSONObject {
  fileprivate init(copying node: UnsafeMutablePointer<json_t>) {
    var members: [Member] = []
    unsafe members.reserveCapacity(json_object_size(node))
    var place = unsafe json_object_iter(node)
    while let current = unsafe place {
      if let value = unsafe json_object_iter_value(current) {
        let name = unsafe String(cString: json_object_iter_key(current))
        unsafe members.append(Member(name, JSONValue(copying: value)))
      }
      unsafe place = unsafe json_object_iter_next(node, current)
    }
    self.init(members)
  }
}

extension String {
  fileprivate init(copying start: UnsafePointer<CChar>?, _ length: Int) {
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
    unsafe self.init(decoding: bytes, as: UTF8.self)
  }
}

extension JSONCursor {
  /// What jansson says against a text in whose grammar nothing is wrong.
  fileprivate func fault(_ error: json_error_t) -> JSONFault {
    // Where jansson keeps the code: `json_error_code` is a type and a function, and Swift sees the
    // type.
    let code = UInt32(UInt8(bitPattern: error.text.159))
    // The position is that behind the token.
    let end = min(max(0, Int(error.position)), length)
    let start = token(before: end)
    let token = String(decoding: text[start..<min(end, start + 80)], as: UTF8.self)
    let (kind, detail): (JSONFault.Kind, String) =
      switch json_error_code(code) {
      case json_error_duplicate_key: (.duplicateName, "the name \(token) stands twice in an object")
      case json_error_numeric_overflow: (.outOfRange, "the number \(token) is too large")
      case json_error_null_byte_in_key: (.malformed, "a name must not hold U+0000")
      case json_error_out_of_memory: (.tooLarge, "not enough memory")
      default: (.malformed, "a surrogate escape without its partner")
      }
    return fault(kind, detail, at: start)
  }
}
