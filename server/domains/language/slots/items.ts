/** One more than actions take, so that a longer list is refused and not cut: it is a file, and has an import of its own. */
const ITEMS_MAX = 501

/** One thing although it has an "and" in it. */
const ONE_THING =
  'mac and cheese|macaroni and cheese|salt and pepper|salt and vinegar|fish and chips|bread and butter|' +
  'peanut butter and jelly|peanut butter and jam|gin and tonic|rum and coke|ham and cheese|bed and breakfast|' +
  'cookies and cream|half and half'

const QUOTED = /"([^"]{1,500})"|“([^”]{1,500})”|«([^»]{1,500})»/gu
const WHOLE = new RegExp(`\\b(?:${ONE_THING})\\b|\\band (?:a half|a quarter|three quarters)\\b`, 'giu')
const PARTING =
  /\s*(?:,(?!\d{3}(?!\d))|;|\n)\s*(?:(?:and|&|plus)\s+)?|\s+(?:and|&|plus|as well as|and also)\s+/iu
const FILLER = /^(?:(?:and|also|some|then)\s+)+/iu
/** Stands for a protected passage: a private character, which no text means anything by. */
const MARK = '\ue000'
const MARKED = /\ue000(\d+)\ue000/gu

/** Cuts "milk, eggs and bread" into its items, as written; what is quoted stays whole. At most 501. */
export function parseItems(text: string): string[] {
  const kept: string[] = []
  const keep = (passage: string): string => `${MARK}${kept.push(passage) - 1}${MARK}`
  const masked = text
    .replaceAll(MARK, '')
    .replaceAll(QUOTED, (_whole, straight?: string, curly?: string, angled?: string) =>
      keep(straight ?? curly ?? angled ?? ''),
    )
    // One space each, because the pattern below looks back over white space wherever it finds some.
    .replaceAll(/[^\S\n]+/gu, ' ')
    .replaceAll(WHOLE, keep)
  return masked
    .split(PARTING, ITEMS_MAX * 3)
    .map((item) => item.replace(FILLER, '').replace(/[.;,!?\s]+$/u, ''))
    .map((item) => item.replaceAll(MARKED, (_mark, index: string) => kept[Number(index)] ?? '').trim())
    .filter((item) => item !== '')
    .slice(0, ITEMS_MAX)
}
