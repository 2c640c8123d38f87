/** A plain worker that posts what it is told to another one, and says how long that took; see migrate.bench.ts. */
import { parentPort, workerData } from "node:worker_threads"

const now = () => {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e6 + nanoseconds / 1e3
}
const hold = milliseconds => {
  for (const until = now() + milliseconds * 1_000; now() < until; );
}

const { port, data, pause } = workerData
/** The ball: whoever has it waits, and posts it back, so often as is left. */
const play = ({ taken, left, data }) => {
  if (left === 0) return parentPort.postMessage(taken)
  hold(pause)
  port.postMessage({ taken, left: left - 1, data, sent: now() })
}
port.on("message", message => {
  message.taken.push(now() - message.sent)
  play(message)
})
parentPort.on("message", left => play({ taken: [], left, data }))
