import { join } from 'node:path'
import type { Host } from '../host/pool.ts'
import { SpeechError } from '../kinds.ts'
import type { Hints, SttProvider, Transcript } from '../kinds.ts'
import { missing } from './library.ts'
import type { Places } from './library.ts'

/** Whose turn it is when many wait: the sentences of all users are short. */
const LISTENER = 'ears'

/** The recogniser that comes with PAIOS, in a child process of the kind `ears`. It hears English. */
export function embeddedEars({
  host,
  data_dir,
  places,
  pronounce,
}: {
  host: Host
  data_dir: string
  places?: Places | undefined
  /** Phones of words that no dictionary may have. */
  pronounce: (words: readonly string[], signal: AbortSignal) => Promise<Record<string, string>>
}): SttProvider {
  let named: { signature: string; hints: Promise<Hints> } | undefined
  /** Names are said as the voice would say them. */
  const withNames = (hints: Hints): Promise<Hints> => {
    if (named?.signature !== hints.signature)
      named = { signature: hints.signature, hints: pronounced(hints, pronounce) }
    return named.hints
  }
  return {
    name: 'pocketsphinx',
    remote: false,
    languages: ['en'],
    health: () => Promise.resolve(toHealth(places)),
    open: async ({ language, hints, noise_suppression, onPartial, onSilence, signal }) => {
      const lacking = missing(places)
      if (lacking !== undefined) throw new SpeechError('missing', `${lacking.problem} ${lacking.remedy}`)
      const folder = join(data_dir, 'speech')
      const options = { language, hints: await withNames(hints), noise_suppression, folder }
      const session = await host.open('ears', options, {
        user_id: LISTENER,
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
const NEVER = new AbortController().signal

async function pronounced(
  hints: Hints,
  pronounce: (words: readonly string[], signal: AbortSignal) => Promise<Record<string, string>>,
): Promise<Hints> {
  const names = Object.values(hints.names).flat().join(' ').toLowerCase()
  const words = [...new Set(names.match(/[\p{L}']+/gu))].slice(0, WORDS_MAX)
  // Without the voice the recogniser guesses from the letters.
  const said = await pronounce(words, NEVER).catch(() => ({}))
  return { ...hints, pronunciations: { ...said, ...hints.pronunciations } }
}
