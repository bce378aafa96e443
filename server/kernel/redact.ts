import { findHidden } from './hidden.ts'
import type { Hit } from './hidden.ts'

/** What is put in the place of a secret. */
export interface Hidden {
  /** Id of the credential, which the mark names. */
  credential_id: string
  value: string
}

/** Takes secrets out of bytes that come in chunks, wherever the chunks are cut. */
export interface Redactor {
  chunk(bytes: Uint8Array): Uint8Array
  end(): Uint8Array
}

/** A shorter secret cannot be told from other text: it is not lent at all. */
export const SECRET_CHARACTERS_MIN = 6

interface Needle {
  bytes: Buffer
  mark: Buffer
}

/**
 * Makes redactors for some secrets: as they are, and as base64, base64url, hexadecimal, percent-encoded, JSON, HTML and
 * reversed, each also with any of its characters written as codes. Base64 is found at each of its three places in a
 * longer text.
 */
export function redactorsOf(secrets: readonly Hidden[]): () => Redactor {
  const all = secrets.flatMap(trimmedToo)
  const needles = all.flatMap(needlesOf).toSorted((a, b) => b.bytes.length - a.bytes.length)
  const plain = all.flatMap(plainOf).toSorted((a, b) => b.text.length - a.text.length)
  const longest = Math.max(
    needles[0]?.bytes.length ?? 0,
    Math.min((plain[0]?.text.length ?? 0) * CODE_BYTES, HELD_BYTES_MAX),
  )
  const find = (bytes: Buffer): Found[] => {
    const hits = findHidden(
      bytes,
      plain.map(({ text }) => text),
    )
    return hits.map((hit) => ({ ...hit, mark: markOf(bytes, hit, plain[hit.text]?.mark) }))
  }
  return () => {
    let held: Buffer = Buffer.alloc(0)
    return {
      chunk: (bytes) => {
        const whole = Buffer.concat([held, bytes])
        const { clean, rest } = replaced(whole, { needles, hidden: find(whole), longest })
        held = rest
        return clean
      },
      end: () => {
        const { clean, rest } = replaced(held, { needles, hidden: find(held), longest: 0 })
        held = Buffer.alloc(0)
        return Buffer.concat([clean, rest])
      },
    }
  }
}

/** Bytes that one character of a secret may take as a code, and bytes that are held back at most because of that. */
const CODE_BYTES = 24
const HELD_BYTES_MAX = 65_536

/** What stands in the place of a hit. Between wide characters a mark of its own would put all that follows out of step. */
function markOf(bytes: Buffer, { from, to }: Hit, mark: Buffer = Buffer.from('[secret]')): Buffer {
  const part = bytes.subarray(from, to)
  return part.includes(0) ? Buffer.from(part.map((byte) => (byte === 0 ? 0 : STAR))) : mark
}

const STAR = 42

interface Found {
  from: number
  to: number
  mark: Buffer
}

interface Search {
  needles: readonly Needle[]
  /** What was found of those that are written in codes, in order. */
  hidden: readonly Found[]
  /** Bytes of the longest that there may be, or 0 when nothing follows. */
  longest: number
}

/** Replaces what is found. What could be the beginning of a needle that goes on in the next chunk is held back. */
function replaced(bytes: Buffer, { needles, hidden, longest }: Search): { clean: Buffer; rest: Buffer } {
  const parts: Buffer[] = []
  const next = needles.map(({ bytes: needle }) => bytes.indexOf(needle))
  // A needle that begins before this place is whole, or is not there.
  const safe = Math.max(0, bytes.length - Math.max(0, longest - 1))
  let from = 0
  let passed = 0
  const nearest = (): Found | undefined => {
    let first: Found | undefined
    for (const [index, needle] of needles.entries()) {
      const at = next[index] ?? -1
      if (at >= 0 && at < from) next[index] = bytes.indexOf(needle.bytes, from)
      const place = next[index] ?? -1
      if (place >= 0 && (first === undefined || place < first.from))
        first = { from: place, to: place + needle.bytes.length, mark: needle.mark }
    }
    while ((hidden[passed]?.from ?? from) < from) passed += 1
    const coded = hidden[passed]
    return coded !== undefined && (first === undefined || coded.from < first.from) ? coded : first
  }
  for (let hit = nearest(); hit !== undefined; hit = nearest()) {
    // A longer one may begin earlier and end in the next chunk.
    if (longest > 0 && hit.from >= safe) break
    parts.push(bytes.subarray(from, hit.from), hit.mark)
    from = hit.to
  }
  const keep = longest > 0 ? Math.max(from, safe) : bytes.length
  parts.push(bytes.subarray(from, keep))
  return { clean: Buffer.concat(parts), rest: Buffer.from(bytes.subarray(keep)) }
}

