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
