internal import CProtobufC
public import GRPC

extension MessageLimits {
  /// Files in one answer of reflection, and bytes of one of them.
  public static let describedFiles = 1000
  /// Bytes of one file's descriptor.
  public static let descriptorBytes = 1 << 20
}

/// An answer of `grpc.reflection.v1.ServerReflection`.
public struct ReflectionResponse: Hashable, Sendable {
  /// What is answered.
  public enum Answer: Hashable, Sendable {
    /// Packed `FileDescriptorProto`s.
    case files([[UInt8]])
    /// A message's full name; nothing of ours has extensions.
    case noExtensions(of: String)
    /// The full names of all services.
    case services([String])
    /// It cannot be answered.
    case error(Status)
  }

  /// What was asked, repeated.
  public var request: ReflectionRequest
  /// The answer.
  public var answer: Answer

  /// An answer to a request.
  public init(to request: ReflectionRequest, _ answer: Answer) {
    self.request = request
    self.answer = answer
  }
}

extension ReflectionResponse: GRPCMessage, WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Grpc__Reflection__V1__ServerReflectionResponse>) {
    grpc__reflection__v1__server_reflection_response__init(packed)
  }

  init(_ packed: Grpc__Reflection__V1__ServerReflectionResponse) throws(Status) {
    request = try optional(packed.original_request) ?? ReflectionRequest(.unknown)
    request.host = try text(packed.valid_host, "valid_host", MessageLimits.symbolBytes)
    switch packed.message_response_case {
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_FILE_DESCRIPTOR_RESPONSE:
      let files = packed.file_descriptor_response.pointee
      answer = .files(
        try byteStrings(
          files.file_descriptor_proto, files.n_file_descriptor_proto, "file_descriptor_proto",
          MessageLimits.describedFiles, MessageLimits.descriptorBytes))
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ALL_EXTENSION_NUMBERS_RESPONSE:
      let type = packed.all_extension_numbers_response.pointee.base_type_name
      answer = .noExtensions(of: try text(type, "base_type_name", MessageLimits.symbolBytes))
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_LIST_SERVICES_RESPONSE:
      let names = packed.list_services_response.pointee
      let services: [ListedService] = try list(
        names.service, names.n_service, "service", MessageLimits.describedFiles)
      answer = .services(services.map(\.name))
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ERROR_RESPONSE:
      let error = packed.error_response.pointee
      answer = .error(
        Status(
          StatusCode(rawValue: Int(error.error_code)) ?? .unknown,
          try text(error.error_message, "error_message", MessageLimits.reasonBytes)))
    default:
      throw Status(.invalidArgument, "a ServerReflectionResponse without an answer that is known here")
    }
  }

  func fill(_ packed: inout Grpc__Reflection__V1__ServerReflectionResponse, _ arena: Arena) {
    packed.valid_host = arena.text(request.host)
    packed.original_request = arena.message(request)
    switch answer {
    case .files(let files):
      packed.message_response_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_FILE_DESCRIPTOR_RESPONSE
      packed.file_descriptor_response = arena.message(grpc__reflection__v1__file_descriptor_response__init) {
        ($0.n_file_descriptor_proto, $0.file_descriptor_proto) = arena.byteStrings(files)
      }
    case .noExtensions(let type):
      packed.message_response_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ALL_EXTENSION_NUMBERS_RESPONSE
      packed.all_extension_numbers_response = arena.message(
        grpc__reflection__v1__extension_number_response__init
      ) { $0.base_type_name = arena.text(type) }
    case .services(let names):
      packed.message_response_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_LIST_SERVICES_RESPONSE
      packed.list_services_response = arena.message(grpc__reflection__v1__list_service_response__init) {
        ($0.n_service, $0.service) = arena.list(names.map(ListedService.init))
      }
    case .error(let status):
      packed.message_response_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ERROR_RESPONSE
      packed.error_response = arena.message(grpc__reflection__v1__error_response__init) {
        $0.error_code = Int32(status.code.rawValue)
        $0.error_message = arena.text(status.message, cutTo: MessageLimits.reasonBytes)
      }
    }
  }
}

/// A service in a list.
private struct ListedService: WireMessage {
  let name: String

  init(_ name: String) { self.name = name }

  static func prepare(_ packed: UnsafeMutablePointer<Grpc__Reflection__V1__ServiceResponse>) {
    grpc__reflection__v1__service_response__init(packed)
  }

  init(_ packed: Grpc__Reflection__V1__ServiceResponse) throws(Status) {
    name = try text(packed.name, "name", MessageLimits.symbolBytes)
  }

  func fill(_ packed: inout Grpc__Reflection__V1__ServiceResponse, _ arena: Arena) {
    packed.name = arena.text(name)
  }
}
