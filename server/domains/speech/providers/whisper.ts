import type { EgressRequest, EgressResponse } from '../../egress/index.ts'
import { toWav } from '../audio/wav.ts'
import { SAMPLE_RATE } from '../kinds.ts'
import type { Health, SttProvider } from '../kinds.ts'
import { primaryOf } from './languages.ts'
import { toMultipart } from './multipart.ts'
import { promptOf } from './openai.ts'
import { NEVER, asSpeechError, isRemote } from './outside.ts'
import type { Outside } from './outside.ts'
import { listenWhole } from './recording.ts'
import { checkAnswered, toTranscript } from './transcription.ts'

/** The server that comes with whisper.cpp. */
export interface WhisperOptions {
  name: string
  /** Where it listens, with its `--request-path` if it has one. */
  url: string
  credential_id?: string | undefined
  languages?: readonly string[] | undefined
}

const TIMEOUT_MS = 60_000
const HEALTH_MS = 5_000
const JSON_BYTES_MAX = 1_048_576

const REMEDY = 'Start it with: whisper-server -m MODEL.bin --host 127.0.0.1 --port 8080'

export function whisperEars(options: WhisperOptions, outside: Outside): SttProvider {
  const { name, languages = [] } = options
  const remote = isRemote(new URL(options.url).hostname)
  return {
    name,
    remote,
    languages,
    health: () => healthOf(options, outside),
    open: async ({ language, hints, signal }) =>
      listenWhole(signal, async (samples) => {
        const { type, body } = toMultipart([
          { name: 'file', file: 'speech.wav', type: 'audio/wav', bytes: toWav(samples, SAMPLE_RATE) },
          { name: 'response_format', text: 'verbose_json' },
          { name: 'temperature', text: '0' },
          // Without one it takes the one that it was started with, which need not be the right one.
          { name: 'language', text: primaryOf(language) ?? 'auto' },
          // It would run the model a second time, to tell what nobody asks for.
          { name: 'no_language_probabilities', text: 'true' },
          ...(remote ? [] : [{ name: 'prompt', text: promptOf(hints) }]),
        ])
        const sent = {
          method: 'POST',
          headers: { 'content-type': type },
          body,
          timeout_ms: TIMEOUT_MS,
        } as const
        const answer = await ask(options, outside, signal, '/inference', sent)
        checkAnswered(name, answer)
        return toTranscript(name, answer.body)
      }),
  }
}

async function healthOf(options: WhisperOptions, outside: Outside): Promise<Health> {
  const { name } = options
  try {
    const answer = await ask(options, outside, NEVER, '/health', { timeout_ms: HEALTH_MS })
    if (answer.status === 503) return { ok: false, problem: `${name} is still loading its model.` }
    // Older ones have no such path, and are there all the same.
    if (answer.status !== 404) checkAnswered(name, answer)
    return { ok: true, problem: '' }
  } catch (error) {
    return { ok: false, problem: asSpeechError(name, error).message, remedy: REMEDY }
  }
}

async function ask(
  { name, url, credential_id }: WhisperOptions,
  { egress, context }: Outside,
  signal: AbortSignal,
  path: string,
  more: Partial<EgressRequest>,
): Promise<EgressResponse> {
  const request = {
    url: `${url.replace(/\/+$/, '')}${path}`,
    redirects_max: 0,
    bytes_max: JSON_BYTES_MAX,
    ...(credential_id === undefined ? {} : { credential_id }),
    ...more,
  }
  try {
    return await egress.request(request, context(signal))
  } catch (error) {
    signal.throwIfAborted()
    throw asSpeechError(name, error)
  }
}
