/// Keeps web pages of others away. A page that a browser shows can make it send requests to any
/// address, also to loopback; it cannot forge `Origin`, and with a name that resolves to loopback
/// it cannot forge `Host`.
final class Gatekeeper: Sendable {
  private let origins: [[UInt8]]
  private let allowsAll: Bool
  private let hosts: [[UInt8]]

  init(origins: [String], hosts: [String]) {
    self.origins = origins.map { Array($0.lowercased().utf8) }
    allowsAll = origins.contains("*")
    self.hosts = hosts.map { Array($0.lowercased().utf8) }
  }

  /// Whether pages of `origin` may use a server that was asked for as `host`.
  func admits(origin: Span<UInt8>, host: Span<UInt8>?) -> Bool {
    allowsAll || isSame(origin, host) || isListed(origin)
  }

  /// Whether the origin is one of another host that is allowed: it gets CORS headers.
  func isForeign(origin: Span<UInt8>, host: Span<UInt8>?) -> Bool {
    !isSame(origin, host) && (allowsAll || isListed(origin))
  }

  /// Whether `host` (a name or address, perhaps with a port) means this machine.
  func isLocal(_ host: Span<UInt8>) -> Bool {
    let name = Self.withoutPort(host)
    let text = host.extracting(0..<name)
    return text.equalsLowercased("localhost")
      || text.hasLowercasedPrefix("127.")
        && text.isDottedQuad
      || text.equalsLowercased("[::1]")
      || hosts.contains { text.equalsLowercased($0.span) }
      || hosts.contains { host.equalsLowercased($0.span) }
  }

  private func isListed(_ origin: Span<UInt8>) -> Bool {
    origins.contains { origin.equalsLowercased($0.span) }
  }

  /// Whether the origin's host and port are those of `Host`.
  private func isSame(_ origin: Span<UInt8>, _ host: Span<UInt8>?) -> Bool {
    guard let host, let (start, standard) = Self.authority(origin) else { return false }
    let own = origin.extracting(start..<origin.count)
    if own.equalsIgnoringCase(host) { return true }
    // `http://example.org` is the page of `Host: example.org:80`.
    let ownName = Self.withoutPort(own)
    let hostName = Self.withoutPort(host)
    guard own.extracting(0..<ownName).equalsIgnoringCase(host.extracting(0..<hostName)) else {
      return false
    }
    let ownPort =
      ownName < own.count ? own.extracting(ownName + 1..<own.count).copyBytes() : standard
    let hostPort =
      hostName < host.count ? host.extracting(hostName + 1..<host.count).copyBytes() : standard
    return ownPort == hostPort
  }

  /// Where the host begins in an origin, and the port of its scheme.
  private static func authority(_ origin: Span<UInt8>) -> (Int, [UInt8])? {
    if origin.hasLowercasedPrefix("http://") { return (7, Array("80".utf8)) }
    if origin.hasLowercasedPrefix("https://") { return (8, Array("443".utf8)) }
    return nil
  }

  /// How many bytes of `host` come before its port.
  private static func withoutPort(_ host: Span<UInt8>) -> Int {
    var at = host.count
    while at > 0, host[at - 1] &- 48 < 10 { at -= 1 }
    return at > 0 && at < host.count && host[at - 1] == 0x3A ? at - 1 : host.count
  }
}

extension Span<UInt8> {
  func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for i in 0..<count where self[i].lowercased != other[i].lowercased { return false }
    return true
  }

  /// Equality with a text in lower case, whatever the case of this one.
  func equalsLowercased(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasLowercasedPrefix(text)
  }

  func equalsLowercased(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for i in 0..<count where self[i].lowercased != other[i] { return false }
    return true
  }

  func hasLowercasedPrefix(_ text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { bytes in
      for i in 0..<bytes.count where unsafe self[i].lowercased != bytes[i] { return false }
      return true
    }
  }

  /// Digits and three dots: an address and not a name that begins like one.
  var isDottedQuad: Bool {
    var dots = 0
    for i in 0..<count {
      if self[i] == 0x2E { dots += 1 } else if self[i] &- 48 >= 10 { return false }
    }
    return dots == 3
  }

  func copyBytes() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for i in 0..<count { bytes.append(self[i]) }
    return bytes
  }
}
