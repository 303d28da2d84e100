import Compression
import HTTP
import TestSupport
import Testing

@testable import enum HTTP.Negotiation

@Suite struct `Content codings` {
  static let text = String(repeating: "{\"key\":\"value\",\"number\":12345}\n", count: 200)

  @Test(arguments: ContentCoding.allCases)
  func `a compressed body is decoded for the handler`(coding: ContentCoding) throws {
    let server = try TestServer([.echo()])
    let client = try server.client()
    let body = Array(Self.text.utf8)

    let reply = try client.ask(
      "POST", "/echo", ["Content-Encoding": coding.rawValue], coding.compress(body.span))
    #expect(reply.body == body)

    let damaged = try client.ask("POST", "/echo", ["Content-Encoding": coding.rawValue], [1, 2, 3])
    #expect(damaged.status == 400)
    #expect(try client.ask("POST", "/echo", ["Content-Encoding": "identity"], [1]).body == [1])
  }

  @Test(arguments: ContentCoding.allCases)
  func `the limit counts what is decoded`(coding: ContentCoding) throws {
    let server = try TestServer([.echo()]) { $0.maximumBody = 100_000 }
    let client = try server.client()
    let bomb = [UInt8](repeating: 0, count: 5_000_000)

    let reply = try client.ask(
      "POST", "/echo", ["Content-Encoding": coding.rawValue], coding.compress(bomb.span))

    #expect(reply.status == 413)
    let fitting = coding.compress(bomb.span.extracting(0..<100_000))
    let fits = try client.ask("POST", "/echo", ["Content-Encoding": coding.rawValue], fitting)
    #expect(fits.body.count == 100_000)
  }

  @Test func `a coding that the server has not is 415`() throws {
    let server = try TestServer([.echo()])

    let reply = try server.client().ask("POST", "/echo", ["Content-Encoding": "br"], [1, 2])

    #expect(reply.status == 415)
    #expect(reply["Accept-Encoding"] == "gzip, zstd")
  }

  @Test(arguments: ContentCoding.allCases)
  func `an answer is compressed for who accepts it`(coding: ContentCoding) throws {
    let server = try TestServer([
      .text(.get, "/text", type: "application/json; charset=utf-8") { _ in Self.text },
      .text(.get, "/small", type: "application/json") { _ in "{}" },
      .text(.get, "/image", type: "image/png") { _ in Self.text },
    ])
    let client = try server.client()
    let accepting = ["Accept-Encoding": "br, \(coding.rawValue)"]

    let reply = try client.ask("GET", "/text", accepting)
    #expect(reply["Content-Encoding"] == coding.rawValue)
    #expect(reply["Vary"] == "Accept-Encoding")
    #expect(reply.body.count < Self.text.utf8.count / 4)
    #expect(try coding.decompress(reply.body.span, atMost: 1 << 20) == Array(Self.text.utf8))

    #expect(try client.ask("GET", "/small", accepting)["Content-Encoding"] == nil)
    #expect(try client.ask("GET", "/image", accepting)["Content-Encoding"] == nil)
    let plain = try client.ask("GET", "/text")
    #expect(plain["Content-Encoding"] == nil)
    #expect(plain["Vary"] == "Accept-Encoding")
    #expect(plain.text == Self.text)
  }

  @Test(arguments: ContentCoding.allCases)
  func `each piece of a compressed stream can be read when it comes`(coding: ContentCoding) throws {
    let gate = Signal()
    let server = try TestServer([
      Route(.get, "/stream") { request in
        let loop = request.loop
        return Response(
          status: 200, headers: [("Content-Type", "application/x-ndjson")],
          body: .stream { writer in
            try? await writer.write(Array("one\n".utf8))
            let _: Int? = await loop.suspend(until: nil) { resumer in
              inBackground {
                _ = gate.wait()
                resumer.resume(1)
              }
            }
            try? await writer.write(Array(Self.text.utf8))
          })
      }
    ])
    let client = try server.client()
    try client.request("GET", "/stream", ["Accept-Encoding": coding.rawValue])
    let decoder = Decompressor(coding)
    var text: [UInt8] = []

    #expect(try client.head()["Content-Encoding"] == coding.rawValue)
    while text.isEmpty {
      let chunk = try client.chunk()!
      try decoder.append(chunk.span, to: &text, atMost: 1 << 20)
    }
    #expect(text == Array("one\n".utf8))
    gate.raise()
    while let chunk = try client.chunk() {
      try decoder.append(chunk.span, to: &text, atMost: 1 << 20)
    }

    #expect(String(decoding: text, as: UTF8.self) == "one\n" + Self.text)
    #expect(decoder.isComplete)
  }

  @Test(arguments: [
    ("gzip", ContentCoding.gzip), ("zstd, gzip", .zstd), ("gzip, zstd", .zstd),
    ("gzip;q=1.0, zstd;q=0.5", .gzip), ("gzip;q=0", nil), ("*", .zstd), ("zstd;q=0, *", .gzip),
    ("br, deflate", nil), ("", nil), ("identity", nil), ("GZIP", .gzip), ("x-gzip", .gzip),
    ("gzip;q=nonsense", .gzip), ("*;q=0", nil), (" gzip ; q=0.2 , zstd ; q=0.1", .gzip),
  ])
  func `the client's weights decide, and the faster of equals`(
    header: String, coding: ContentCoding?
  ) {
    #expect(Negotiation.coding(accepting: header) == coding)
  }

  @Test func `event streams are never compressed`() {
    #expect(!Negotiation.isCompressible("text/event-stream"))
    #expect(Negotiation.isCompressible("application/vnd.kafka.v2+json"))
    #expect(!Negotiation.isCompressible(nil))
  }
}
