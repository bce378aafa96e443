/** Words of one time, or of what leads to it. */
export const WORDS_MAX = 6
/** So much of a sentence is looked at; who reminds themselves of more dictates. */
export const CHARACTERS_MAX = 400

/** All of a text as a time or a length of time in the words of the readers, in whichever language it is said. */
export interface Said {
  readonly time: (text: string) => string | undefined
  readonly length: (text: string) => string | undefined
}

/** The longest beginning of a text that is a time. */
export function longest(text: string, { time }: Said): string | undefined {
  return beginnings(text).find((one) => time(one) !== undefined)
}

/** What leads to another time within a text: "Easter on Friday" is two. */
const ANOTHER = /\S (?:on|at|am|um|el|a las?) /iu

/** The first words of a text, the most of them first. */
export function beginnings(text: string): string[] {
  const ends = [...text.matchAll(/(?<=\S)(?=\s|$)/gu)].slice(0, WORDS_MAX).map(({ index }) => index)
  return ends
    .toReversed()
    .map((end) => text.slice(0, end).replace(/[,;.!]+$/u, ''))
    .filter((one) => !ANOTHER.test(one))
}

export function endsWithTime(text: string, { time }: Said): boolean {
  const words = text
    .trim()
    .replace(/[,;:]$/u, '')
    .split(/\s+/u)
    .slice(-WORDS_MAX)
  return words.some((_, at) => time(words.slice(at).join(' ').toLowerCase()) !== undefined)
}

export function isQuoted(before: string): boolean {
  return (before.match(/["“”«»]/gu)?.length ?? 0) % 2 === 1
}

export function seamed(before: string, after: string): string {
  const [start, end] = [before.replace(/[\s,;]+$/u, ''), after.replace(/^[\s,;]+/u, '')]
  return `${start}${start === '' || /^[.:!?]/u.test(end) ? '' : ' '}${end}`.trim()
}
