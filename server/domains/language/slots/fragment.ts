import { readClock, readPart } from './clock.ts'
import { readDays } from './days.ts'
import type { Draft, Reading } from './draft.ts'
import { merge } from './draft.ts'
import type { Line } from './line.ts'
import { matchAt, phrase } from './line.ts'
import { readRelative } from './relative.ts'
import { readRepeat } from './repeat.ts'

/** A stretch of a line that speaks of one time. */
export interface Fragment {
  readonly draft: Draft
  readonly from: number
  readonly to: number
}

/** `whole`: the text is known to be a time, so "six" is enough. `sentence`: anything else may stand around it. */
export type Reach = 'whole' | 'sentence'

/** Words that lead to a time, in the order they come in: "starting from about the". */
const ANCHORS: readonly RegExp[] = [
  phrase('starting|beginning|due|scheduled'),
  phrase(
    '(?<!going |turn |switch )on|at|in|by|for|from|before|after|until|till|til|since|between|during|within|over|through',
  ),
  phrase('around|about|exactly|roughly|approximately'),
  phrase('the'),
]
const JOINT = phrase('of|to|and|with')
/** "what is going on today", "turn it on tomorrow": before these such a word belongs to the verb. */
const ADVERB = phrase('todays?|tomorrows?|yesterdays?|tonights?|now|right|every|each|daily')
const NOT_BEFORE_ADVERB = new Set(['on', 'at', 'in', 'over', 'through', 'around', 'about'])
const PARTS_MAX = 8

/** What follows a bare number that is a time; otherwise it counts: "at 5 people". */
const AFTER_NUMBER = phrase(
  'to|and|on|in|for|that|with|about|tomorrow|today|tonight|this|next|every|each|daily|please|if|so|then|when|or|' +
    'from|until|wake|remind|tell|ping|nudge|mon|tue|wed|thu|fri|sat|sun|[a-z]+days?|[.!?;:)"]',
)
/** Where numbers are reckoned with, "by two" is no time. */
const RECKONING =
  /\b(?:divid|multipl|subtract|calculat|integral|remainder|increase|decrease|raise|lower|reduce|volume|brightness|percent)|\d (?:by|times) /u
/** What one sets for a time: after these, "for" and "to" announce one. */
const TIMED_THING =
  /(?:alarms?|reminders?|meetings?|appointments?|events?|me up|wake me|reservation|booking) $/u

/** Reads the longest time that begins at this word. */
export function readFragment(line: Line, at: number, reach: Reach): Fragment | undefined {
  const { text } = line
  let draft: Draft = {}
  let to = at
  for (let part = 0; part < PARTS_MAX && to < text.length; part += 1) {
    const reading = readAnchored(text, to, reach, part > 0)
    const merged = reading && merge(draft, reading.draft)
    if (reading === undefined || merged === undefined) break
    draft = merged
    to = reading.next
  }
  return to > at ? { draft, from: at, to: Math.min(to, text.length) } : undefined
}

/** Reads every time in a sentence; of two that contradict each other the first counts. */
export function findFragments(line: Line, known: Draft = {}): Fragment[] {
  const found: Fragment[] = []
  let draft = known
  let free = 0
  for (const start of line.starts) {
    if (start < free) continue
    const fragment = readFragment(line, start, 'sentence')
    if (fragment === undefined) continue
    const merged = merge(draft, fragment.draft)
    if (merged === undefined) continue
    draft = merged
    found.push(fragment)
    free = fragment.to
  }
  return found
}

function readAnchored(text: string, at: number, reach: Reach, joined: boolean): Reading | undefined {
  const anchors: string[] = joined ? ['joined'] : []
  const announced = /^(?:for|to) /u.test(text.slice(at)) && TIMED_THING.test(text.slice(0, at))
  if (announced) anchors.push('at')
  const joint = joined || announced || reach === 'whole' ? matchAt(JOINT, text, at) : undefined
  if (joint !== undefined) anchors.push(joint.groups[0] ?? '')
  let next = joint?.next ?? at
  for (const pattern of ANCHORS) {
    const anchor = matchAt(pattern, text, next)
    if (anchor === undefined) continue
    anchors.push(anchor.groups[0] ?? '')
    next = anchor.next
  }
  const loose = NOT_BEFORE_ADVERB.has(anchors.at(-1) ?? '') && matchAt(ADVERB, text, next) !== undefined
  return loose && reach === 'sentence' ? undefined : longest(text, next, anchors, reach)
}

function longest(text: string, at: number, anchors: readonly string[], reach: Reach): Reading | undefined {
  const readings = [
    readRepeat(text, at),
    readDays(text, at),
    // "At 20 hours" is a time of the day to many.
    readClock(text, at, anchors),
    readRelative(text, at),
    readPart(text, at),
  ]
  let best: Reading | undefined
  let best_fits = false
  for (const reading of readings) {
    if (reading === undefined || reading.next < (best?.next ?? at)) continue
    const fits = belongs(text, reading, anchors)
    const further = reading.next > (best?.next ?? at) || (fits && !best_fits)
    if (!further || (reach === 'sentence' && !fits)) continue
    best = reading
    best_fits = fits
  }
  return best
}

function belongs(text: string, { needs, bare, next }: Reading, anchors: readonly string[]): boolean {
  if (needs !== undefined && !needs.some((word) => anchors.includes(word))) return false
  // "every day at 9 water the plants": after a day, "at" leads to nothing but a time.
  if (bare !== true || (anchors.includes('at') && anchors.includes('joined'))) return true
  if (RECKONING.test(text) && !anchors.includes('at')) return false
  return next >= text.length || matchAt(AFTER_NUMBER, text, next) !== undefined
}
