import { FrameError, eventOf, formatOf, samplesOf } from '../../../../kernel/wyoming.ts'
import type { WyomingEvent } from '../../../../kernel/wyoming.ts'
import { SpeechError } from '../../kinds.ts'
import type { SpeakOptions, SpokenChunk, TtsProvider, Voice } from '../../kinds.ts'
import { NEVER, isRemote } from '../outside.ts'
import type { Outside } from '../outside.ts'
import { toPieces } from '../pieces.ts'
import { withVolume } from '../sound.ts'
import { describe, healthOf } from './described.ts'
import { openSession } from './session.ts'
import type { WyomingOptions } from './session.ts'

/** Until the next message with sound. */
const CHUNK_MS = 15_000
const SOUND_BYTES_MAX = 8_388_608

/** Speaks through a service that speaks Wyoming. It has no rate and no pitch. */
export function wyomingMouth(options: WyomingOptions, outside: Outside): TtsProvider {
  let known: readonly Voice[] | undefined
  return {
    name: options.name,
    remote: isRemote(options.host),
    health: () =>
      healthOf(
        options,
        outside,
        ({ voices }) => {
          known = voices
          return voices !== undefined
        },
        'has no voice',
      ),
    voices: async () => {
      known ??= (await describe(options, outside, NEVER)).voices ?? []
      return known
    },
    speak: (asked) => speak(options, outside, asked),
  }
}

async function* speak(
  options: WyomingOptions,
  outside: Outside,
  { text, voice, volume, signal }: SpeakOptions,
): AsyncGenerator<SpokenChunk> {
  const { name, model } = options
  const own = voice.provider === name ? voice.name : model
  for (const piece of toPieces(text, voice.language)) {
    const session = await openSession(options, outside, signal, SOUND_BYTES_MAX)
    try {
      const wanted = own === undefined ? { language: voice.language } : { name: own }
      await session.send(eventOf('synthesize', { text: piece, voice: wanted }))
      let isSound = false
      for (;;) {
        const event = await session.next(CHUNK_MS)
        if (event.type === 'audio-stop') break
        if (event.type !== 'audio-chunk') continue
        isSound = true
        yield withVolume(toChunk(name, event), volume)
      }
      if (!isSound) throw new SpeechError('engine', `${name} answered without any sound.`)
    } finally {
      session.close()
    }
  }
}

function toChunk(name: string, event: WyomingEvent): SpokenChunk {
  try {
    const format = formatOf(event)
    return { samples: samplesOf(event.payload, format), sample_rate: format.rate }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error
    throw new SpeechError('engine', `${name} does not speak Wyoming as it should: ${error.message}.`)
  }
}
