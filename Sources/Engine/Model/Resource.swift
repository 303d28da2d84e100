/// What an `Operation` is done to.
public enum Resource: Hashable, Sendable {
  /// One topic.
  case topic(TopicName)
  /// One consumer group.
  case group(String)
  /// The node as a whole.
  case cluster
}

extension Resource: CustomStringConvertible {
  /// `Topic:orders`, `Group:billing`, `Cluster`.
  public var description: String {
    switch self {
    case .topic(let name): "Topic:\(name)"
    case .group(let name): "Group:\(name)"
    case .cluster: "Cluster"
    }
  }
}
