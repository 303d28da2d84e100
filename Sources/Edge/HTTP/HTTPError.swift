public import Platform

/// Why a server could not start.
public enum HTTPError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Another process, perhaps another server of this product, listens there.
  case addressInUse(String)
  /// The address is not one of this machine's, or its port needs privileges.
  case cannotListen(String, SystemError)
  /// The host has no address.
  case unknownHost(String)
  /// The library would not start a daemon: no descriptors or no memory.
  case noResources(String)

  /// A sentence for the person who started the server.
  public var description: String {
    switch self {
    case .addressInUse(let address):
      "\(address) is in use: another process listens there, perhaps another curlew."
    case .cannotListen(let address, let error): "Cannot listen on \(address): \(error)."
    case .unknownHost(let host): "\(host) is not an address of this machine."
    case .noResources(let what): "The server found no resources for \(what)."
    }
  }
}
