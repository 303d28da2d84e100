import Platform
import TestSupport
import Testing

@testable import HTTP

@Suite struct ApplyTests {
  @Test func `requests go by what was applied last`() throws {
    let server = try TestServer([.echo()]) { $0.loops = 2 }
    let client = try server.client()
    let body = [UInt8](repeating: 65, count: 2000)
    #expect(try client.ask("POST", "/echo", ["Origin": "https://a.example"], body).status == 403)

    var configuration = ServerConfiguration(listen: [])
    configuration.allowedOrigins = ["https://a.example"]
    server.server.apply(configuration)
    let reply = try client.ask("POST", "/echo", ["Origin": "https://a.example"], body)
    #expect(reply.status == 200)
    #expect(reply["Access-Control-Allow-Origin"] == "https://a.example")

    configuration.maximumBody = 1000
    configuration.allowedHosts = ["curlew.example"]
    server.server.apply(configuration)
    #expect(try client.ask("POST", "/echo", [:], body).status == 413)
    #expect(
      try server.client().ask("POST", "/echo", ["Host": "curlew.example"], [65]).status == 200)
  }

  @Test func `a request that has begun keeps what it began under`() throws {
    let server = try TestServer([.echo()])
    let client = try server.client()
    try client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000\r\n\r\n")
    #expect(server.turn { $0.traffic.exchanges == 1 })

    var configuration = ServerConfiguration(listen: [])
    configuration.maximumBody = 1000
    server.server.apply(configuration)
    try client.send([UInt8](repeating: 65, count: 2000))

    #expect(try client.reply().status == 200)
  }

  @Test func `a loop that hangs is noticed, until it goes on`() throws {
    let server = try TestServer([.echo()]) { $0.loops = 2 }
    let (hangs, mayGoOn) = (Parking(), Parking())
    #expect(server.server.isTurning())
    server.loop.deliver {
      hangs.wake()
      mayGoOn.park()
    }
    #expect(hangs.park(atMost: .seconds(30)))

    _ = server.server.isTurning()
    #expect(!server.server.isTurning())

    mayGoOn.wake()
    let end = SystemTime().now + .seconds(30)
    var isTurning = false
    while !isTurning, SystemTime().now < end { isTurning = server.server.isTurning() }
    #expect(isTurning)
  }
}
