/// `curlew man`: writes the manual page, for those who build packages.
enum ManCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    try invocation.print(
      ManualPage.text(invocation.commands.map(\.syntax).filter { !$0.isHidden }))
  }

  static let syntax = CommandSyntax(
    name: "man", summary: "Write the manual page",
    introduction: """
      Writes the manual page curlew.1, from the same table as --help.
      """,
    groups: [OptionGroup(title: "Options", options: [.help])],
    closing: """
      Examples
        $ curlew man > curlew.1
        $ curlew man | man -l -
      """,
    isHidden: true)
}
