/// A reference that does not keep its object: for whoever may come after the object is gone.
struct WeakReference<Object: AnyObject> {
  weak var object: Object?

  init(_ object: Object) {
    self.object = object
  }
}
