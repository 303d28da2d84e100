import Platform
import TestSupport
import Testing

/// Retention by the real process, on the machine's own disk.
@Suite struct RetentionTests {
  private let topic = "/topics/kept"

  @Test func `what exceeds retention bytes goes, and the disk has its space back`() throws {
    let directory = try TemporaryDirectory()
    let arguments = ["--log-retention-check-interval-ms", "100ms"]
    let server = try ServerProcess(directory: directory.path, arguments: arguments)
    let client = try TestHTTPClient(port: server.port)
    let settings = #"{"segment.bytes":"1MiB","retention.bytes":"2MiB","retention.ms":-1}"#
    try create(client, settings)
    for number in 0..<48 { try produce(client, number) }
    let full = try bytesOnDisk(directory.path)

    // What has to happen comes within seconds; a long poll in between costs nothing.
    var rounds = 0
    while try bytesOnDisk(directory.path) > 3_500_000, rounds < 300 {
      _ = try client.send("GET", topic + "/records?from=latest&timeout=200ms")
      rounds += 1
    }

    let left = try bytesOnDisk(directory.path)
    #expect(full > 6_000_000 && left <= 3_500_000 && left >= 2 << 20, "\(full), then \(left)")
    try check(client)
    server.kill()
    server.wait()
    let again = try ServerProcess(directory: directory.path, arguments: arguments)
    try check(TestHTTPClient(port: again.port))
  }

  private func create(_ client: TestHTTPClient, _ settings: String) throws {
    let body = #"{"name":"kept","partitions":1,"config":\#(settings)}"#
    let response = try client.send(
      "POST", "/topics", headers: [("Content-Type", "application/json")], body: Array(body.utf8))
    try #require(response.status == 201, "\(response.text)")
  }

  private func produce(_ client: TestHTTPClient, _ number: Int) throws {
    let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 256 << 10)
    let response = try client.send(
      "POST", topic, headers: [("Content-Type", "application/octet-stream")], body: value)
    try #require(response.status == 200, "\(response.text)")
  }

  /// The newest record is there, the oldest is out of range and everybody is told the range.
  private func check(_ client: TestHTTPClient) throws {
    let newest = try client.send("GET", topic + "/partitions/0/records/47")
    #expect(newest.status == 200 && newest.body.count == 256 << 10 && newest.body.last == 47)
    let oldest = try client.send("GET", topic + "/partitions/0/records/0")
    #expect(oldest.status == 416 && oldest.text.contains(#""end":48"#), "\(oldest.text)")
  }

  private func bytesOnDisk(_ directory: String) throws -> Int64 {
    let files = PosixFileSystem()
    let path = "\(directory)/topics/kept-0"
    guard try files.status(path) != nil else { return 0 }
    return try files.list(path).reduce(0) { sum, name in
      sum + (try files.status("\(path)/\(name)")?.size ?? 0)
    }
  }
}
