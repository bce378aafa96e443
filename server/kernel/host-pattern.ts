/**
 * Whether a host is one of those that a pattern of the operator or of this program means.
 *
 * @param pattern - in any case: `example.org` is itself, `*.example.org` everything below it, `*` every host.
 * @param hostname - as an address spells it, in small letters and without a dot at its end.
 */
export function isHostOf(pattern: string, hostname: string): boolean {
  const small = pattern.toLowerCase()
  return small === '*' || (small.startsWith('*.') ? hostname.endsWith(small.slice(1)) : hostname === small)
}
