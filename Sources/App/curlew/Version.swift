/// Which Curlew this is.
enum Version {
  /// As semantic versioning writes it.
  static let current = "0.1.0"
}
