import GRPC
import Wire

extension FrameLists {
  /// Those of a loop, made when they are first asked for.
  static func shared(on loop: LoopBuffers) -> FrameLists {
    if let lists = loop.attachment as? FrameLists { return lists }
    let lists = FrameLists()
    loop.attachment = lists
    return lists
  }
}
