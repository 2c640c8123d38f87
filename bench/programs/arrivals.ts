/** Owns counting which fibers of a bench have come to where they wait: a burst may end before all of them have begun. */

let expected = 0
let all = (): void => {}

/** Settles when so many have arrived. */
export function arrivals(count: number): Promise<void> {
  expected = count
  return new Promise(resolve => {
    all = resolve
  })
}

export function arrived(): void {
  if (--expected === 0) all()
}

let asleep = 0
let none = (): void => {}

/** Settles when so many have been woken. */
export function wakings(count: number): Promise<void> {
  asleep = count
  return new Promise(resolve => {
    none = resolve
  })
}

export function woken(by: number): void {
  asleep -= by
  if (asleep === 0) none()
}
