extension SourceCatalogue {
  /// People's own metrics.
  static let textfile: [SourceKind] = [
    SourceKind(
      TextFileSource.name, reads: ["textfile_directory/*.prom"],
      about: """
        Every file `*.prom` of the folder that the setting `textfile_directory` names, in Prometheus' text \
        format, version 0.0.4; without the setting, off. The host's administrator alone can set it: no \
        config from the aggregator does.

        Write to another name in the same folder, then rename: a file that is written where it lies may be \
        read half written. A file with an error (it names file and line) shows nothing and \
        `node_textfile_scrape_error` is 1; the others go on. Refused are times, a series that is there \
        already, more than \(TextFileSource.maximumFiles) files, \(TextFile.maximumBytes >> 20) MiB a file, \
        \(TextFileSource.maximumSeries) series in all since the start; FIFOs and devices; names that begin \
        with a dot are passed over. Links are followed. A folder that does not answer holds up nothing else. \
        Values are doubles; a label without a value is left out.
        """,
      interval: .seconds(5), mayBlock: true, metrics: TextFileSource.metrics
    ) { TextFileSource(directory: $0.textfileDirectory) }
  ]
}
