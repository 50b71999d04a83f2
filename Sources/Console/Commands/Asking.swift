import GRPC
import GRPCNIO

extension AggregatorOptions {
  /// One question, one answer, on a connection of its own.
  func ask<Question: GRPCMessage & Sendable, Answer: GRPCMessage & Sendable>(
    _ method: Method<Question, Answer>, _ question: Question
  ) async throws(CommandFailure) -> Answer {
    let client = try await connect()
    do {
      let answer = try await client.unary(method, question, timeout: Self.answerTimeout)
      await client.close()
      return answer
    } catch {
      await client.close()
      throw CommandFailure(error, aggregator: address)
    }
  }
}
