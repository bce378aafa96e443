import assert from 'node:assert/strict'
import { test } from 'node:test'
import { speaks } from '../../domains/speech/providers/languages.ts'
import {
  HINTS,
  hear,
  openOutside,
  problem,
  speakOptions,
  spoken,
} from '../../domains/speech/providers/rig.ts'
import { wyomingEars } from '../../domains/speech/providers/wyoming/ears.ts'
import { wyomingMouth } from '../../domains/speech/providers/wyoming/mouth.ts'
import { serveSpeech } from '../../domains/speech/providers/wyoming/service.ts'
import { SpeechError } from '../../domains/speech/kinds.ts'
import type { ListenOptions, SpeakOptions, Voice } from '../../domains/speech/kinds.ts'
import { openTestWyoming } from './rig.ts'

const VOICES: Voice[] = [
  { voice_id: 'flite/slt', language: 'en-US', name: 'slt', provider: 'flite' },
  { voice_id: 'espeak/de', language: 'de', name: 'de', provider: 'espeak' },
]

/** Speech of this server, as others use it over the network. */
function serving() {
  const heard: ListenOptions[] = []
  const said: SpeakOptions[] = []
  const written: number[] = []
  const service = serveSpeech({
    hintsOf: (language) => Promise.resolve({ ...HINTS, language }),
    stt: {
      languages: ['en'],
      open: async (options) => {
        heard.push(options)
        return {
          write: async (samples) => void written.push(...samples),
          end: async () => {
            if (written.every((sample) => sample === 0)) throw new SpeechError('silence', 'Nobody spoke.')
            if (written.length < 100) throw new SpeechError('engine', 'The engine ended.')
            return { text: 'turn the light on', confidence: 1, language: 'en' }
          },
        }
      },
    },
    tts: {
      voices: async () => VOICES,
      async *speak(options) {
        said.push(options)
        yield { samples: Int16Array.of(1, -2, 32_767), sample_rate: 22_050 }
        yield { samples: new Int16Array(9_000).fill(7), sample_rate: 22_050 }
      },
    },
  })
  return { service, heard, said, written }
}

test('our client and our server understand each other: what this is, what was said, what is spoken', async (t) => {
  const { service, heard, said, written } = serving()
  const { port } = await openTestWyoming(t, { service })
  const outside = openOutside(t, [port])
  const options = { name: 'Home', host: '127.0.0.1', port }
  const stt = wyomingEars(options, outside)
  const tts = wyomingMouth(options, outside)
  assert.deepEqual([await stt.health(), stt.languages], [{ ok: true, problem: '' }, ['en']])
  const voices = await tts.voices()
  assert.deepEqual(
    voices.map(({ name, language }) => [name, language]),
    [
      ['flite/slt', 'en-US'],
      ['espeak/de', 'de'],
    ],
  )
  const listening = await stt.open({
    language: 'en-GB',
    hints: HINTS,
    noise_suppression: false,
    signal: new AbortController().signal,
  })
  const samples = Int16Array.from({ length: 20_000 }, (_, at) => (at % 2_000) - 1_000)
  await listening.write(samples)
  assert.deepEqual(await listening.end(), { text: 'turn the light on', confidence: 0.7, language: 'en' })
  assert.deepEqual(written, Array.from(samples))
  assert.deepEqual([heard[0]?.language, heard[0]?.hints.language], ['en', 'en'])
  const german = voices.find(({ language }) => speaks([language], 'de-AT'))
  assert.ok(german)
  const sound = await spoken(tts.speak(speakOptions({ voice: german, text: 'Hallo.' })))
  assert.deepEqual([sound.length, sound.slice(0, 4), sound.at(-1)], [9_003, [1, -2, 32_767, 7], 7])
  assert.deepEqual([said[0]?.text, said[0]?.voice], ['Hallo.', VOICES[1]])
})

test('silence is an answer, and a failure of the engine reaches the other side as one', async (t) => {
  const { service, written } = serving()
  const { port } = await openTestWyoming(t, { service })
  const stt = wyomingEars({ name: 'Home', host: '127.0.0.1', port }, openOutside(t, [port]))
  assert.equal(await problem(hear(stt, 500)), 'silence: Home heard nobody speak.')
  written.length = 0
  written.push(1)
  assert.equal(await problem(hear(stt, 10)), 'engine: Home says that it failed.')
})
