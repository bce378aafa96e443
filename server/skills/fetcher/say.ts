import { isAddress } from './address.ts'

const QUOTED_MAX = 80

/** The host of an address, as it is said. */
export function sayHost(url: string): string {
  return new URL(url).host.replace(/^www\./, '')
}

/** "1.2 kB". */
export function saySize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** "answered", or that it did so with a number that means trouble. */
export function sayAnswer(url: string, status: number): string {
  const ok = status >= 200 && status < 300
  return ok ? `${sayHost(url)} answered` : `${sayHost(url)} answered with status ${status}`
}

/** What is said after an answer of which only the beginning is kept. */
export function sayCut(truncated: boolean | undefined): string {
  return truncated === true ? '; only its beginning is kept' : ''
}

/**
 * Asks before something that was said is sent to others, however clear it was: it cannot be taken back, and what people
 * name ("my calendar") is not what would go out, which is the words themselves.
 */
export function askToSend(said: string, content: unknown): string | undefined {
  const url = said.trim()
  if (!isAddress(url) || content === undefined) return undefined
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const short = text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX - 1)}…` : text
  return `That sends the words "${short}" to ${sayHost(/^https?:/i.test(url) ? url : `https://${url}`)}. Shall I?`
}
