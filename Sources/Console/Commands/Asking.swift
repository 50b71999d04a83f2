import GRPC
import GRPCNIO

extension AggregatorOptions {
  /// Everything that a server-streaming method answers, on a connection of its own.
  func askForAll<Question: GRPCMessage & Sendable, Answer: GRPCMessage & Sendable>(
    _ method: Method<Question, Answer>, _ question: Question
  ) async throws(CommandFailure) -> [Answer] {
    let client = try await connect()
    do {
      var answers: [Answer] = []
      let stream = try await client.serverStreaming(method, question, timeout: Self.answerTimeout)
      for try await answer in stream { answers.append(answer) }
      await client.close()
      return answers
    } catch {
      await client.close()
      throw CommandFailure(error, aggregator: address)
    }
  }

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
