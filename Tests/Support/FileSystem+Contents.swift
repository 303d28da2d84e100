import Platform

extension FileSystem {
  /// Replaces the bytes at `offset` of a file, made where absent; syncs nothing.
  public func put(_ bytes: [UInt8], to path: String, at offset: Int64 = 0) throws(SystemError) {
    try open(path, .write).writeAll(bytes, at: offset)
  }

  /// All bytes of a file, `nil` where there is none.
  public func contents(_ path: String) throws(SystemError) -> [UInt8]? {
    guard let size = try status(path)?.size else { return nil }
    return try open(path, .read).read(Int(size), at: 0)
  }
}
