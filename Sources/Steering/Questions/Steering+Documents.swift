public import GRPC
public import Wire

/// Documents, as they are shown.
extension Steering {
  /// Documents, newest first, without their YAML. Throws INVALID_ARGUMENT for a selector that cannot be read.
  public func documents(_ request: ListConfigsRequest) throws(Status) -> [ConfigDocument] {
    let layer = try layerName(request.selector).name
    let current = Set(layers.all.map(\.current))
    let selected = documents.documents.values.filter { document in
      (request.allLayers || document.selector == layer)
        && (request.history || current.contains(document.version))
    }
    let limit = Int(clamping: request.limit == 0 ? 100 : request.limit)
    return selected.sorted { $0.version > $1.version }.prefix(limit).map { document in
      var document = document
      document.yaml = ""
      document.current = current.contains(document.version)
      return document
    }
  }

  /// A document with its YAML; nil: there is none of this version.
  public func document(_ version: UInt64) -> ConfigDocument? {
    guard var document = documents[version] else { return nil }
    document.current = layers[document.selector]?.current == version
    return document
  }
}
