/**
 * Owns the same survey as a plain program: no fibers, one file after the other, and a tokenizer that was written on its
 * own (with regular expressions), so that it can tell whether the fibers are right.
 */
import { hash } from "node:crypto"
import type { DirectoryFound, FileFound } from "./fibers.ts"
import { LARGEST, list, readText, type Skipped } from "./read.ts"
import { FNV_PRIME, FNV_START, SEEDS } from "./signature.ts"
import type { Tokens } from "./tokens.ts"

/** Surveys a tree, directory by directory. */
export async function* surveyPlainly(root: string): AsyncGenerator<DirectoryFound> {
  const waiting = [""]
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    const listing = await list(root, directory)
    waiting.push(...listing.directories)
    const files: FileFound[] = []
    const skipped: Skipped[] = [...listing.skipped]
    for (const path of listing.files) {
      const content = await readText(root, path, LARGEST)
      if ("why" in content) skipped.push(content)
      else if (content instanceof Uint8Array)
        files.push({ path, bytes: content.length, hash: hash("sha256", content), ...tokensOf(content) })
    }
    yield { ...listing, files, postponed: [], skipped }
  }
}

const token = /\/\/[^\n]*|\/\*|["'`]|[0-9][\w$\x80-\xff]*|[A-Za-z_$\x80-\xff][\w$\x80-\xff]*|[ \n\r\t]+|[\s\S]/g

export function tokensOf(content: Uint8Array): Tokens {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1")
  const counts = { lines: text.split("\n").length - 1, words: 0, numbers: 0, strings: 0, comments: 0, marks: 0 }
  const hashes: number[] = []
  token.lastIndex = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match
    if (found.charCodeAt(0) <= 32) continue
    if (found === "/*") token.lastIndex = behind(text, "*/", token.lastIndex)
    if (found === "/*" || found.startsWith("//")) {
      counts.comments++
      continue
    }
    if (/^["'`]/.test(found)) token.lastIndex = endOfString(text, token.lastIndex, found)
    counts[kindOf(found)]++
    hashes.push(hashOf(text.slice(match.index, token.lastIndex)))
  }
  return { counts, signature: signatureOf(hashes) }
}

function kindOf(found: string): "strings" | "numbers" | "words" | "marks" {
  if (/^["'`]/.test(found)) return "strings"
  return /^[0-9]/.test(found) ? "numbers" : /^[\w$\x80-\xff]/.test(found) ? "words" : "marks"
}

function behind(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from)
  return at < 0 ? text.length : at + what.length
}

function hashOf(text: string): number {
  let hash = FNV_START
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME)
  return hash
}

function signatureOf(hashes: readonly number[]): Uint32Array {
  const threes = hashes.map((hash, i) => {
    const [first, second] = [hashes[i - 2] ?? 0, hashes[i - 1] ?? 0]
    return Math.imul(Math.imul(first, FNV_PRIME) ^ second, FNV_PRIME) ^ hash
  })
  return Uint32Array.from(SEEDS, seed =>
    threes.reduce((least, three) => Math.min(least, Math.imul(three ^ seed, FNV_PRIME) >>> 0), 0xffffffff),
  )
}

/** Where a string ends that begins before `from`: behind its quote, or at the end of the line if that is missing. */
function endOfString(text: string, from: number, quote: string): number {
  const next = new RegExp(`[${quote}\\\\\n]`, "g")
  next.lastIndex = from
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    const [found] = match
    if (found === quote) return next.lastIndex
    if (found === "\n" && quote !== "`") return match.index
    if (found === "\\" && text[next.lastIndex] !== "\n") next.lastIndex++
  }
  return text.length
}
