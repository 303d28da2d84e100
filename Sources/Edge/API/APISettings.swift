/// What the API must know beside the store.
public struct APISettings: Sendable {
  /// Whether a produce makes a topic that is not there.
  public var autoCreate: Bool
  /// Partitions of a topic that is made without saying how many.
  public var defaultPartitions: Int32
  /// The name of the cluster that v3 sees.
  public var clusterID: String
  /// The version of the product, for `/capabilities`.
  public var version: String
  /// Which store runs, for `/capabilities`: `embedded`.
  public var storeName: String
  /// Address and port under which callers reach the server, where the request does not say.
  public var authority: String
  /// HTML for browsers that ask for `/`; `nil` answers as to any client.
  public var rootPage: [UInt8]?

  /// Settings with these values, the others at their defaults.
  public init(clusterID: String, version: String) {
    self.clusterID = clusterID
    self.version = version
    autoCreate = true
    defaultPartitions = 1
    storeName = "embedded"
    authority = "localhost:8082"
  }
}
