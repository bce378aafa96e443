import { eventOf } from '../../../../kernel/wyoming.ts'
import type { WyomingEvent } from '../../../../kernel/wyoming.ts'
import type { Health, Voice } from '../../kinds.ts'
import { primaryOf, toTag } from '../languages.ts'
import { NEVER, asSpeechError } from '../outside.ts'
import type { Outside } from '../outside.ts'
import { openSession } from './session.ts'
import type { WyomingOptions } from './session.ts'

/** What a service says of itself. */
export interface Described {
  /** BCP 47 primary tags that it hears; `undefined` when it hears nothing at all. */
  hears: readonly string[] | undefined
  /** Voices that it speaks with; `undefined` when it does not speak. */
  voices: readonly Voice[] | undefined
}

const ANSWER_MS = 5_000
const BYTES_MAX = 2_097_152
/** Other events may come before the answer, but not any number. */
const EVENTS_MAX = 16
const ENTRIES_MAX = 500
const ID_CHARACTERS_MAX = 64

/** @throws SpeechError */
export async function describe(
  options: WyomingOptions,
  outside: Outside,
  signal: AbortSignal,
): Promise<Described> {
  const session = await openSession(options, outside, signal, BYTES_MAX)
  try {
    await session.send(eventOf('describe'))
    for (let events = 0; events < EVENTS_MAX; events += 1) {
      const event = await session.next(ANSWER_MS)
      if (event.type === 'info') return toDescribed(options, event)
    }
    return { hears: undefined, voices: undefined }
  } finally {
    session.close()
  }
}

/** Asks a service what it is, and whether it is that. */
export async function healthOf(
  options: WyomingOptions,
  outside: Outside,
  learn: (described: Described) => boolean,
  what: string,
): Promise<Health> {
  const { name, host, port } = options
  try {
    if (learn(await describe(options, outside, NEVER))) return { ok: true, problem: '' }
    return { ok: false, problem: `${name} is there, but it ${what}.` }
  } catch (error) {
    const remedy = `Start a Wyoming service that listens at ${host}:${port}.`
    return { ok: false, problem: asSpeechError(name, error).message, remedy }
  }
}

function toDescribed({ name, model }: WyomingOptions, { data }: WyomingEvent): Described {
  const models = entries(data['asr'])
    .flatMap((program) => entries(program['models']))
    .filter(isInstalled)
  const heard = model === undefined ? models : models.filter((one) => one['name'] === model)
  const voices = entries(data['tts'])
    .flatMap((program) => entries(program['voices']))
    .filter(isInstalled)
    .flatMap((one) => toVoice(name, one))
  return {
    hears:
      heard.length === 0
        ? undefined
        : [...new Set(heard.flatMap(languagesOf).flatMap((tag) => primaryOf(tag) ?? []))],
    voices: voices.length === 0 ? undefined : voices,
  }
}

function toVoice(provider: string, entry: Entry): Voice[] {
  const { name } = entry
  const voice_id = `${provider}/${String(name)}`
  if (typeof name !== 'string' || name === '' || voice_id.length > ID_CHARACTERS_MAX) return []
  const [language = 'mul'] = languagesOf(entry)
  return [{ voice_id, language, name, provider }]
}

type Entry = Readonly<Record<string, unknown>>

function entries(value: unknown): Entry[] {
  if (!Array.isArray(value)) return []
  return value
    .slice(0, ENTRIES_MAX)
    .filter((one: unknown): one is Entry => typeof one === 'object' && one !== null && !Array.isArray(one))
}

function isInstalled(entry: Entry): boolean {
  return entry['installed'] !== false
}

function languagesOf({ languages }: Entry): string[] {
  if (!Array.isArray(languages)) return []
  return languages
    .slice(0, ENTRIES_MAX)
    .flatMap((tag: unknown) => (typeof tag === 'string' ? (toTag(tag) ?? []) : []))
}
