// Objects as they are written outside the hot paths: a line a member, and what is begun is ended.

extension JSONWriter {
  /// A text that is one object, whose members `body` writes.
  public static func object(_ body: (inout JSONWriter) -> Void) -> JSONWriter {
    var json = JSONWriter()
    json.object(body)
    return json
  }

  /// A text that is one array, whose elements `body` writes.
  public static func array(_ body: (inout JSONWriter) -> Void) -> JSONWriter {
    var json = JSONWriter()
    json.array(body)
    return json
  }

  /// An object, whose members `body` writes.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    beginObject()
    body(&self)
    endObject()
  }

  /// An array, whose elements `body` writes.
  public mutating func array(_ body: (inout JSONWriter) -> Void) {
    beginArray()
    body(&self)
    endArray()
  }

  /// A member that is a string, or null.
  public mutating func member(_ name: StaticString, _ value: String?) {
    self.name(name)
    if let value { string(value) } else { null() }
  }

  /// A member that is a whole number.
  public mutating func member(_ name: StaticString, _ value: some FixedWidthInteger) {
    self.name(name)
    integer(value)
  }

  /// A member that is true or false.
  public mutating func member(_ name: StaticString, _ value: Bool) {
    self.name(name)
    bool(value)
  }

  /// A member that is an object.
  public mutating func object(
    _ name: StaticString, _ body: (inout JSONWriter) -> Void
  ) {
    self.name(name)
    object(body)
  }

  /// A member that is an array.
  public mutating func array(
    _ name: StaticString, _ body: (inout JSONWriter) -> Void
  ) {
    self.name(name)
    array(body)
  }

  /// A member that is a list of strings.
  public mutating func array(_ name: StaticString, of strings: some Sequence<String>) {
    array(name) { json in for string in strings { json.string(string) } }
  }
}
