import type { Clock } from '../../../../kernel/clock.ts'
import type { SpeakOptions, SpokenChunk, TtsProvider, Voice } from '../../kinds.ts'
import { speaks } from '../languages.ts'
import { asSpeechError } from '../outside.ts'
import { Standing, nobody } from './standing.ts'
import type { EngineHealth, Link, Passed } from './standing.ts'
import { takeTurn } from './turn.ts'

export interface ChainSpeakOptions extends SpeakOptions {
  /** Whether what is said may leave this machine to be spoken. */
  remote_audio?: boolean
  /** Hears who speaks, before the first sound. */
  answered?: (by: { engine: string; voice: Voice; passed: readonly Passed[] }) => void
}

/** Engines of which the one that has the voice speaks, or another that has one of its language. */
export interface MouthChain {
  /** @throws SpeechError */
  speak(options: ChainSpeakOptions): AsyncIterable<SpokenChunk>
  /** Voices of all that can be asked; those of one that fails are left out. */
  voices(): Promise<readonly Voice[]>
  health(): Promise<EngineHealth[]>
}

export interface MouthChainOptions {
  links: readonly Link<TtsProvider>[]
  clock: Clock
  /** For each piece of sound, in milliseconds. */
  deadline_ms?: number
}

const DEADLINE_MS = 15_000

export function openMouthChain({ links, clock, deadline_ms = DEADLINE_MS }: MouthChainOptions): MouthChain {
  const standing = new Standing<TtsProvider>(clock)
  const never = new AbortController().signal
  const voicesOf = async (engine: TtsProvider, signal: AbortSignal) =>
    takeTurn(engine.name, signal, clock, deadline_ms).wait(engine.voices())
  return {
    health: () => Promise.all(links.map((link) => standing.health(link))),
    voices: async () => {
      // One that is away is not waited for each time.
      const usable = links.filter((link) => standing.whyNot(link, true) === undefined)
      return (await Promise.all(usable.map(({ engine }) => voicesOf(engine, never).catch(() => [])))).flat()
    },
    async *speak({ remote_audio = false, answered, ...options }) {
      const { voice, signal } = options
      const passed: Passed[] = []
      let last: unknown
      for (const link of byVoice(links, voice)) {
        const { engine } = link
        const why = standing.whyNot(link, remote_audio)
        if (why !== undefined) {
          passed.push({ engine: engine.name, why })
          continue
        }
        const turn = takeTurn(engine.name, signal, clock, deadline_ms)
        let isHeard = false
        try {
          const own =
            engine.name === voice.provider
              ? voice
              : (await turn.wait(engine.voices())).find((one) => speaks([one.language], voice.language))
          if (own === undefined) {
            passed.push({ engine: engine.name, why: `${engine.name} has no voice for ${voice.language}.` })
            continue
          }
          const chunks = engine.speak({ ...options, voice: own, signal: turn.signal })[Symbol.asyncIterator]()
          for (;;) {
            const { done, value } = await turn.wait(chunks.next())
            if (!isHeard) answered?.({ engine: engine.name, voice: own, passed })
            isHeard = true
            if (done === true) break
            yield value
          }
          standing.worked(engine)
          return
        } catch (error) {
          signal.throwIfAborted()
          const failure = asSpeechError(engine.name, error)
          if (failure.reason !== 'busy')
            standing.failed(engine, () => sayPlainWord(engine, { ...options, signal: never }, clock))
          // Nobody can go on in the middle of what another has begun.
          if (isHeard) throw failure
          passed.push({ engine: engine.name, why: failure.message })
          last = failure
        } finally {
          turn.end()
        }
      }
      throw nobody('No engine can say this.', passed, last)
    },
  }
}

/** What every voice can say, of whatever language. */
const PLAIN_WORD = 'OK'
/** Longer than a turn at an engine is waited for: who has too much to do has not failed. */
const PLAIN_WORD_MS = 15_000

/** Has an engine begin to say a plain word. @throws SpeechError, or whatever it fails with */
async function sayPlainWord(engine: TtsProvider, options: SpeakOptions, clock: Clock): Promise<void> {
  const { voice, signal } = options
  const turn = takeTurn(engine.name, signal, clock, PLAIN_WORD_MS)
  try {
    const voices = engine.name === voice.provider ? [voice] : await turn.wait(engine.voices())
    const own = voices.find((one) => speaks([one.language], voice.language)) ?? voice
    const said = { ...options, text: PLAIN_WORD, voice: own, signal: turn.signal }
    await turn.wait(engine.speak(said)[Symbol.asyncIterator]().next())
  } finally {
    turn.end()
  }
}

/** The engine that has the voice first, the others in their order. */
function byVoice(links: readonly Link<TtsProvider>[], voice: Voice): Link<TtsProvider>[] {
  const isOwn = ({ engine }: Link<TtsProvider>): boolean => engine.name === voice.provider
  return [...links.filter(isOwn), ...links.filter((link) => !isOwn(link))]
}
