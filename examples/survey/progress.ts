/** Owns the line that says how far the survey is: on a terminal only, and gone at the end. */

/** Milliseconds between two looks. */
const PAUSE = 100

export class Progress {
  #timer: NodeJS.Timeout | undefined
  #shown = false

  show(text: () => string): void {
    if (!process.stderr.isTTY) return
    const write = (): void => {
      process.stderr.write(`\r\x1b[2K${text()} …`)
      this.#shown = true
    }
    write()
    this.#timer = setInterval(write, PAUSE)
  }

  /** Takes the line away. */
  end(): void {
    clearInterval(this.#timer)
    if (this.#shown) process.stderr.write("\r\x1b[2K")
    this.#shown = false
  }
}
