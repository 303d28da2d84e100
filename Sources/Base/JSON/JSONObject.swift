/// The members of a JSON object, in the order in which they were sent.
public struct JSONObject: Sendable, Equatable {
  /// A name and its value.
  public struct Member: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its value.
    public let value: JSONValue

    /// A member of that name and value.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// All members.
  public let members: [Member]

  /// An object of these members, whose names differ.
  public init(_ members: [Member] = []) { self.members = members }

  /// The value of the member `name`, byte by byte the same name.
  public subscript(name: String) -> JSONValue? {
    members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// Throws where there is a member that none of `names` names.
  public func allow(only names: String...) throws(JSONFault) {
    for member in members {
      guard !names.contains(where: { $0.utf8.elementsEqual(member.name.utf8) }) else { continue }
      throw JSONFault(.unknownField, "unknown field \(Self.quoted(member.name))")
    }
  }

  // MARK: Fields that must be there

  /// The member `name`, which must be there, be it `null`.
  public func value(_ name: String) throws(JSONFault) -> JSONValue {
    guard let value = self[name] else {
      throw JSONFault(.missingField, "\(Self.quoted(name)) is missing")
    }
    return value
  }

  /// The member `name`, which must be a string.
  public func string(_ name: String) throws(JSONFault) -> String {
    try value(name).string(Self.quoted(name))
  }

  /// The member `name`, which must be an integer.
  public func integer(_ name: String) throws(JSONFault) -> Int64 {
    try value(name).integer(Self.quoted(name))
  }

  /// The member `name`, which must be an integer within `range`.
  public func integer<T: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<T>
  ) throws(JSONFault) -> T {
    guard let number = T(exactly: try integer(name)), range.contains(number) else {
      throw JSONFault(
        .outOfRange,
        "\(Self.quoted(name)) must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The member `name`, which must be `true` or `false`.
  public func bool(_ name: String) throws(JSONFault) -> Bool {
    try value(name).bool(Self.quoted(name))
  }

  /// The member `name`, which must be an array.
  public func array(_ name: String) throws(JSONFault) -> [JSONValue] {
    try value(name).array(Self.quoted(name))
  }

  /// The member `name`, which must be an object.
  public func object(_ name: String) throws(JSONFault) -> JSONObject {
    try value(name).object(Self.quoted(name))
  }

  // MARK: Fields that may be absent or null

  /// Whether there is a member `name` that is not `null`.
  public func has(_ name: String) -> Bool { (self[name] ?? .null) != .null }

  /// The string `name`; `nil` where it is absent or `null`.
  public func stringIfPresent(_ name: String) throws(JSONFault) -> String? {
    has(name) ? try string(name) : nil
  }

  /// The integer `name`; `nil` where it is absent or `null`.
  public func integerIfPresent(_ name: String) throws(JSONFault) -> Int64? {
    has(name) ? try integer(name) : nil
  }

  /// The integer `name` within `range`; `nil` where it is absent or `null`.
  public func integerIfPresent<T: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<T>
  ) throws(JSONFault) -> T? {
    has(name) ? try integer(name, in: range) : nil
  }

  /// The truth value `name`; `nil` where it is absent or `null`.
  public func boolIfPresent(_ name: String) throws(JSONFault) -> Bool? {
    has(name) ? try bool(name) : nil
  }

  /// The array `name`; `nil` where it is absent or `null`.
  public func arrayIfPresent(_ name: String) throws(JSONFault) -> [JSONValue]? {
    has(name) ? try array(name) : nil
  }

  /// The object `name`; `nil` where it is absent or `null`.
  public func objectIfPresent(_ name: String) throws(JSONFault) -> JSONObject? {
    has(name) ? try object(name) : nil
  }

  /// `name` as it would stand in a text, and not too long for a message.
  private static func quoted(_ name: String) -> String {
    var writer = JSONWriter()
    writer.string(name.unicodeScalars.count > 80 ? String(name.prefix(80)) + "…" : name)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
