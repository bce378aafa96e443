import { judge } from './head.ts'
import { PAUSE_MS } from './kinds.ts'
import type { Wake, WakeModel, Woken } from './kinds.ts'
import { Comparer, measure } from './listen.ts'
import type { Moment } from './listen.ts'
import { templatesOf } from './train.ts'

/** It is silent for so long behind the phrase where its speaker waits; the stops of consonants are shorter. */
const SILENT_MS = 260
/** A last sound may be drawn out for so long, or be softer than the recordings were cut off at. */
const TAIL_MS = 160
/** The sentence may begin softly: so much of the silence before it is left to it. */
const LEAD_MS = 100

/** The phrase is being said: what came nearest to its end so far. */
interface Ending {
  at_ms: number
  distance: number
}

/** Listens for a phrase that was learned from recordings. @throws SpeechError when the model is none */
export function openPhrase(model: WakeModel): Wake {
  const comparer = new Comparer(templatesOf(model))
  let woken_ms = -Infinity
  let ending: Ending | undefined
  /** Most of the phrase is enough to know it, but its last sounds are no order: where it ends is waited for. */
  function take(moment: Moment): Woken | undefined {
    const measured = measure(moment)
    const [distance = 1] = measured
    if (ending === undefined) {
      if (moment.at_ms - woken_ms < PAUSE_MS || judge(model.head, measured) < model.threshold)
        return undefined
      comparer.looks_closely = true
    }
    if (ending === undefined || distance < ending.distance) ending = { at_ms: moment.at_ms, distance }
    const end_ms = endOf(ending, moment)
    if (end_ms === undefined) return undefined
    ending = undefined
    comparer.looks_closely = false
    woken_ms = moment.at_ms
    return { word: model.word, at_ms: moment.at_ms, end_ms }
  }
  return {
    write(samples) {
      let woken: Woken | undefined
      // All of them, also after one that wakes: what is left of the samples is kept for the next ones.
      for (const moment of comparer.write(samples)) woken ??= take(moment)
      return woken
    },
    close: () => {},
  }
}

/** Where the phrase has ended, once that is known: in the silence behind it, or where it came nearest if speech goes on. */
function endOf(ending: Ending, { at_ms, silent_ms }: Moment): number | undefined {
  if (silent_ms >= SILENT_MS) return at_ms - LEAD_MS
  return at_ms - ending.at_ms >= TAIL_MS + SILENT_MS ? ending.at_ms : undefined
}
