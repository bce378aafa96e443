import { SECRET_FORMS } from './secret-forms.ts'
import { isSecretName } from './secret-names.ts'

/** How much of what language models count as tokens there is opens nothing. */
const COUNTED = /tokens(?:_|$)/
const FIELD = /([?&]([\w.~%-]{1,80})=)[^&\s#"'<>]+/g
/** In the query of an address a signature opens what the address names. */
const SIGNATURE = /signature|(?:^|[^a-z])sig$/i
/** The same in JSON that is written in a text, and in JSON within that; where it was cut off the end is missing. */
const MEMBER = /("([\w.~-]{1,80})"\s{0,8}:\s{0,8}")([^"\\]*(?:\\.[^"\\]*)*)/g
const NESTED = /(\\"([\w.~-]{1,80})\\"\s{0,8}:\s{0,8}\\")([^"\\]*(?:\\[^"][^"\\]*)*)/g
const NUMBER = /(\\?"([\w.~-]{1,80})\\?"\s{0,8}:\s{0,8})(-?\d[\d.]*)/g
const USER = /(:\/\/[^\s/?#@:"'<>]{0,200}:)[^\s/?#@"'<>]{1,500}@/g
/** Without a digit it is prose. */
const BEARER = /((?:[Bb]earer|BEARER|[Bb]asic|BASIC) +)(?=[\w.~+/-]{0,200}[\d=])[\w.~+/-]{8,}=*/g
/** A text without any of these holds nothing that opens something by its form: most texts are looked at no further. */
const HINT =
  /earer |EARER |asic |ASIC |eyJ|sk-|_live_|_test_|gh[opusr]_|_pat_|_agent_|glpat-|xox|A[KS]IA|AIza|npm_|hf_|whsec_|PRIVATE KEY/
/** What is shorter holds no such thing. */
const FORM_MIN = 12

const REFERENCE = /^cred:[\w-]{1,64}$/
const MASK = '[redacted]'
const DEPTH_MAX = 32

/**
 * A copy of JSON in which what stands under the name of a secret is masked, and what looks like one, for events, logs and
 * everything that is kept or shown of runs.
 */
export function maskSecrets<T>(value: T): T {
  return masked(value, 0) as T
}

function masked(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEPTH_MAX) return MASK
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1))
  const entries: [string, unknown][] = Object.entries(value)
  // Changed in place: every step of a workflow comes by here.
  for (const entry of entries) entry[1] = hides(entry[0], entry[1]) ? MASK : masked(entry[1], depth + 1)
  return Object.fromEntries(entries)
}

function maskText(text: string): string {
  let left = text
  if (text.includes('='))
    left = left.replaceAll(FIELD, (whole, head: string, name: string) =>
      isSecretName(name) || SIGNATURE.test(name) ? head + MASK : whole,
    )
  if (text.includes('"') && text.includes(':'))
    left = left
      .replaceAll(MEMBER, memberMasked)
      .replaceAll(NESTED, memberMasked)
      .replaceAll(NUMBER, (whole, head: string, name: string, value: string) =>
        hides(name, Number(value)) ? `${head}"${MASK}"` : whole,
      )
  if (text.length < FORM_MIN) return left
  if (text.includes('://')) left = left.replaceAll(USER, `$1${MASK}@`)
  if (HINT.test(text)) left = left.replaceAll(BEARER, `$1${MASK}`).replaceAll(SECRET_FORMS, MASK)
  return left
}

function memberMasked(whole: string, head: string, name: string, value: string): string {
  return hides(name, value) ? head + MASK : whole
}

/**
 * A reference to a stored credential opens nothing by itself, nor does a flag or a count, and what is empty hides
 * nothing.
 */
function hides(key: string, value: unknown): boolean {
  if (typeof value === 'boolean' || !isSecretName(key)) return false
  if (typeof value === 'number' && COUNTED.test(key)) return false
  const values = typeof value === 'object' && value !== null ? Object.values(value) : [value ?? '']
  return values.some((one) => one !== '' && !(typeof one === 'string' && REFERENCE.test(one)))
}
