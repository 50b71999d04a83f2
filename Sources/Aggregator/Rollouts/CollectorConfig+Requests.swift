import GRPC
import Settings
import Steering
import Wire

extension CollectorConfig {
  /// What a document of a request says; `file`: what errors call it, empty: `config`.
  ///
  /// - Throws: INVALID_ARGUMENT: what is wrong with it, with its place.
  init(document yaml: String, file: String) throws(Status) {
    do throws(SettingsError) {
      self = try ConfigText.parse(yaml, file: file.isEmpty ? "config" : file)
    } catch {
      throw Status(.invalidArgument, error.description)
    }
  }
}
