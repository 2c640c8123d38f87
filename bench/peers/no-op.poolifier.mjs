/** As `no-op.mjs`, in the form that poolifier asks for. */
import { ThreadWorker } from "poolifier"

export default new ThreadWorker(value => value)
