import { chunkOf, eventOf } from '../../../../kernel/wyoming.ts'
import { SAMPLES_MAX } from '../../audio/bounds.ts'
import { SAMPLE_RATE, SpeechError } from '../../kinds.ts'
import type { ListenOptions, Listening, SttProvider, Transcript } from '../../kinds.ts'
import { primaryOf, toTag } from '../languages.ts'
import { isRemote, tooLate, withinTime } from '../outside.ts'
import type { Outside } from '../outside.ts'
import { UNSAID_CONFIDENCE, clean } from '../transcription.ts'
import { healthOf } from './described.ts'
import { Partials } from './partials.ts'
import { openSession } from './session.ts'
import type { Session, WyomingOptions } from './session.ts'

/** From the end of what was said to its transcript. */
const TRANSCRIPT_MS = 30_000
const ANSWER_BYTES_MAX = 1_048_576
/** Samples in one message: a quarter of a second of them is usual, and some take no more than 64 KiB. */
const CHUNK_SAMPLES = 8_192
const CHARACTERS_MAX = 10_000

/** Hears through a service that speaks Wyoming, while it is said. */
export function wyomingEars(options: WyomingOptions, outside: Outside): SttProvider {
  let languages: readonly string[] = []
  return {
    name: options.name,
    remote: isRemote(options.host),
    get languages() {
      return languages
    },
    health: () =>
      healthOf(
        options,
        outside,
        ({ hears }) => {
          languages = hears ?? []
          return hears !== undefined
        },
        options.model === undefined ? 'recognises no speech' : `has no model ${options.model}`,
      ),
    open: (asked) => open(options, outside, asked),
  }
}

async function open(options: WyomingOptions, outside: Outside, asked: ListenOptions): Promise<Listening> {
  const { name, model } = options
  const { signal } = asked
  const session = await openSession(options, outside, signal, ANSWER_BYTES_MAX)
  const language = primaryOf(asked.language)
  const wanted = {
    ...(model === undefined ? {} : { name: model }),
    ...(language === undefined ? {} : { language }),
  }
  await session.send(eventOf('transcribe', wanted))
  await session.send(eventOf('audio-start', { rate: SAMPLE_RATE, width: 2, channels: 1 }))
  const partials = new Partials(outside.clock, (partial) => asked.onPartial?.(partial))
  const heard = transcriptOf(name, session, partials).finally(() => partials.close())
  // It may fail while nobody waits for it yet.
  heard.catch(() => {})
  let size = 0
  return {
    write: async (samples) => {
      size += samples.length
      if (size > SAMPLES_MAX) {
        session.close()
        throw new SpeechError('audio', 'The recording is longer than 30 s.')
      }
      for (let at = 0; at < samples.length; at += CHUNK_SAMPLES)
        await session.send(chunkOf(samples.subarray(at, at + CHUNK_SAMPLES), SAMPLE_RATE))
    },
    end: async () => {
      try {
        await session.send(eventOf('audio-stop'))
        return await withinTime(outside.clock, TRANSCRIPT_MS, heard, () => tooLate(name, TRANSCRIPT_MS))
      } finally {
        session.close()
      }
    },
  }
}

/** What a service understands, from the beginning on: some say it bit by bit, and some before the end. */
async function transcriptOf(name: string, session: Session, partials: Partials): Promise<Transcript> {
  for (;;) {
    const { type, data } = await session.next()
    const { text, language } = data
    if (type !== 'transcript' && type !== 'transcript-chunk') continue
    const before = type === 'transcript-chunk' ? partials.length : 0
    if (typeof text !== 'string' || before + text.length > CHARACTERS_MAX)
      throw new SpeechError('engine', `${name} answered no transcript.`)
    if (type === 'transcript-chunk') {
      partials.add(text)
      continue
    }
    const said = clean(text)
    if (said === '') throw new SpeechError('silence', `${name} heard nobody speak.`)
    const tag = typeof language === 'string' ? toTag(language) : undefined
    return { text: said, confidence: UNSAID_CONFIDENCE, ...(tag === undefined ? {} : { language: tag }) }
  }
}
