/** Of a tag such as `de-AT`, the language alone; `auto` and what is none are nothing. */
export function primaryOf(tag: string): string | undefined {
  const primary = tag.split(/[-_]/)[0]?.toLowerCase() ?? ''
  return /^[a-z]{2,3}$/.test(primary) ? primary : undefined
}

/** A tag as BCP 47 has it: `en_us` is `en-US`. Nothing for what is no tag. */
export function toTag(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

let names: ReadonlyMap<string, string> | undefined

/** The tag of a language that an engine calls by its English name, as Whisper does, or by its tag. */
export function tagOfName(text: string): string | undefined {
  names ??= englishNames()
  return (
    names.get(text.toLowerCase()) ??
    (text.length <= 35 && primaryOf(text) !== undefined ? toTag(text) : undefined)
  )
}

function englishNames(): Map<string, string> {
  const letters = Array.from('abcdefghijklmnopqrstuvwxyz')
  const display = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
  const tags = letters.flatMap((first) => letters.map((second) => `${first}${second}`))
  return new Map(
    tags.flatMap((tag) => {
      const name = display.of(tag)
      return name === undefined ? [] : [[name.toLowerCase(), tag] as const]
    }),
  )
}

/**
 * Whether somebody who speaks these languages speaks this one.
 *
 * @param languages - primary tags; none when it is any, and so is `mul`.
 */
export function speaks(languages: readonly string[], language: string): boolean {
  const primary = primaryOf(language)
  const own = languages.map(primaryOf)
  return own.length === 0 || primary === undefined || own.includes(primary) || own.includes('mul')
}
