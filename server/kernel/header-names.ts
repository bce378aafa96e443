/** Headers that say where a request goes, how it is read, or who sends it: they are set by what sends it alone. */
const TAKEN =
  /^(?:host|content-length|content-type|content-encoding|transfer-encoding|connection|cookie|te|trailer|upgrade|expect|accept-encoding|user-agent|idempotency-key)$/i
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Whether something is the name of a header whose value others may choose. */
export function isFreeHeader(name: string): boolean {
  return HEADER.test(name) && !TAKEN.test(name)
}
