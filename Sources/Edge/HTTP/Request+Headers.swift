internal import CMicrohttpd
internal import Glibc

extension Request {
  /// The first value of a header, whatever the case of its name; trimmed.
  public func header(_ name: String) -> String? {
    guard let connection = unsafe connection else {
      return kept.first { $0.name.equalsIgnoringCase(name) }?.value
    }
    var value: UnsafePointer<CChar>?
    var count = 0
    let found = unsafe name.withCString {
      unsafe MHD_lookup_connection_value_n(
        connection, MHD_ValueKind.HEADER_KIND, $0, name.utf8.count, &value, &count)
    }
    guard found == .YES else { return nil }
    return unsafe Self.text(value, count)
  }

  /// All headers whose names begin with `prefix`, whatever the case, in order; the names as they
  /// came.
  public func headers(prefixed prefix: String) -> [(name: String, value: String)] {
    guard unsafe connection != nil else {
      return kept.filter { $0.name.hasPrefixIgnoringCase(prefix) }
    }
    return collect(prefix)
  }

  /// All headers, in order.
  public var allHeaders: [(name: String, value: String)] {
    unsafe connection == nil ? kept : collect("")
  }

  /// Most requests have many headers and none that is looked for: only those become text.
  private func collect(_ prefix: String) -> [(name: String, value: String)] {
    guard let connection = unsafe connection else { return [] }
    var list = HeaderList(prefix: prefix)
    unsafe withUnsafeMutablePointer(to: &list) { list in
      _ = unsafe MHD_get_connection_values_n(
        connection, MHD_ValueKind.HEADER_KIND,
        { context, _, name, nameCount, value, valueCount in
          guard let list = unsafe context?.assumingMemoryBound(to: HeaderList.self) else {
            return .NO
          }
          if unsafe list.pointee.wants(UnsafeBufferPointer(start: name, count: nameCount)) {
            unsafe list.pointee.items.append(
              (Request.text(name, nameCount), Request.text(value, valueCount)))
          }
          return .YES
        }, list)
    }
    return list.items
  }

  /// Copies what it still may be asked for, since the connection is about to be used for something
  /// else.
  func detach(keepingHeaders: Bool) {
    if keepingHeaders { kept = allHeaders }
    unsafe connection = nil
  }

  static func text(_ pointer: UnsafePointer<CChar>?, _ count: Int) -> String {
    let bytes = unsafe UnsafeRawBufferPointer(start: pointer, count: pointer == nil ? 0 : count)
    var text = unsafe bytes[...]
    while let last = unsafe text.last, last == 32 || last == 9 { unsafe text.removeLast() }
    // Most bodies say this, and a text of the program's own costs no memory.
    let usual: StaticString = "application/json"
    if let pointer = unsafe pointer, unsafe text.count == usual.utf8CodeUnitCount,
      unsafe memcmp(pointer, usual.utf8Start, usual.utf8CodeUnitCount) == 0
    {
      return "application/json"
    }
    return unsafe String(decoding: text, as: UTF8.self)
  }
}

private struct HeaderList {
  let prefix: String
  var items: [(name: String, value: String)] = []

  init(prefix: String) { self.prefix = prefix }

  /// Whether the name begins with the prefix, ASCII letters without regard to case.
  func wants(_ name: UnsafeBufferPointer<CChar>) -> Bool {
    guard name.count >= prefix.utf8.count else { return false }
    var at = 0
    for byte in prefix.utf8 {
      guard unsafe UInt8(bitPattern: name[at]).lowercased == byte.lowercased else { return false }
      at += 1
    }
    return true
  }
}
