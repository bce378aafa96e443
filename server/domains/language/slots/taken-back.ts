import { repeats } from './bounds.ts'
import { CHARACTERS_MAX, WORDS_MAX, endsWithTime, isQuoted, longest, seamed } from './seams.ts'
import type { Said } from './seams.ts'

/** Corrections and denials of one sentence that are looked at. */
const TAKEN_MAX = 4

/** Words with which somebody corrects what they have just said. */
const CORRECTS =
  /^[,;–—-]*\s*(?:(?:ach|ah|oh|äh|uh|um)\s+)?(?:no,? wait|no|sorry|wait|i mean|make (?:it|that)|rather|actually|nein|doch|lieber|besser|ich meine|quatsch|mejor|perdón|quiero decir|digo)(?=[\s,])[,\s–—-]*/iu

/** A sentence in which a time is taken back at once, with what came in its place: "at four, sorry, I mean half past four". */
export function withoutCorrected(text: string, said: Said): string | undefined {
  if (text.length > CHARACTERS_MAX) return undefined
  for (const { index } of text.matchAll(/(?<=\S)(?=[,;–—-]*\s)/gu)) {
    const before = text.slice(0, index)
    let after = text.slice(index)
    for (let count = 0; count < TAKEN_MAX && CORRECTS.test(after); count += 1)
      after = after.replace(CORRECTS, '')
    const isCorrected = after.length < text.length - index && longest(after, said) !== undefined
    if (!isCorrected || isQuoted(before)) continue
    const taken = lastTime(before, said)
    if (taken !== undefined) return seamed(before.slice(0, before.length - taken.length), after)
  }
  return undefined
}

const AT = /^(?:at|on|in|by|to|um|am|im|gegen|a|el|las?)\s/iu

/** The last time that a text ends with: of "tomorrow at five" what begins with its last word for one. */
function lastTime(text: string, { time }: Said): string | undefined {
  const words = text.split(' ')
  const ends = words.map((_, at) => words.slice(at).join(' ')).slice(-WORDS_MAX)
  const times = ends.filter((one) => time(one.toLowerCase()) !== undefined)
  const last = times.findLast((one) => AT.test(one)) ?? times.at(-1)
  // "a las cinco"
  return times.find((one) => one.toLowerCase() === `a ${last?.toLowerCase()}`) ?? last
}

const DENIED_FIRST = /^(?:(?:and|but|und|aber|y|pero),? )?(?:not|neither|nicht|weder|no|ni) /iu
const DENIED_MORE = /^,? (?:nor|or|and|noch|oder|ni|o) /iu
const INSTEAD = /^,? (?:but|sondern|sino)(?: rather)? /iu

/**
 * A sentence without the times that it says are not meant: "not on Monday but on Tuesday", "at six and not at seven".
 * Nothing where there are none, or no other time stands beside them.
 */
export function withoutDenied(text: string, said: Said): string | undefined {
  if (text.length > CHARACTERS_MAX || repeats(text)) return undefined
  for (const { index } of text.matchAll(
    /(?<=^|\s)(?=(?:(?:and|but|und|aber|y|pero),? )?(?:not|neither|nicht|weder|no|ni) )/giu,
  )) {
    const before = text.slice(0, index)
    const denied = deniedAt(text.slice(index), said)
    if (denied === undefined || isQuoted(before)) continue
    const { after, isFirst } = denied
    if (isFirst || endsWithTime(before, said)) return seamed(before, after)
  }
  return undefined
}

/** What follows the times that are denied at the beginning of a text, and whether another one comes in their place. */
function deniedAt(text: string, said: Said): { after: string; isFirst: boolean } | undefined {
  let rest = text
  let count = 0
  for (; count < TAKEN_MAX; count += 1) {
    const lead = (count === 0 ? DENIED_FIRST : DENIED_MORE).exec(rest)?.[0]
    const taken = lead && longest(rest.slice(lead.length), said)
    if (lead === undefined || taken === undefined) break
    rest = rest.slice(lead.length + taken.length)
  }
  if (count === 0) return undefined
  const [instead = ''] = INSTEAD.exec(rest) ?? []
  const after = rest.slice(instead.length)
  return { after, isFirst: instead !== '' && longest(after, said) !== undefined }
}
