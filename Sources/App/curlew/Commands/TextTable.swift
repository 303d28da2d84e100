/// Rows of text under titles, each column as wide as its widest cell.
struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]]

  init(_ columns: [(title: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.title)]
  }

  var isEmpty: Bool { rows.count == 1 }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The lines, indented, nothing behind the last cell of each.
  var text: String { text(nil, indent: "  ") }

  /// The lines behind `indent`, nothing behind the last cell of each; the titles in `style`.
  func text(_ style: TextStyle?, indent: String) -> String {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { number, row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? indent : "  "
        line += alignments[column] == .left ? cell + padding : padding + cell
      }
      while line.last == " " { line.removeLast() }
      return (number == 0 ? style?.bold(line) ?? line : line) + "\n"
    }.joined()
  }
}
