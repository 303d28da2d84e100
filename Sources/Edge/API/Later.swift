/// What a later version adds: refused with 501 until it is there, never taken for something else.
enum Later {
  /// A feature, and where it will live.
  struct Feature: Sendable {
    /// Its name in `/capabilities`.
    let name: String
    /// What a refusal calls it.
    let words: String
    /// Whose words the refusal uses.
    let family: Family
    /// The beginnings of its paths, whole segments.
    let paths: [String]

    init(_ name: String, _ words: String, _ family: Family = .native, _ paths: [String] = []) {
      self.name = name
      self.words = words
      self.family = family
      self.paths = paths
    }
  }

  /// All of them.
  static let features = [
    Feature("consumers", "consumer instances", .v2, ["/consumers"]),
    Feature("groups", "consumer groups", .native, ["/groups"]),
    Feature("queues", "queues", .native, ["/queues"]),
    Feature("transactions", "transactions", .native, ["/transactions"]),
    Feature("producer_sequences", "producer sequences", .native, ["/producers"]),
    Feature("idempotency_keys", "idempotency keys"),
    Feature("cloudevents", "CloudEvents"),
    Feature("server_sent_events", "server-sent events"),
    Feature("filters", "filters"),
    Feature("keys", "reading by key"),
    Feature("subscriptions", "subscriptions", .native, ["/subscriptions"]),
    Feature("v3", "this part of REST Proxy v3", .v3, ["/v3/clusters", "/kafka/v3/clusters"]),
    Feature(
      "schema_registry", "the schema registry", .v2,
      [
        "/subjects", "/schemas", "/config", "/mode", "/compatibility", "/contexts", "/associations",
        "/v1/metadata",
      ]),
    Feature("connect", "connectors", .native, ["/connectors", "/connector-plugins"]),
    Feature(
      "sql", "SQL", .native, ["/ksql", "/query", "/query-stream", "/info", "/sql", "/queries"]),
    Feature(
      "security", "users and rules", .native,
      ["/users", "/api-keys", "/acls", "/quotas", "/audit"]),
    Feature("backups", "backups", .native, ["/backups"]),
  ]

  /// The feature that `path` will belong to.
  static func feature(at path: String) -> Feature? {
    features.first { feature in
      feature.paths.contains { path == $0 || path.hasPrefix($0 + "/") }
    }
  }
}
