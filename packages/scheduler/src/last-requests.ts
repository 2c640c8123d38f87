/**
 * Owns the very end of a worker's own thread, when nothing of ours is left on it: what was asked of the system and is under way there
 * (a file that is written, data on its way through a socket, a name that is looked up) is waited for; what merely keeps a thread awake
 * (an interval, a server, an open connection) is not. The pool waits for this within the grace.
 */

/** As Node names them: `FSReqCallback`, `GetAddrInfoReqWrap`, `SimpleWriteWrap`, `ShutdownWrap` … */
const REQUEST = /Req(Callback|Promise|Wrap)$|(Write|Shutdown|Connect)Wrap$/

/** Milliseconds between two looks. What is under way keeps the thread awake for them. */
const PAUSE = 2

/** What it needs of the process, which is this thread's. */
export interface Ending {
  getActiveResourcesInfo(): string[]
  exit(): void
}

/** Ends the thread as `process.exit` does: its listeners of "exit" are called, and what was printed comes out. */
export function endThread(own: Ending = process): void {
  let wasQuiet = false
  const look = (): void => {
    const active = own.getActiveResourcesInfo()
    if (active.some(name => REQUEST.test(name))) {
      wasQuiet = false
      setTimeout(look, PAUSE).unref()
    } else if (!wasQuiet) {
      // what goes on from one request to the next may take a turn of the event loop
      wasQuiet = true
      setImmediate(look)
    } else if (active.length > 0) own.exit()
    // else it ends by itself, behind whatever Node does not tell of
  }
  setImmediate(look)
}
