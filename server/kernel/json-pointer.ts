/**
 * The step of a JSON pointer that leads to a key: the key behind a slash.
 *
 * @see RFC 6901, sections 3 and 4: `~` is escaped first, or the `~` of an escaped slash would be escaped once more.
 */
export function pointTo(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
