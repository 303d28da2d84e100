internal import CMicrohttpd
internal import Compression
internal import Glibc

/// What the server itself must know of a request's headers, found in one pass over them. The
/// pointers are into the connection's memory and good while its request is.
@safe struct HeaderScan {
  private(set) var host: UnsafeBufferPointer<UInt8>?
  private(set) var origin: UnsafeBufferPointer<UInt8>?
  private(set) var contentEncoding: UnsafeBufferPointer<UInt8>?
  private(set) var acceptEncoding: UnsafeBufferPointer<UInt8>?
  /// The length that the client announced.
  private(set) var length: Int?
  private(set) var expectsContinue = false
  private(set) var hasID = false
  private var hasTransferEncoding = false
  private(set) var isChunked = false
  /// How the headers break the rules of framing. Where two parties could read two different
  /// lengths, a request could be smuggled past one of them.
  private(set) var defect: String?

  init(_ connection: OpaquePointer) {
    unsafe withUnsafeMutablePointer(to: &self) { scan in
      _ = unsafe MHD_get_connection_values_n(connection, MHD_ValueKind.HEADER_KIND, onHeader, scan)
    }
    if hasTransferEncoding, !isChunked { defect = "The only transfer encoding is chunked." }
    if hasTransferEncoding, length != nil {
      defect = "A request has either Content-Length or Transfer-Encoding."
    }
  }

  fileprivate mutating func note(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
  ) {
    let name = unsafe name.span
    switch name.count {
    case 4 where name.equalsLowercased("host"):
      if unsafe host != nil { defect = "A request has one Host." }
      unsafe host = unsafe value
    case 6 where name.equalsLowercased("origin"): unsafe origin = unsafe value
    case 6 where name.equalsLowercased("expect"):
      expectsContinue = unsafe value.span.equalsLowercased("100-continue")
    case 12 where name.equalsLowercased("x-request-id"): hasID = true
    case 14 where name.equalsLowercased("content-length"):
      let new = unsafe Int(String(decoding: value, as: UTF8.self))
      if length != nil, length != new { defect = "A request has one Content-Length." }
      length = new
    case 15 where name.equalsLowercased("accept-encoding"): unsafe acceptEncoding = unsafe value
    case 16 where name.equalsLowercased("content-encoding"): unsafe contentEncoding = unsafe value
    case 17 where name.equalsLowercased("transfer-encoding"):
      if hasTransferEncoding { defect = "The only transfer encoding is chunked." }
      hasTransferEncoding = true
      isChunked = unsafe value.span.equalsLowercased("chunked")
    default:
      if name.count == 0 || name[name.count - 1] <= 0x20 { defect = "A header has a name." }
    }
  }
}

private func onHeader(
  context: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?,
  nameCount: Int, value: UnsafePointer<CChar>?, valueCount: Int
) -> MHD_Result {
  guard let scan = unsafe context?.assumingMemoryBound(to: HeaderScan.self) else { return .NO }
  unsafe scan.pointee.note(bytes(name, nameCount), trimmed(value, valueCount))
  return .YES
}

@unsafe private func bytes(
  _ pointer: UnsafePointer<CChar>?, _ count: Int
) -> UnsafeBufferPointer<UInt8> {
  let raw = unsafe UnsafeRawBufferPointer(start: pointer, count: pointer == nil ? 0 : count)
  return unsafe raw.assumingMemoryBound(to: UInt8.self)
}

/// libmicrohttpd leaves the space at a value's end.
@unsafe private func trimmed(
  _ pointer: UnsafePointer<CChar>?, _ count: Int
) -> UnsafeBufferPointer<UInt8> {
  var text = unsafe bytes(pointer, count)
  while let last = unsafe text.last, last == 32 || last == 9 {
    unsafe text = UnsafeBufferPointer(rebasing: text.dropLast())
  }
  return unsafe text
}
