/// Finds the word that was meant.
public enum Spelling {
  /// The word that takes the fewest changes from `word`, whatever the case of its letters; `nil`
  /// where none is near.
  public static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    // Longer than any word of ours with all changes: not worth the square of its length.
    guard word.utf8.count <= 100 else { return nil }
    let ranked = words.map { (word: $0, distance: distance($0.lowercased(), word.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, word.utf8.count / 4) ? best.word : nil
  }

  /// Levenshtein's distance: letters to insert, remove or replace.
  static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (index, letter) in left.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let replaced = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
