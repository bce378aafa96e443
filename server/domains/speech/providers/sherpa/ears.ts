import type { Host } from '../../host/pool.ts'
import { SpeechError } from '../../kinds.ts'
import type { SttProvider } from '../../kinds.ts'
import { primaryOf, tagOfName } from '../languages.ts'
import { UNSAID_CONFIDENCE, clean } from '../transcription.ts'
import type { SherpaAnswer, SherpaJob } from './child.ts'
import { lookInto } from './model.ts'

/** sherpa-onnx with a model, both in a folder of the owner's. */
export interface SherpaOptions {
  name: string
  /** Absolute. */
  folder: string
  /** BCP 47 primary tags; any unless given, since a model does not say. */
  languages?: readonly string[] | undefined
}

export interface SherpaParts {
  host: Pick<Host, 'open'>
  /** What the host knows its job by. */
  kind?: string
  /** Whose turn it is when many wait. */
  user_id: string
}

const TEXT_CHARACTERS_MAX = 10_000

/** Hears by sherpa-onnx in a child process, without any network. */
export function sherpaEars(
  { name, folder, languages = [] }: SherpaOptions,
  { host, kind = 'sherpa', user_id }: SherpaParts,
): SttProvider {
  return {
    name,
    remote: false,
    languages,
    health: async () => {
      const found = lookInto(name, folder)
      return 'problem' in found ? { ok: false, ...found } : { ok: true, problem: '' }
    },
    open: async ({ language, onPartial, signal }) => {
      const found = lookInto(name, folder)
      if ('problem' in found) throw new SpeechError('missing', `${found.problem} ${found.remedy}`)
      const job: SherpaJob = { name, folder, language: primaryOf(language) ?? '' }
      const opening = host.open(kind, job, {
        user_id,
        signal,
        onMessage: (text) => {
          if (typeof text === 'string') onPartial?.({ text: clean(text), confidence: UNSAID_CONFIDENCE })
        },
      })
      const session = await named(name, opening)
      return {
        write: (samples) => named(name, session.send(samples)),
        end: async () => {
          try {
            return toTranscript(name, (await named(name, session.call(null))) as Partial<SherpaAnswer>)
          } finally {
            session.close()
          }
        },
      }
    },
  }
}

/** What goes wrong in a child process is not told by the name of the engine. */
async function named<T>(name: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    if (!(error instanceof SpeechError) || error.message.startsWith(name)) throw error
    throw new SpeechError(error.reason, `${name}: ${error.message}`, { cause: error })
  }
}

function toTranscript(name: string, { text, language }: Partial<SherpaAnswer>) {
  if (typeof text !== 'string' || text.length > TEXT_CHARACTERS_MAX)
    throw new SpeechError('engine', `${name} answered no transcript.`)
  const said = clean(text)
  if (said === '') throw new SpeechError('silence', `${name} heard nobody speak.`)
  // SenseVoice writes it as <|en|>.
  const tag = tagOfName((language ?? '').replaceAll(/[<|>]/g, ''))
  return { text: said, confidence: UNSAID_CONFIDENCE, ...(tag === undefined ? {} : { language: tag }) }
}
