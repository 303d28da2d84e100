import Foundation

/// Programs that others wrote, to hold ours against: Python scripts in `Tests/ThirdParty`, run with
/// the libraries of its `requirements.txt`.
public enum ThirdParty {
  /// Why a script gave no answer.
  public struct Failure: Error, CustomStringConvertible {
    /// A sentence.
    public let description: String
  }

  private static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What `script` prints when it is run with `arguments`. It throws where the script fails, whose
  /// complaint then stands on standard error, and where the libraries are not installed.
  public static func run(_ script: String, _ arguments: [String]) throws -> Data {
    let python = repository.appending(path: ".build/venv/bin/python")
    guard FileManager.default.isExecutableFile(atPath: python.path) else {
      throw Failure(description: "\(python.path) is missing: run make setup-tests.")
    }
    let process = Process()
    let output = Pipe()
    process.executableURL = python
    process.arguments =
      [repository.appending(path: "Tests/ThirdParty/\(script)").path] + arguments
    process.standardOutput = output
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(script) ended with status \(process.terminationStatus).")
    }
    return printed
  }
}
