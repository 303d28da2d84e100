internal import CommitLog
public import Model
internal import Platform
internal import StateLog
public import Store

extension EmbeddedStore {
  public func topic(_ name: TopicName) -> Topic? { published.known(name)?.topic }

  public func topics() -> [Topic] { published.all }

  public func create(_ topic: NewTopic, reply: Reply<Topic>) {
    submit(.create(topic, id: TopicID(from: node.options.entropy)), reply)
  }

  public func alter(_ name: TopicName, _ change: TopicChange, reply: Reply<Topic>) {
    submit(.alter(name, change), reply)
  }

  public func delete(_ name: TopicName, reply: Reply<Void>) {
    node.catalogue.submit(
      .delete(name),
      reply: Reply(on: reply.queue) { result in
        reply.body(result.flatMap { outcome in outcome.map { _ in } })
      })
  }

  private func submit(_ command: Catalogue.Command, _ reply: Reply<Topic>) {
    node.catalogue.submit(
      command,
      reply: Reply(on: reply.queue) { result in
        let outcome = result.flatMap { $0 }
        reply.body(
          outcome.flatMap { topic in
            topic.map { .success($0) } ?? .failure(.unsupported("The command makes no topic."))
          })
      })
  }

  public func size(of topic: Topic, partition: Int32) -> PartitionSize {
    guard let known = published.known(topic.id), known.partitions.indices.contains(Int(partition))
    else { return PartitionSize(bytes: 0, segments: 0) }
    let size = known.partitions[Int(partition)].size
    return PartitionSize(bytes: size.bytes, segments: size.segments)
  }

  public func damage(of topic: Topic, partition: Int32) -> [Range<Offset>] {
    guard let known = published.known(topic.id), known.partitions.indices.contains(Int(partition))
    else { return [] }
    return known.partitions[Int(partition)].damage
  }
}