/** HTTP takes white space off the ends of a header: what is echoed is the secret without it. */
function trimmedToo({ credential_id, value }: Hidden): Hidden[] {
  const trimmed = value.trim()
  const isOther = trimmed !== value && trimmed.length >= SECRET_CHARACTERS_MIN
  return [{ credential_id, value }, ...(isOther ? [{ credential_id, value: trimmed }] : [])]
}

/** The writings of a secret without any code, as bytes of latin1: what it is once somebody has read the codes. */
function plainOf({ credential_id, value }: Hidden): { text: string; mark: Buffer }[] {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  const texts = [
    bytes.toString('latin1'),
    ...[0, 1, 2].flatMap((shift) => base64Within(bytes, shift)),
    hex,
    hex.toUpperCase(),
    Buffer.from(Array.from(value).toReversed().join('')).toString('latin1'),
  ]
  const mark = markFor(credential_id)
  return [...new Set(texts)].filter((text) => text !== '').map((text) => ({ text, mark }))
}

function markFor(credential_id: string): Buffer {
  return Buffer.from(`[secret:${credential_id}]`)
}

function needlesOf({ credential_id, value }: Hidden): Needle[] {
  const bytes = Buffer.from(value)
  const mark = markFor(credential_id)
  const hex = bytes.toString('hex')
  const json = JSON.stringify(value).slice(1, -1)
  const form = new URLSearchParams({ v: value }).toString().slice(2)
  const ascii = escaped(value)
  const html = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
  const backwards = Array.from(bytes.toString('base64').replace(/=+$/, '')).toReversed().join('')
  const texts = [
    ...[0, 1, 2].flatMap((shift) => base64Within(bytes, shift)),
    hex,
    hex.toUpperCase(),
    encodeURIComponent(value),
    smallCodes(encodeURIComponent(value)),
    encodeURIComponent(value).replaceAll('%20', '+'),
    ...[form, form.replaceAll('+', '%20')].flatMap((text) => [text, smallCodes(text)]),
    json,
    json.replaceAll('/', '\\/'),
    ascii,
    ascii.replaceAll(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`),
    // Whoever reads the JSON has it plain again.
    ...[(code: string) => code, (code: string) => code.toUpperCase()].map((write) => codes(value, write)),
    JSON.stringify(json).slice(1, -1),
    JSON.stringify(ascii).slice(1, -1),
    backwards,
    html,
    html.replaceAll("'", '&#39;'),
    html.replaceAll("'", '&#x27;'),
    // Go and Jinja name only some of these characters, and others none of them.
    html.replaceAll('&quot;', '&#34;').replaceAll("'", '&#39;'),
    value.replaceAll(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
    Array.from(value).toReversed().join(''),
  ]
  const latin = Buffer.from(value, 'latin1')
  const isLatin = latin.toString('latin1') === value
  const all = [
    bytes,
    Buffer.from(bytes.toReversed()),
    ...(isLatin ? [latin] : []),
    ...texts.map((text) => Buffer.from(text)),
  ]
  const unique = new Map(all.map((one) => [one.toString('latin1'), { bytes: one, mark }]))
  return [...unique.values(), ...[value, json].flatMap((text) => wide(text, mark))].filter(
    (one) => one.bytes.length > 0,
  )
}

/** As UTF-16 of both orders. The mark is written the same way, or what follows it would be read out of step. */
function wide(text: string, mark: Buffer): Needle[] {
  const little = { bytes: Buffer.from(text, 'utf16le'), mark: Buffer.from(mark.toString(), 'utf16le') }
  return [little, { bytes: Buffer.from(little.bytes).swap16(), mark: Buffer.from(little.mark).swap16() }]
}

/**
 * The characters of base64 that are the same wherever a text lies in a longer one, from this place within three bytes;
 * with both alphabets.
 */
function base64Within(bytes: Buffer, shift: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes])
  const text = padded.toString('base64').replace(/=+$/, '')
  const from = Math.ceil((shift * 8) / 6)
  // The last character mixes with what follows unless the bytes fill it.
  const to = Math.floor((padded.length * 8) / 6)
  const inner = text.slice(from, to)
  return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
}

function smallCodes(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
}

/** As JSON with nothing but ASCII. */
function escaped(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replaceAll(/[^\x20-\x7e]/g, (character) => codes(character))
}

/** As JSON in which every character is a code. */
function codes(value: string, write = (code: string) => code): string {
  const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at).toString(16))
  return units.map((unit) => `\\u${write(unit.padStart(4, '0'))}`).join('')
}
