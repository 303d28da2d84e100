import Console
import Foundation
import Testing

@Suite struct ConsoleTests {
  @Test(arguments: ["/console", "/console/", "/console/index.html"])
  func `the page of links is found`(path: String) throws {
    let file = try #require(Console.file(for: path))

    #expect(file.path == "/console/index.html")
    #expect(file.type == "text/html; charset=utf-8")
  }

  @Test(arguments: [
    ("/docs", "text/html; charset=utf-8"), ("/docs/", "text/html; charset=utf-8"),
    ("/openapi.yaml", "application/yaml"), ("/openapi.json", "application/json"),
  ])
  func `the document and its page are found`(path: String, type: String) throws {
    #expect(try #require(Console.file(for: path)).type == type)
  }

  @Test(arguments: [
    "", "/", "/index.html", "/other.html", "/console/other.html", "/consoles/",
    "/consoleindex.html",
    "/../web/index.html", "/console/../index.html", "/console//", "//console", "/openapi",
  ])
  func `nothing else is`(path: String) {
    #expect(Console.file(for: path) == nil)
  }

  @Test(arguments: [
    ("/console", "web/index.html"), ("/docs", "web/docs.html"),
    ("/openapi.yaml", "openapi/curlew.yaml"), ("/openapi.json", "openapi/curlew.json"),
  ])
  func `what is embedded is what lies in the repository`(path: String, source: String) throws {
    let source = URL(filePath: #filePath).appending(path: "../../../\(source)").standardized
    let file = try #require(Console.file(for: path))

    #expect(try Data(contentsOf: source) == Data(file.bytes))
  }

  @Test func `all that is embedded is small`() throws {
    let files = try ["/console", "/docs", "/openapi.yaml", "/openapi.json"].map {
      try #require(Console.file(for: $0))
    }

    #expect(files.reduce(0) { $0 + $1.bytes.count } < 400_000)
  }

  @Test func `a tag is quoted, and names the content`() throws {
    let file = try #require(Console.file(for: "/console"))

    #expect(file.etag.wholeMatch(of: #/"[0-9a-f]{16}"/#) != nil)
    #expect(Console.file(for: "/console/")?.etag == file.etag)
  }

  @Test func `a browser that has the file is told so`() throws {
    let file = try #require(Console.file(for: "/console"))

    for held in [file.etag, "W/" + file.etag, "\"a\", \(file.etag)", " \(file.etag)\t", "*"] {
      #expect(Console.isCurrent(file, ifNoneMatch: held), "\(held)")
    }
    for other in ["", "\"0\"", String(file.etag.dropLast()), "W/"] {
      #expect(!Console.isCurrent(file, ifNoneMatch: other), "\(other)")
    }
  }

  @Test(arguments: ["/console", "/docs"])
  func `headers ask for revalidation and allow nothing foreign`(path: String) throws {
    let file = try #require(Console.file(for: path))
    let headers = Dictionary(
      uniqueKeysWithValues: Console.headers(for: file).map { ($0.name, $0.value) })

    #expect(headers["Cache-Control"] == "no-cache")
    #expect(headers["ETag"] == file.etag)
    #expect(headers["Content-Type"] == file.type)
    #expect(headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
    let page = String(decoding: file.bytes, as: UTF8.self)
    #expect(page.matches(of: #/(src|href)="(https?:)?\/\//#).isEmpty)
  }
}
