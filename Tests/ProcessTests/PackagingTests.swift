import Foundation
import Platform
import TestSupport
import Testing

/// The systemd unit, and what `make install` puts where.
@Suite struct PackagingTests {
  private struct Outcome {
    var status: Int32
    var output: String
  }

  private static let analyser = "/usr/bin/systemd-analyze"
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    .dropLast(3).joined(separator: "/")

  private func run(_ command: String, _ arguments: String...) throws -> Outcome {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: command)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self))
  }

  private func make(_ target: String, _ directory: String) throws -> Outcome {
    try run(
      "/usr/bin/make", "-s", "-C", Self.root, target, "DESTDIR=\(directory)", "PREFIX=/usr",
      "BINARY=\(ServerProcess.executable)")
  }

  private func files(_ directory: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: directory).filter { path in
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(
        atPath: directory + "/" + path, isDirectory: &isDirectory)
      return !isDirectory.boolValue
    }
  }

  @Test func `what is installed runs, and goes again but for the configuration`() throws {
    let directory = try TemporaryDirectory()

    let installed = try make("install", directory.path)

    #expect(installed.status == 0, "\(installed.output)")
    let expected = [
      "usr/bin/curlew", "usr/lib/systemd/system/curlew.service", "usr/lib/sysusers.d/curlew.conf",
      "usr/share/doc/curlew/examples/curlew.yaml", "etc/curlew/curlew.yaml",
    ]
    #expect(try Set(files(directory.path)).isSuperset(of: expected))
    let configuration = directory.path + "/etc/curlew/curlew.yaml"
    let shown = try run(
      directory.path + "/usr/bin/curlew", "config", "show", "--config", configuration)
    #expect(shown.output.contains("/var/lib/curlew"), "\(shown.output)")

    // What somebody has changed stays when it is installed again.
    try "loops: 3\n".write(toFile: configuration, atomically: true, encoding: .utf8)
    #expect(try make("install", directory.path).status == 0)
    #expect(try PosixFileSystem().text(configuration) == "loops: 3\n")
    #expect(try make("uninstall", directory.path).status == 0)
    #expect(try files(directory.path) == ["etc/curlew/curlew.yaml"])
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: analyser)))
  func `systemd understands the unit and finds it well confined`() throws {
    let directory = try TemporaryDirectory()
    #expect(try make("install", directory.path).status == 0)
    let installed = directory.path + "/usr/lib/systemd/system/curlew.service"
    // The program is looked for on this system.
    let unit = directory.path + "/curlew.service"
    try PosixFileSystem().text(installed)
      .replacing("/usr/bin/curlew", with: ServerProcess.executable)
      .write(toFile: unit, atomically: true, encoding: .utf8)

    let verified = try run(Self.analyser, "verify", "--man=no", unit)
    let rated = try run(
      Self.analyser, "security", "--offline=true", "--threshold=15", "--no-pager", unit)

    #expect(verified.status == 0 && !verified.output.contains("curlew.service"))
    #expect(rated.status == 0, "\(rated.output)")
    print(rated.output.split(separator: "\n").last.map(String.init) ?? "")
  }
}
