/** Words of digits up to this are read as a number; longer ones digit by digit. */
const DIGITS_MAX = 6
const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** Signs that are said, as they are said. */
const SIGNS: Readonly<Record<string, string>> = {
  '&': ' and ',
  '%': ' percent ',
  '+': ' plus ',
  '@': ' at ',
  '#': ' number ',
  _: ' ',
  '°': ' degrees ',
}

/** Letters that are no letter with a mark. */
const FOLDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/**
 * A text as the words in which it is said, as the recogniser writes them: small letters of English, numbers as words.
 * What can't be said in those is left out.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replaceAll(/[&%+@#_°]/gu, (sign) => SIGNS[sign] ?? ' ')
    .replaceAll(/[ßæøœłđðþı]/gu, (letter) => FOLDED[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .replaceAll(/[‘’`]/gu, "'")
  const words: string[] = []
  for (const [whole] of plain.matchAll(/[a-z]+(?:'[a-z]+)*'?|\d+/gu)) {
    if (/^\d/.test(whole)) words.push(...numberWords(whole))
    else words.push(whole.endsWith("'") && !whole.endsWith("s'") ? whole.slice(0, -1) : whole)
  }
  return words
}

/** How a number of digits is said. */
function numberWords(digits: string): string[] {
  if (digits.length > DIGITS_MAX || (digits.length > 1 && digits.startsWith('0')))
    return Array.from(digits, (digit) => SMALL[Number(digit)] ?? 'zero')
  return sayNumber(Number(digits))
}

/** A whole number below a million in words. */
export function sayNumber(value: number): string[] {
  if (value >= 1000) {
    const rest = value % 1000
    return [...sayNumber(Math.floor(value / 1000)), 'thousand', ...(rest === 0 ? [] : sayNumber(rest))]
  }
  if (value >= 100) {
    const rest = value % 100
    return [SMALL[Math.floor(value / 100)] ?? '', 'hundred', ...(rest === 0 ? [] : sayNumber(rest))]
  }
  if (value < 20) return [SMALL[value] ?? '']
  const unit = value % 10
  return [TENS[Math.floor(value / 10) - 2] ?? '', ...(unit === 0 ? [] : [SMALL[unit] ?? ''])]
}

/** Words of which another may follow within a number or a time: after them somebody may only have paused. */
const UNFINISHED = new Set([
  ...SMALL,
  ...TENS,
  'hundred',
  'thousand',
  'and',
  'half',
  'past',
  'to',
  'at',
  'point',
  'a',
])

/** Whether a closed slot may go on after this word. */
export function mayGoOn(word: string): boolean {
  return UNFINISHED.has(word)
}
