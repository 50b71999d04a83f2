internal import CProtobufC
public import GRPC

extension MessageLimits {
  /// Bytes of a name that a reflection request asks about.
  public static let symbolBytes = 1024
}

/// A question of `grpc.reflection.v1.ServerReflection`.
public struct ReflectionRequest: GRPCMessage, Hashable, Sendable {
  /// What is asked for.
  public enum Question: Hashable, Sendable {
    /// The .proto file of this name.
    case file(named: String)
    /// The .proto file that defines this full name.
    case fileDefining(String)
    /// The .proto file that defines an extension of a message.
    case fileWithExtension(Int32, of: String)
    /// The numbers of a message's extensions.
    case extensionNumbers(of: String)
    /// The full names of all services.
    case services(String)
    /// Nothing that is known here.
    case unknown
  }

  /// Which of several hosts on one port; repeated in the answer.
  public var host: String
  /// What is asked for.
  public var question: Question

  /// A question.
  public init(host: String = "", _ question: Question) {
    self.host = host
    self.question = question
  }
}

extension ReflectionRequest: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Grpc__Reflection__V1__ServerReflectionRequest>) {
    grpc__reflection__v1__server_reflection_request__init(packed)
  }

  init(_ packed: Grpc__Reflection__V1__ServerReflectionRequest) throws(Status) {
    let limit = MessageLimits.symbolBytes
    host = try text(packed.host, "host", limit)
    switch packed.message_request_case {
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_BY_FILENAME:
      question = .file(named: try text(packed.file_by_filename, "file_by_filename", limit))
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_SYMBOL:
      question = .fileDefining(try text(packed.file_containing_symbol, "file_containing_symbol", limit))
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION:
      let asked = packed.file_containing_extension.pointee
      question = .fileWithExtension(
        asked.extension_number, of: try text(asked.containing_type, "containing_type", limit))
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_ALL_EXTENSION_NUMBERS_OF_TYPE:
      question = .extensionNumbers(
        of: try text(packed.all_extension_numbers_of_type, "all_extension_numbers_of_type", limit))
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_LIST_SERVICES:
      question = .services(try text(packed.list_services, "list_services", limit))
    default:
      question = .unknown
    }
  }

  func fill(_ packed: inout Grpc__Reflection__V1__ServerReflectionRequest, _ arena: Arena) {
    packed.host = arena.text(host)
    switch question {
    case .file(let name):
      packed.message_request_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_BY_FILENAME
      packed.file_by_filename = arena.text(name)
    case .fileDefining(let symbol):
      packed.message_request_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_SYMBOL
      packed.file_containing_symbol = arena.text(symbol)
    case .fileWithExtension(let number, let type):
      packed.message_request_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION
      packed.file_containing_extension = arena.message(grpc__reflection__v1__extension_request__init) {
        $0.containing_type = arena.text(type)
        $0.extension_number = number
      }
    case .extensionNumbers(let type):
      packed.message_request_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_ALL_EXTENSION_NUMBERS_OF_TYPE
      packed.all_extension_numbers_of_type = arena.text(type)
    case .services(let word):
      packed.message_request_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_LIST_SERVICES
      packed.list_services = arena.text(word)
    case .unknown: break
    }
  }
}
