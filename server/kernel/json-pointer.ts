/**
 * The step of a JSON pointer that leads to a key: the key behind a slash.
 *
 * @see RFC 6901, sections 3 and 4: `~` is escaped first, or the `~` of an escaped slash would be escaped once more.
 */
export function pointTo(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The value that a JSON pointer leads to, by the own fields of objects and the places of lists; the empty one is all. */
export function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, key) => {
      if (typeof at !== 'object' || at === null) return undefined
      if (Array.isArray(at)) return /^(?:0|[1-9]\d*)$/.test(key) ? (at[Number(key)] as unknown) : undefined
      return Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined
    }, value)
}
