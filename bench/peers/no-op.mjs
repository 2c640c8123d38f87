/** The task of the peers' pools: gives back what it gets. */
export default function noOp(value) {
  return value
}
