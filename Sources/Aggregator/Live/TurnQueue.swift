/// Host numbers waiting for their turn, each at most once: nobody is served twice before all others once.
struct TurnQueue {
  private var numbers: [Int] = []
  private var head = 0
  private var waiting = HostSet()

  init() {}

  mutating func append(_ number: Int) {
    if waiting.insert(number) { numbers.append(number) }
  }

  mutating func popFirst() -> Int? {
    guard head < numbers.count else { return nil }
    let number = numbers[head]
    head += 1
    if head == numbers.count {
      numbers.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024, head * 2 > numbers.count {
      numbers.removeFirst(head)
      head = 0
    }
    waiting.remove(number)
    return number
  }
}
