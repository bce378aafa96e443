/** Names of values that open something. */
const SECRET = /pass(word|phrase|code)|token|secret|api_?keys?$|authorization|cookie|credential|private_?key/i
/** The same in the query of an address. */
const QUERY =
  /([?&][\w.~-]{0,40}(?:pass(?:word|phrase|code)|token|secret|api_?key|credential|signature|private_?key)[\w.~-]{0,40}=)[^&\s#"'<>]+/gi
const REFERENCE = /^cred:[\w-]{1,64}$/
const MASK = '[redacted]'
const DEPTH_MAX = 32

/** A copy of JSON in which what stands under the name of a secret is masked, for events and logs. */
export function maskSecrets<T>(value: T): T {
  return masked(value, 0) as T
}

function masked(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.includes('=') ? value.replaceAll(QUERY, `$1${MASK}`) : value
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEPTH_MAX) return MASK
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hides(key, item) ? MASK : masked(item, depth + 1)]),
  )
}

/** A reference to a stored credential opens nothing by itself, and what is empty hides nothing. */
function hides(key: string, value: unknown): boolean {
  if (!SECRET.test(key) || /_id$/i.test(key)) return false
  const values = typeof value === 'object' && value !== null ? Object.values(value) : [value ?? '']
  return values.some((one) => one !== '' && !(typeof one === 'string' && REFERENCE.test(one)))
}
