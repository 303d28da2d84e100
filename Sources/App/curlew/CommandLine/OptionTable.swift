internal import CPopt
internal import Glibc

/// A command's options and arguments as popt takes them: C structures and strings, all owned here.
// SAFETY: the pointers go to popt's context alone; whoever makes one frees it before this object
// goes.
@safe final class OptionTable {
  /// The strings of the command line, the command's name first, `nil` last.
  let arguments: UnsafeMutablePointer<UnsafePointer<CChar>?>
  /// The groups of options; the empty one ends them.
  let groups: UnsafeMutablePointer<popt_option>
  private var strings: [UnsafeMutablePointer<CChar>] = unsafe []
  private var tables: [UnsafeMutablePointer<popt_option>] = unsafe []

  /// The table of `syntax`. The value of an option is its position in `syntax.options`, from 1.
  init(_ syntax: CommandSyntax, _ given: [String]) {
    unsafe arguments = .allocate(capacity: given.count + 2)
    unsafe groups = .allocate(capacity: syntax.groups.count + 1)
    unsafe groups.initialize(repeating: popt_option(), count: syntax.groups.count + 1)
    let command = syntax.name.isEmpty ? "curlew" : "curlew " + syntax.name
    for (index, text) in ([command] + given).enumerated() {
      unsafe (arguments + index).initialize(to: string(text))
    }
    unsafe (arguments + given.count + 1).initialize(to: nil)
    var value: Int32 = 1
    for (index, group) in syntax.groups.enumerated() {
      unsafe groups[index].argInfo = UInt32(POPT_ARG_INCLUDE_TABLE)
      unsafe groups[index].descrip = unsafe string(group.title)
      unsafe groups[index].arg = unsafe UnsafeMutableRawPointer(table(group.options, from: value))
      value += Int32(group.options.count)
    }
  }

  deinit {
    while let string = unsafe strings.popLast() { unsafe free(string) }
    while let table = unsafe tables.popLast() { unsafe table.deallocate() }
    unsafe groups.deallocate()
    unsafe arguments.deallocate()
  }

  private func table(_ options: [Option], from value: Int32) -> UnsafeMutablePointer<popt_option> {
    let table = UnsafeMutablePointer<popt_option>.allocate(capacity: options.count + 1)
    unsafe table.initialize(repeating: popt_option(), count: options.count + 1)
    unsafe tables.append(table)
    for (index, option) in options.enumerated() {
      unsafe fill(&table[index], option)
      unsafe table[index].val = value + Int32(index)
    }
    return unsafe table
  }

  private func fill(_ entry: inout popt_option, _ option: Option) {
    unsafe entry.longName = unsafe string(option.name)
    if let letter = option.letter { unsafe entry.shortName = CChar(letter.value) }
    unsafe entry.descrip = unsafe string(option.summary)
    switch option.argument {
    case .none: unsafe entry.argInfo = UInt32(POPT_ARG_NONE)
    case .required(let word):
      unsafe entry.argInfo = UInt32(POPT_ARG_STRING)
      unsafe entry.argDescrip = unsafe string(word)
    case .optional(let word):
      unsafe entry.argInfo = UInt32(POPT_ARG_STRING) | UInt32(POPT_ARGFLAG_OPTIONAL)
      unsafe entry.argDescrip = unsafe string(word)
    }
  }

  /// A copy of `text` that lives as long as this object.
  func string(_ text: String) -> UnsafePointer<CChar> {
    guard let copy = unsafe strdup(text) else { preconditionFailure("no memory for a string") }
    unsafe strings.append(copy)
    return unsafe UnsafePointer(copy)
  }
}
