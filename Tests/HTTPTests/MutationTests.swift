import HTTP
import TestSupport
import Testing

@Suite struct `Bytes from anywhere` {
  static let requests = [
    "GET /a?x=1&y=%20z HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip;q=0.5, *\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "5\r\nhello\r\n0\r\n\r\n",
    "POST /sum HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"
      + "abcd",
    "OPTIONS /a HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\r\n",
    "HEAD /count HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "GET /count HTTP/1.0\r\nX-Request-Id: abc\r\n\r\n",
    "GET /count HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: zstd\r\n\r\n",
  ]

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `never end the server, nor stay in it`(seed: UInt64) throws {
    let time = SteppedTime()
    let server = try TestServer(
      [
        .echo(), .text(.get, "/a") { $0.query("y") ?? "" }, ChunkTests.adding,
        StreamTests.counting(pieces: 3, of: 1000),
      ], time: time)
    var random = Stepper(state: seed)

    for round in 0..<60 {
      let client = try server.client()
      try? client.send(Self.bytes(&random))
      if round % 2 == 0 { client.finishWriting() }
      if round % 3 == 0 { #expect(try server.client().ask("GET", "/a?y=fine").text == "fine") }
    }

    // Connections are accepted in order: with this one all before it are.
    #expect(try server.client().ask("GET", "/a?y=fine").text == "fine", "seed \(seed)")
    // Each look at the sockets finds those that left; a request that is answered leaves after it.
    var rounds = 0
    while rounds < 200, !server.onLoop({ $0.trafficConnections == 0 && $0.trafficTasks == 0 }) {
      time.advance(.seconds(15), server)
      rounds += 1
    }
    #expect(server.onLoop { $0.trafficConnections } == 0, "seed \(seed)")
  }

  /// Up to four requests, with up to five wounds.
  static func bytes(_ random: inout Stepper) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0...random.below(4) { bytes += Array(requests[random.below(requests.count)].utf8) }
    for _ in 0..<random.below(6) {
      let at = random.below(bytes.count)
      switch random.below(3) {
      case 0: bytes[at] = UInt8(random.below(256))
      case 1: bytes.remove(at: at)
      default: bytes.insert(contentsOf: [13, 10, 0, 255, 37].prefix(random.below(6)), at: at)
      }
    }
    return bytes
  }

  struct Stepper {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }
}
