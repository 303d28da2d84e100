/// The table of layers in `Sources/README.md`: what each target may import.
struct LayerTable {
  /// Each target's row, in the order of the table.
  let rows: [(target: String, imports: [String])]

  /// Reads the table whose head is `| target | its job | may import |`. `Base` in the last column
  /// stands for the targets `base`, a dash for nothing.
  init(markdown: String, base: [String]) {
    var rows: [(target: String, imports: [String])] = []
    var isInside = false
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      let cells = Self.cells(line)
      if cells == ["target", "its job", "may import"] {
        isInside = true
        continue
      }
      guard isInside, cells.count == 3 else {
        isInside = false
        continue
      }
      if cells[0].allSatisfy({ $0 == "-" }) { continue }
      rows.append((cells[0], Self.expand(cells[2], base)))
    }
    self.rows = rows
  }

  /// What `target` may import, `nil` where it has no row.
  func imports(of target: String) -> [String]? { rows.first { $0.target == target }?.imports }

  private static func cells(_ line: Substring) -> [String] {
    guard line.hasPrefix("|"), line.hasSuffix("|") else { return [] }
    return line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
      .map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
  }

  private static func expand(_ cell: String, _ base: [String]) -> [String] {
    if cell == "–" { return [] }
    return cell.split(separator: ",").flatMap { part -> [String] in
      let name = part.filter { $0 != " " }
      return name == "Base" ? base : [String(name)]
    }
  }
}
