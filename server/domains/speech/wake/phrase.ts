import { judge } from './head.ts'
import { PAUSE_MS } from './kinds.ts'
import type { Wake, WakeModel } from './kinds.ts'
import { Comparer, measure } from './listen.ts'
import { templatesOf } from './train.ts'

/** Listens for a phrase that was learned from recordings. @throws SpeechError when the model is none */
export function openPhrase(model: WakeModel): Wake {
  const comparer = new Comparer(templatesOf(model))
  let woken_ms = -Infinity
  return {
    write(samples) {
      // All of them, also after one that wakes: what is left of the samples is kept for the next ones.
      const moments = [...comparer.write(samples)]
      const woken = moments.find(
        (moment) =>
          moment.at_ms - woken_ms >= PAUSE_MS && judge(model.head, measure(moment)) >= model.threshold,
      )
      if (woken === undefined) return undefined
      woken_ms = woken.at_ms
      // The alignment ends at the newest frame, so the phrase has.
      return { word: model.word, at_ms: woken.at_ms, end_ms: woken.at_ms }
    },
    close: () => {},
  }
}
