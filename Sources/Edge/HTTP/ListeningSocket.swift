// Sockets that listen. Each loop has one of its own for an address, all with SO_REUSEPORT, so that
// the kernel spreads connections over the loops. That option would also let two servers of one user
// share a port without a word; the first socket is therefore bound without it, which only succeeds
// where nobody listens.

internal import CMicrohttpd
internal import Glibc
internal import Platform

/// An address that a server listens on, and one socket for each loop.
@safe struct ListeningAddress {
  let sockets: [Int32]
  let isLoopback: Bool
  /// `http://127.0.0.1:8082`.
  let url: String

  /// Listens on `host` and `port`, with `count` sockets.
  init(_ host: String, _ port: UInt16, count: Int) throws(HTTPError) {
    var address = try SocketAddress(host, port)
    var sockets: [Int32] = []
    do throws(HTTPError) {
      sockets.append(try Self.listen(&address, isFirst: true))
      for _ in 1..<max(1, count) { sockets.append(try Self.listen(&address, isFirst: false)) }
    } catch {
      for socket in sockets { Glibc.close(socket) }
      throw error
    }
    self.sockets = sockets
    isLoopback = address.isLoopback
    url = "http://\(address.text)"
  }

  /// Closes the sockets from `place` on.
  func close(from place: Int) { for socket in sockets.dropFirst(place) { Glibc.close(socket) } }

  private static func listen(
    _ address: inout SocketAddress, isFirst: Bool
  ) throws(HTTPError) -> Int32 {
    let type =
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else { throw .cannotListen(address.text, .current("socket")) }
    set(descriptor, SOL_SOCKET, SO_REUSEADDR)
    if address.family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
    if !isFirst { set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
    guard address.bind(descriptor) else { throw failure("bind", descriptor, address) }
    // Set once it is bound: the sockets of the other loops may then join, of the same user.
    if isFirst {
      set(descriptor, SOL_SOCKET, SO_REUSEPORT)
      address.readBack(descriptor)
    }
    guard Glibc.listen(descriptor, 1024) == 0 else { throw failure("listen", descriptor, address) }
    return descriptor
  }

  private static func failure(
    _ call: String, _ descriptor: Int32, _ address: SocketAddress
  ) -> HTTPError {
    let error = SystemError.current(call)
    Glibc.close(descriptor)
    return error.code == EADDRINUSE
      ? .addressInUse(address.text) : .cannotListen(address.text, error)
  }

  private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
    var on: Int32 = 1
    _ = unsafe setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }
}

/// An IPv4 or IPv6 address and port.
@safe struct SocketAddress {
  private var storage = sockaddr_storage()
  private var length: socklen_t = 0

  /// The first address of `host`, which may be a name.
  init(_ host: String, _ port: UInt16) throws(HTTPError) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0, let first = unsafe list else {
      throw .unknownHost(host)
    }
    defer { unsafe freeaddrinfo(list) }
    length = unsafe first.pointee.ai_addrlen
    unsafe withUnsafeMutableBytes(of: &storage) { target in
      unsafe target.copyMemory(
        from: UnsafeRawBufferPointer(start: first.pointee.ai_addr, count: Int(length)))
    }
  }

  var family: Int32 { Int32(storage.ss_family) }

  func bind(_ descriptor: Int32) -> Bool {
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(descriptor, $0, length) == 0
      }
    }
  }

  /// Learns the port that the kernel chose.
  mutating func readBack(_ descriptor: Int32) {
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe getsockname(descriptor, $0, &size)
      }
    }
  }

  private var bytes: [UInt8] { unsafe withUnsafeBytes(of: storage) { unsafe Array($0.prefix(28)) } }

  /// Whether only this machine reaches it.
  var isLoopback: Bool {
    let bytes = bytes
    if family == AF_INET { return bytes[4] == 127 }
    return bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
  }

  /// `127.0.0.1:8082` or `[::1]:8082`.
  var text: String {
    var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe getnameinfo(
          $0, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
      }
    }
    let host = String(
      decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let bytes = bytes
    let port = Int(bytes[2]) << 8 | Int(bytes[3])
    return family == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

extension SystemError {
  fileprivate static func current(_ call: String) -> SystemError {
    SystemError(call: call, subject: "", code: errno)
  }
}
