/// How the records of a batch are compressed; the raw value is Kafka's number for it.
public enum CompressionCodec: UInt8, CaseIterable, Hashable, Sendable {
  case none = 0
  case gzip = 1
  case snappy = 2
  case lz4 = 3
  case zstd = 4
}
