/// Whose words an answer uses: the same cause has another code, and another content type, in each.
enum Family: Sendable {
  /// Confluent's REST Proxy v2: `/topics`, `/consumers`, the `application/vnd.kafka` types.
  case v2
  /// Confluent's REST Proxy v3: everything below `/v3`.
  case v3
  /// What neither has.
  case native

  /// What answers of the family are when the caller did not ask for a type.
  var contentType: String {
    switch self {
    case .v2: MediaType.kafkaV2
    case .v3, .native: MediaType.json
    }
  }
}
