import Console
import Foundation
import Testing

@Suite struct ConsoleTests {
  @Test(arguments: ["/", "/index.html", "/console", "/console/", "/console/index.html"])
  func `the page of links is found`(path: String) throws {
    let file = try #require(Console.file(for: path))

    #expect(file.path == "index.html")
    #expect(file.type == "text/html; charset=utf-8")
  }

  @Test(arguments: [
    "/other.html", "/console/other.html", "/consoles/", "/consoleindex.html",
    "/../web/index.html", "/console/../index.html", "/index.html/", "//index.html",
  ])
  func `nothing else is`(path: String) {
    #expect(Console.file(for: path) == nil)
  }

  @Test func `what is embedded is what lies in web`() throws {
    let source = URL(filePath: #filePath).appending(path: "../../../web/index.html").standardized
    let file = try #require(Console.file(for: "/"))

    #expect(try Data(contentsOf: source) == Data(file.bytes))
  }

  @Test func `a tag is quoted, and names the content`() throws {
    let file = try #require(Console.file(for: "/"))

    #expect(file.etag.wholeMatch(of: #/"[0-9a-f]{16}"/#) != nil)
    #expect(Console.file(for: "/console/")?.etag == file.etag)
  }

  @Test func `a browser that has the file is told so`() throws {
    let file = try #require(Console.file(for: "/"))

    for held in [file.etag, "W/" + file.etag, "\"a\", \(file.etag)", " \(file.etag)\t", "*"] {
      #expect(Console.isCurrent(file, ifNoneMatch: held), "\(held)")
    }
    for other in ["", "\"0\"", String(file.etag.dropLast()), "W/"] {
      #expect(!Console.isCurrent(file, ifNoneMatch: other), "\(other)")
    }
  }

  @Test func `headers ask for revalidation and allow nothing foreign`() throws {
    let file = try #require(Console.file(for: "/"))
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
