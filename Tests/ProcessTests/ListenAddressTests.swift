import Testing

@testable import curlew

@Suite struct ListenAddressTests {
  @Test(
    arguments: [
      ("127.0.0.1:8082", "127.0.0.1", 8082, true), ("127.255.0.9:0", "127.255.0.9", 0, true),
      ("localhost:65535", "127.0.0.1", 65535, true), ("0.0.0.0:80", "0.0.0.0", 80, false),
      ("192.168.1.10:1", "192.168.1.10", 1, false), ("[::1]:0", "::1", 0, true),
      ("[0:0:0:0:0:0:0:1]:1", "0:0:0:0:0:0:0:1", 1, true), ("[::]:1", "::", 1, false),
      ("[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1, true),
      ("[::ffff:10.0.0.1]:1", "::ffff:10.0.0.1", 1, false),
      ("[2001:db8::1]:1", "2001:db8::1", 1, false), ("[fe80::]:1", "fe80::", 1, false),
      ("[1:2:3:4:5:6:7::]:1", "1:2:3:4:5:6:7::", 1, false),
      ("[::7f00:1]:1", "::7f00:1", 1, false),
    ] as [(String, String, UInt16, Bool)])
  func `an address and a port are read`(
    text: String, host: String, port: UInt16, isLoopback: Bool
  ) throws {
    let address = try #require(ListenAddress(text))

    #expect(address.host == host && address.port == port)
    #expect(address.isLoopback == isLoopback)
    #expect(text == address.description || text.hasPrefix("localhost"))
  }

  @Test(arguments: [
    "", ":", "8082", ":8082", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
    "127.0.0.1:+1", "127.0.0.1:٣", "127.0.0.1: 1", "127.0.0:1", "127.0.0.256:1", "1.2.3.4.5:1",
    "0127.0.0.1:1", "127.0.0.x:1", "example.com:80", "::1:80", "[::1]", "[::1]80", "[]:1",
    "[:]:1", "[:::]:1", "[1:2]:1", "[1::2::3]:1", "[1:2:3:4:5:6:7:8:9]:1",
    "[1:2:3:4:5:6:7:8::]:1", "[12345::]:1", "[g::]:1", "[::1%eth0]:1", "[1.2.3.4::]:1",
    "[::1.2.3.4:5]:1", "[::1.2.3]:1", "*:80",
  ])
  func `anything else is none`(text: String) {
    #expect(ListenAddress(text) == nil)
  }
}
