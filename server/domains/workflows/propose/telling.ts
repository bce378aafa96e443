import { CLOCK } from './clock.ts'
import { lineOf } from './line.ts'
import { bare } from './words.ts'

const LEAD =
  /^(?:(?:tell|notify|inform|alert|message|text|ping|buzz|update) me|let me know|say|send me)\b\s*/iu
/** Words that hand something over: only what was found can follow them. */
const HANDING =
  /^(?:(?:send|give|show|read|forward) (?:(?:it|that|them|this) )?(?:to )?me|let me (?:see|hear)|report(?: back)?(?: to me)?|drop me)\b\s*/iu
/** A reminder without a time, of what was found. */
const REMINDING =
  /^(?:remind|nudge|poke) me(?: (?:of|about) (?:it|that|them|this|those|everything|(?:the )?results?))?$/iu
/** What stands for whatever the steps before have found. */
const FOUND =
  "(?:about )?(?:the |its |all |their )*(?:results?|answers?|outcomes?|it|them|that|this|findings|output|list|text|briefing|summary|error|reason|body|payload|data|everything)(?: (?:of (?:that|it|them|all)|too|as well))?|what (?:it|that|they|you) (?:says?|found|is|are|gave|did|sent|finds)|what (?:was|is) (?:sent|found|new|there|in (?:it|them)|on it)|what (?:changed|has changed|came in|went wrong|happened)|why|when (?:it|that|everything|all)(?:'s| (?:is|was)) (?:done|finished|ready|over)|how it went|so|afterwards"
/** The way in which one is told, which is always a notification. */
const MEANS =
  '(?:(?:in|as|with|by|via|through) )?(?:an?|the|your) (?:push )?(?:notification|message|note|alert|line|word|update)'
const RESULT = new RegExp(
  `^(?:(?:${FOUND})(?: ${MEANS})?|${MEANS}(?: (?:(?:with|of|on|containing) )?(?:${FOUND}))?)?$`,
  'iu',
)
const THAT = /^(?:that|:)\s*(?<text>.+)$/isu
const QUOTED = /^["“'‘](?<text>.+)["”'’]$/su
const REMIND =
  /^(?:(?:remind|nudge|poke) me|(?:tell|ping|buzz) me(?= to\b))\s+(?<how>to|about|of|that)\s+(?<text>.+)$/isu
const TIMED = new RegExp(
  `(?:^| )(?:at ${CLOCK}|in (?:an? |half |\\d+ ).*(?:seconds?|minutes?|mins?|hours?|days?|weeks?)|tomorrow|tonight|(?:on |next )(?:mon|tues|wednes|thurs|fri|satur|sun)day|next week)(?: |$)`,
  'u',
)
const UNIT_S: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 }
/** The longest that a run may take. */
const WAIT_SECONDS_MAX = 82_800

/** Words that are said as they are: "tell me well done" asks for nothing. */
const PLAIN =
  /^tell me (?:well done|good|great|bravo|congratulations|hooray|hello|hi|happy|time|enough|sorry|nice|you|i)\b/iu

/** Whether a clause tells something, and the text if one was said: without it, what was found is told. */
export function readTelling(clause: string): { text?: string } | undefined {
  const said = bare(clause)
  if (REMINDING.test(said)) return {}
  const handing = HANDING.exec(said)?.[0]
  if (handing !== undefined && RESULT.test(said.slice(handing.length))) return {}
  const lead = LEAD.exec(said)?.[0]
  if (lead === undefined) return undefined
  const rest = said.slice(lead.length)
  if (RESULT.test(rest)) return {}
  const text = QUOTED.exec(rest)?.groups?.['text'] ?? THAT.exec(rest)?.groups?.['text']
  if (text !== undefined) return { text: QUOTED.exec(text)?.groups?.['text'] ?? text }
  return /^say\b/iu.test(said) || PLAIN.test(said) ? { text: rest } : undefined
}

/** The text of a reminder without a time: its time is that of the run. */
export function readReminder(clause: string): string | undefined {
  const { how = '', text = '' } = REMIND.exec(bare(clause))?.groups ?? {}
  if (text === '' || TIMED.test(lineOf(text).text)) return undefined
  const small = how.toLowerCase()
  const yours = text.replaceAll(/\bmy\b/giu, 'your').replaceAll(/\bmyself\b/giu, 'yourself')
  return small === 'that'
    ? `${yours.charAt(0).toUpperCase()}${yours.slice(1)}.`
    : `Remember ${small === 'to' ? 'to ' : ''}${yours}.`
}

/** Seconds of "wait 5 minutes". */
export function readDuration(clause: string): number | undefined {
  const line = lineOf(bare(clause)).text
  const [, count = '', unit = ''] =
    /^wait (?:for )?(\d+|an?|half an) (second|minute|hour|day)s?$/u.exec(line) ?? []
  const number = count === 'half an' ? 0.5 : /^\d/u.test(count) ? Number(count) : 1
  const seconds = number * (UNIT_S[unit] ?? Number.NaN)
  return seconds >= 1 && seconds <= WAIT_SECONDS_MAX ? seconds : undefined
}
