package import Records

/// Where changes become durable: the records, or what stands in for them in a test.
package protocol StateStore: Sendable {
  /// Writes all of `changes`, in their order, or none of them; then calls `done`, on any thread, with what went
  /// wrong. Calls are carried out in their order.
  func commit(_ changes: [RecordsChange], then done: @escaping @Sendable (RecordsFailure?) -> Void)
}

extension RecordsStore: StateStore {}
