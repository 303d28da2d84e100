extension Request {
  /// The decoded value of a query parameter; of several of one name, the first. Empty where it has
  /// none (`?follow`).
  public func query(_ name: String) -> String? {
    let bytes = effective.bytes
    for (key, value) in queryFields where matches(bytes, key, name) {
      return PercentCoding.decode(bytes, value, plusIsSpace: true)
    }
    return nil
  }

  /// The decoded names of all query parameters, in order, each once.
  public var queryNames: [String] {
    var names: [String] = []
    for (key, _) in queryFields {
      let name = PercentCoding.decode(effective.bytes, key, plusIsSpace: true)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// Where names and values lie, raw.
  private var queryFields: QueryFields {
    QueryFields(bytes: effective.bytes, at: effective.query.lowerBound)
  }

  private func matches(_ bytes: [UInt8], _ key: Range<Int>, _ name: String) -> Bool {
    if bytes[key].elementsEqual(name.utf8) { return true }
    guard bytes[key].contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return false }
    return PercentCoding.decode(bytes, key, plusIsSpace: true) == name
  }
}

/// The fields of a query, one after the other.
private struct QueryFields: Sequence, IteratorProtocol {
  let bytes: [UInt8]
  var at: Int

  mutating func next() -> (key: Range<Int>, value: Range<Int>)? {
    while at < bytes.count {
      let start = at
      var equals: Int?
      while at < bytes.count, bytes[at] != 0x26 {
        if bytes[at] == 0x3D, equals == nil { equals = at }
        at += 1
      }
      let end = at
      at += 1
      if start == end { continue }
      guard let equals else { return (start..<end, end..<end) }
      return (start..<equals, equals + 1..<end)
    }
    return nil
  }
}
