import { join } from 'node:path'
import type { EarsOptions } from './child.ts'
import type { Host } from '../host/pool.ts'
import { SpeechError } from '../kinds.ts'
import type { Hints, SttProvider, Transcript } from '../kinds.ts'
import { missing } from './library.ts'
import type { Places } from './library.ts'

/** Those who do not say who they are share one place in the queue. */
const LISTENER = 'ears'

/** The recogniser that comes with PAIOS, in a child process of the kind `ears`. It hears English. */
export function embeddedEars({
  host,
  data_dir,
  places,
  pronounce,
}: {
  host: Pick<Host, 'open'>
  data_dir: string
  places?: Places | undefined
  /** Phones of words that no dictionary may have. */
  pronounce: (words: readonly string[], signal: AbortSignal) => Promise<Record<string, string>>
}): SttProvider {
  const named = new Map<string, Hints>()
  /** Names are said as the voice would say them. */
  const withNames = async (hints: Hints): Promise<Hints> => {
    const kept = named.get(hints.signature)
    if (kept !== undefined) return kept
    const whole = await pronounced(hints, pronounce)
    const oldest = named.keys().next()
    if (named.size >= NAMED_MAX && oldest.done !== true) named.delete(oldest.value)
    // Without the voice, which may be busy, the recogniser guesses from the letters this time.
    if (whole !== hints) named.set(hints.signature, whole)
    return whole
  }
  return {
    name: 'pocketsphinx',
    remote: false,
    languages: ['en'],
    health: () => Promise.resolve(toHealth(places)),
    open: async ({
      language,
      hints,
      user_id = LISTENER,
      noise_suppression,
      is_recording,
      onPartial,
      onSilence,
      signal,
    }) => {
      const lacking = missing(places)
      if (lacking !== undefined) throw new SpeechError('missing', `${lacking.problem} ${lacking.remedy}`)
      const folder = join(data_dir, 'speech')
      // Who does not say which language is heard in the one that there is.
      const spoken = language === 'auto' ? 'en' : language
      const options: EarsOptions = {
        language: spoken,
        hints: await withNames(hints),
        noise_suppression,
        mode: is_recording === true ? 'batch' : 'live',
        finds_end: onSilence !== undefined,
        folder,
      }
      const session = await host.open('ears', options, {
        user_id,
        signal,
        onMessage: (message) => {
          const told = message as { partial?: Transcript; silence?: true }
          if (told.partial !== undefined) onPartial?.(told.partial)
          if (told.silence === true) onSilence?.()
        },
      })
      return {
        write: (samples) => session.send({ write: samples }),
        end: async () => {
          try {
            return (await session.call({ end: true })) as Transcript
          } finally {
            session.close()
          }
        },
      }
    },
  }
}

function toHealth(places: Places | undefined) {
  const lacking = missing(places)
  return lacking === undefined ? { ok: true, problem: '' } : { ok: false, ...lacking }
}

const WORDS_MAX = 1_000
/** Systems whose names are kept as they are said. */
const NAMED_MAX = 50
const NEVER = new AbortController().signal

async function pronounced(
  hints: Hints,
  pronounce: (words: readonly string[], signal: AbortSignal) => Promise<Record<string, string>>,
): Promise<Hints> {
  const names = Object.values(hints.names).flat().join(' ').toLowerCase()
  const words = [...new Set(names.match(/[\p{L}']+/gu))].slice(0, WORDS_MAX)
  const said = await pronounce(words, NEVER).catch(() => undefined)
  if (said === undefined) return hints
  const pronunciations = { ...said, ...hints.pronunciations }
  return { ...hints, signature: `${hints.signature} said`, pronunciations }
}
