/// An address and a port to listen on.
struct ListenAddress: Equatable {
  /// A numeric address, of IPv6 without its brackets.
  var host: String
  /// 0 takes a free one.
  var port: UInt16

  /// Reads `127.0.0.1:8082`, `[::1]:0` or `localhost:8082`; `nil` for anything else.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[colon...].dropFirst())
    else { return nil }
    let address = text[..<colon]
    self.port = port
    if address == "localhost" {
      host = "127.0.0.1"
    } else if address.hasPrefix("["), address.hasSuffix("]") {
      host = String(address.dropFirst().dropLast())
      guard Self.groups(of: host) != nil else { return nil }
    } else {
      host = String(address)
      guard Self.octets(of: host) != nil else { return nil }
    }
  }

  /// Whether only this machine reaches it.
  var isLoopback: Bool {
    if let octets = Self.octets(of: host) { return octets[0] == 127 }
    guard let groups = Self.groups(of: host), groups.prefix(5).allSatisfy({ $0 == 0 }) else {
      return false
    }
    let isMapped = groups[5] == 0xFFFF && groups[6] >> 8 == 127
    return isMapped || groups.suffix(3) == [0, 0, 1]
  }

  private static func port(_ text: some StringProtocol) -> UInt16? {
    text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) ? UInt16(text) : nil
  }

  private static func octets(of text: some StringProtocol) -> [UInt16]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let octets = parts.compactMap { part in
      part.utf8.count <= 3 ? port(part).flatMap { $0 <= 255 ? $0 : nil } : nil
    }
    return octets.count == 4 ? octets : nil
  }

  /// The eight groups of an IPv6 address (RFC 4291, 2.2), without a zone.
  private static func groups(of text: String) -> [UInt16]? {
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    guard halves.count <= 2, let head = list(halves[0], isLast: halves.count == 1) else {
      return nil
    }
    guard halves.count == 2 else { return head.count == 8 ? head : nil }
    guard let tail = list(halves[1], isLast: true), head.count + tail.count <= 7 else {
      return nil
    }
    return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func list(_ text: Substring, isLast: Bool) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if isLast, index == parts.count - 1, let four = octets(of: part) {
        groups += [four[0] << 8 | four[1], four[2] << 8 | four[3]]
      } else {
        guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups
  }
}

extension ListenAddress: CustomStringConvertible {
  var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
}
