/// A JSON value as a tree, for the control plane: small, and gone with the request.
public indirect enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  case real(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// The object; throws a fault that calls the value `what`.
  public func object(_ what: String = "the body") throws(JSONFault) -> JSONObject {
    guard case .object(let object) = self else {
      throw JSONFault(.unexpectedType, "\(what) must be an object")
    }
    return object
  }

  /// The array; throws a fault that calls the value `what`.
  public func array(_ what: String = "the body") throws(JSONFault) -> [JSONValue] {
    guard case .array(let array) = self else {
      throw JSONFault(.unexpectedType, "\(what) must be an array")
    }
    return array
  }

  /// The string; throws a fault that calls the value `what`.
  public func string(_ what: String = "the body") throws(JSONFault) -> String {
    guard case .string(let string) = self else {
      throw JSONFault(.unexpectedType, "\(what) must be a string")
    }
    return string
  }

  /// The integer; throws a fault that calls the value `what`.
  public func integer(_ what: String = "the body") throws(JSONFault) -> Int64 {
    guard case .integer(let integer) = self else {
      throw JSONFault(.unexpectedType, "\(what) must be an integer")
    }
    return integer
  }

  /// The truth value; throws a fault that calls the value `what`.
  public func bool(_ what: String = "the body") throws(JSONFault) -> Bool {
    guard case .bool(let bool) = self else {
      throw JSONFault(.unexpectedType, "\(what) must be true or false")
    }
    return bool
  }

  /// The value as text, without white space.
  public var text: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object, its members in this order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.map { .init($0.0, $0.1) }))
  }
}

extension JSONWriter {
  /// A tree.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let bool): self.bool(bool)
    case .integer(let integer): self.integer(integer)
    case .real(let real): self.real(real)
    case .string(let string): self.string(string)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let object):
      beginObject()
      for member in object.members {
        name(text: member.name)
        self.value(member.value)
      }
      endObject()
    }
  }
}
