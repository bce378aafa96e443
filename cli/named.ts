/** Names without what people do not remember of them: case, and whether words stand apart by spaces or lines. */
function alike(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_]+/gu, ' ')
    .trim()
}

/**
 * The things that a name means: those that are called so, else those that are called nearly so.
 *
 * @param how - with `loosely`, else those whose name begins so, else those of which a word begins so.
 */
export function allNamed<T>(
  things: readonly T[],
  said: string,
  how: { names: (thing: T) => readonly string[]; loosely?: boolean },
): readonly T[] {
  const wanted = alike(said)
  const ways = [(name: string) => name === said, (name: string) => alike(name) === wanted]
  if (how.loosely === true && wanted !== '')
    ways.push(
      (name) => alike(name).startsWith(wanted),
      (name) => alike(name).includes(` ${wanted}`),
    )
  for (const fits of ways) {
    const found = things.filter((thing) => how.names(thing).some(fits))
    if (found.length > 0) return found
  }
  return []
}

/** The things that are called so but for what stands between the letters, such as "morning-briefing". */
export function almostNamed<T>(
  things: readonly T[],
  said: string,
  names: (thing: T) => readonly string[],
): readonly T[] {
  const wanted = lettersOf(said)
  return wanted === ''
    ? []
    : things.filter((thing) => names(thing).some((name) => lettersOf(name) === wanted))
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
