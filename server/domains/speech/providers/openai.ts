import type { EgressRequest, EgressResponse } from '../../egress/index.ts'
import { toWav } from '../audio/wav.ts'
import { SAMPLE_RATE } from '../kinds.ts'
import type { Health, Hints, SpeakOptions, SpokenChunk, SttProvider, TtsProvider } from '../kinds.ts'
import { primaryOf } from './languages.ts'
import { toMultipart } from './multipart.ts'
import type { Part } from './multipart.ts'
import { NEVER, asSpeechError, isRemote } from './outside.ts'
import type { Outside } from './outside.ts'
import { toPieces } from './pieces.ts'
import { listenWhole } from './recording.ts'
import { Flow, WavReader, withVolume } from './sound.ts'
import { checkAnswered, toTranscript } from './transcription.ts'

/** A service that has OpenAI's interface for sound. */
export interface OpenAiOptions {
  name: string
  /** What the paths are added to, such as `https://api.openai.com/v1`. */
  url: string
  model?: string | undefined
  /** Its secret is lent at the last moment, to the origin that it was granted for. */
  credential_id?: string | undefined
  /** Voices that it may speak with, the first of them unless another is asked for. */
  voices?: readonly string[] | undefined
  /** BCP 47 primary tags; any unless given. */
  languages?: readonly string[] | undefined
}

const TIMEOUT_MS = 30_000
const HEALTH_MS = 5_000
const JSON_BYTES_MAX = 1_048_576
const SOUND_BYTES_MAX = 8_388_608
const NAMES_CHARACTERS_MAX = 400

/** What only the newer models take: how sure they are of each word, in place of how sure of each segment. */
const isNewer = (model: string): boolean => model.startsWith('gpt-')

export function openAiEars(options: OpenAiOptions, outside: Outside): SttProvider {
  const { name, languages = [], model = 'whisper-1' } = options
  const remote = isRemote(new URL(options.url).hostname)
  const path = '/audio/transcriptions'
  return {
    name,
    remote,
    languages,
    health: () => healthOf(options, outside, path, toMultipart([{ name: 'model', text: model }])),
    open: async ({ language, hints, signal }) =>
      listenWhole(signal, async (samples) => {
        const primary = primaryOf(language)
        const parts: Part[] = [
          { name: 'file', file: 'speech.wav', type: 'audio/wav', bytes: toWav(samples, SAMPLE_RATE) },
          { name: 'model', text: model },
          { name: 'response_format', text: isNewer(model) ? 'json' : 'verbose_json' },
          ...(isNewer(model) && !model.includes('diarize') ? [{ name: 'include[]', text: 'logprobs' }] : []),
          ...(primary === undefined ? [] : [{ name: 'language', text: primary }]),
          // To let sound leave the machine is not to let the names of all that one has leave it, too.
          ...(remote ? [] : [{ name: 'prompt', text: promptOf(hints) }]),
        ]
        const answer = await post(options, outside, signal, path, toMultipart(parts), {
          bytes_max: JSON_BYTES_MAX,
        })
        checkAnswered(name, answer)
        return toTranscript(name, answer.body)
      }),
  }
}

export function openAiMouth(options: OpenAiOptions, outside: Outside): TtsProvider {
  const { name, languages = [], voices = ['alloy'] } = options
  const [language = 'mul'] = languages
  return {
    name,
    remote: isRemote(new URL(options.url).hostname),
    health: () => healthOf(options, outside, '/audio/speech', jsonOf({})),
    voices: async () =>
      voices.map((voice) => ({ voice_id: `${name}/${voice}`, language, name: voice, provider: name })),
    speak: (spoken) => speak(options, outside, spoken),
  }
}

async function* speak(
  options: OpenAiOptions,
  outside: Outside,
  { text, voice, speech_rate, volume, signal }: SpeakOptions,
): AsyncGenerator<SpokenChunk> {
  const { name, model = 'tts-1', voices = ['alloy'] } = options
  const own = voice.provider === name ? voice.name : voices[0]
  for (const input of toPieces(text, voice.language)) {
    const sent = jsonOf({ model, input, voice: own, response_format: 'wav', speed: speech_rate })
    const stop = new AbortController()
    const flow = new Flow<Uint8Array>()
    const more = { bytes_max: SOUND_BYTES_MAX, received: (part: Uint8Array) => flow.push(part) }
    const both = AbortSignal.any([signal, stop.signal])
    post(options, outside, both, '/audio/speech', sent, more)
      .then((answer) => checkAnswered(name, answer))
      .then(
        () => flow.end(),
        (error: unknown) => flow.end(error),
      )
    try {
      const reader = new WavReader(name)
      for await (const part of flow) {
        const chunk = reader.push(part)
        if (chunk !== undefined) yield withVolume(chunk, volume)
      }
      reader.end()
    } finally {
      // Whoever has heard enough leaves in the middle.
      stop.abort()
    }
  }
}

/** The names that may be said, as a text in which they stand. */
export function promptOf({ names }: Pick<Hints, 'names'>): string {
  let prompt = ''
  for (const name of new Set(Object.values(names).flat())) {
    const longer = prompt === '' ? name : `${prompt}, ${name}`
    if (longer.length > NAMES_CHARACTERS_MAX) break
    prompt = longer
  }
  return prompt
}

interface Sent {
  type: string
  body: Buffer
}

function jsonOf(value: object): Sent {
  return { type: 'application/json', body: Buffer.from(JSON.stringify(value)) }
}

/** Sends something to one path of the service, and to no other host. */
async function post(
  { name, url, credential_id }: Pick<OpenAiOptions, 'name' | 'url' | 'credential_id'>,
  { egress, context }: Outside,
  signal: AbortSignal,
  path: string,
  { type, body }: Sent,
  more: Pick<EgressRequest, 'bytes_max' | 'timeout_ms' | 'received'>,
): Promise<EgressResponse> {
  try {
    return await egress.request(
      {
        url: `${url.replace(/\/+$/, '')}${path}`,
        method: 'POST',
        headers: { 'content-type': type },
        body,
        timeout_ms: TIMEOUT_MS,
        redirects_max: 0,
        ...(credential_id === undefined ? {} : { credential_id }),
        ...more,
      },
      context(signal),
    )
  } catch (error) {
    signal.throwIfAborted()
    throw asSpeechError(name, error)
  }
}

/**
 * Sends a request with nothing to do in it: a service that is there and takes the credential refuses it for that reason.
 * Only this shows that the way is open for what sends, that the address is right, and that the credential is.
 */
async function healthOf(options: OpenAiOptions, outside: Outside, path: string, sent: Sent): Promise<Health> {
  try {
    const more = { bytes_max: JSON_BYTES_MAX, timeout_ms: HEALTH_MS }
    const answer = await post(options, outside, NEVER, path, sent, more)
    const isThere =
      answer.status === 400 || answer.status === 422 || answer.status === 415 || answer.status === 500
    if (!isThere) checkAnswered(options.name, answer)
    return { ok: true, problem: '' }
  } catch (error) {
    return { ok: false, problem: asSpeechError(options.name, error).message }
  }
}
