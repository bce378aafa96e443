import { slotType } from './slots/kinds.ts'
import type { Understood } from './heard.ts'
import { possibleTongues } from './languages/spoken.ts'
import { parseDuration } from './slots/duration.ts'
import { isTime } from './slots/time.ts'
import { findTwoTimes } from './slots/twice.ts'

/** What tells that all of a text is one of what an action takes one of. */
const READS = {
  time: (text: string) => isTime(text, true),
  duration: (text: string) =>
    parseDuration(text.replaceAll(/^(?:an?|the|another) | timer$/giu, '')) !== undefined,
} as const

/** "5 and 10 minutes", "3, 5 and 7 minutes" */
const COUNTED =
  /(?<![\d,.])(\d{1,4}(?:, ?\d{1,4}(?!\d)){0,4}),? (?:and|or|und|oder|y|o) (\d+ (?:sec\p{L}*|seg\p{L}*|sek\p{L}*|min\p{L}*|hour\p{L}*|hora\p{L}*|stund\p{L}*))/iu

/** Two times, or lengths of time, in whichever language they are said, where what writes something takes one. */
export function twoTimesIn(text: string, all: Understood): Understood['times'] {
  const type = takesOne(all)
  if (type === undefined) return undefined
  const [, one, other] = (type === 'duration' && COUNTED.exec(text)) || []
  if (one !== undefined && other !== undefined) {
    const unit = other.replace(/^\d+/u, '')
    return [...one.split(/, ?/u).map((count) => `${count}${unit}`), other]
  }
  const inTongues = possibleTongues(text).map(({ say }) =>
    findTwoTimes(text, (words) => READS[type](say(type, words) ?? '')),
  )
  return findTwoTimes(text, READS[type]) ?? inTongues.find((found) => found !== undefined)
}

/** What is repeated may have several. */
function takesOne({ meaning, parameters }: Understood): keyof typeof READS | undefined {
  if (meaning === undefined || meaning.action.effect === 'read' || 'repeat' in parameters) return undefined
  const { properties } = meaning.action.parameters
  const types = new Set(Object.keys(properties).map((name) => slotType(meaning.action, name)))
  return (['time', 'duration'] as const).find((type) => types.has(type))
}
