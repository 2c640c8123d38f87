/** Starts pools and plain workers by turns, and prints what each took; run by start.bench.ts where the built packages lie. */
import { writeFileSync } from "node:fs"
import { Worker } from "node:worker_threads"
import { Pool } from "rove"

const [times] = process.argv.slice(2)
const WORKERS = 2
const plain = new URL("./plain.mjs", import.meta.url)
writeFileSync(plain, `import { parentPort } from "node:worker_threads"\nparentPort.postMessage("ready")\n`)

const pool = async () => {
  const started = performance.now()
  const pool = await Pool.start({ workers: WORKERS })
  const taken = performance.now() - started
  await pool.close()
  return taken
}
const workers = async () => {
  const started = performance.now()
  const all = Array.from({ length: WORKERS }, () => new Worker(plain))
  await Promise.all(all.map(worker => new Promise(resolve => worker.once("message", resolve))))
  const taken = performance.now() - started
  await Promise.all(all.map(worker => worker.terminate()))
  return taken
}
const found = []
await pool()
await workers()
for (let left = Number(times); left > 0; left--) {
  const [first, second] = left % 2 === 0 ? [pool, workers] : [workers, pool]
  const pair = [await first(), await second()]
  found.push(left % 2 === 0 ? pair : pair.toReversed())
}
console.log(JSON.stringify(found))
