/** How many things of a longer list are said aloud. */
export const SPOKEN_MAX = 5

const and = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const or = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** "milk, eggs and butter"; after five, or as many as `most`, the rest of all there are is counted. */
export function sayList(items: readonly string[], total = items.length, most = SPOKEN_MAX): string {
  return and.format(shortened(items, total, most))
}

/** "milk, eggs or butter"; after five the rest is counted. */
export function sayChoice(items: readonly string[]): string {
  return or.format(shortened(items, items.length, SPOKEN_MAX))
}

function shortened(items: readonly string[], total: number, most: number): readonly string[] {
  if (total <= most + 1) return items
  return [...items.slice(0, most), `${total - most} more`]
}

/** "1 reminder", "3 reminders". */
export function sayCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** "90 seconds", "10 minutes", "1 hour and 30 minutes". */
export function sayDuration(seconds: number): string {
  if (seconds < 120 && seconds % 60 !== 0) return sayCount(seconds, 'second')
  const parts = [
    sayPart(Math.floor(seconds / 86_400), 'day'),
    sayPart(Math.floor(seconds / 3600) % 24, 'hour'),
    sayPart(Math.floor(seconds / 60) % 60, 'minute'),
    sayPart(seconds % 60, 'second'),
  ]
  return and.format(parts.filter((part) => part !== ''))
}

function sayPart(count: number, noun: string): string {
  return count === 0 ? '' : sayCount(count, noun)
}

const ADDRESSED: Readonly<Record<string, string>> = {
  'i am': 'you are',
  "i'm": "you're",
  'i was': 'you were',
  'am i': 'are you',
  'was i': 'were you',
  i: 'you',
  "i've": "you've",
  "i'll": "you'll",
  "i'd": "you'd",
  me: 'you',
  my: 'your',
  mine: 'yours',
  myself: 'yourself',
}
const FIRST_PERSON =
  /(?<![\p{L}\p{N}'])(i am|i was|am i|was i|i'm|i've|i'll|i'd|i|me|my|mine|myself)(?![\p{L}\p{N}'])/giu

/** Turns what the user said of themselves into what is said to them: "my locker" becomes "your locker". */
export function secondPerson(text: string): string {
  return text.replaceAll('’', "'").replaceAll(FIRST_PERSON, (said) => {
    const addressed = ADDRESSED[said.toLowerCase()] ?? said
    const opens = /^[A-Z]/.test(said) && !/^I\b/.test(said)
    return opens ? capitalised(addressed) : addressed
  })
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** Ends a text as a sentence, and cuts one that is too long to be spoken. */
export function sentence(text: string): string {
  const short = text.length > 500 ? `${text.slice(0, 499).trimEnd()}…` : text.trimEnd()
  return /[.!?…]["')]?$/.test(short) ? short : `${short}.`
}
