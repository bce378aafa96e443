import type { SpeechEngine } from '../../../../contract/speech.ts'
import type { SttProvider, TtsProvider } from '../kinds.ts'
import type { Link } from './chain/standing.ts'
import { openAiEars, openAiMouth } from './openai.ts'
import type { Outside } from './outside.ts'
import { sherpaEars } from './sherpa/ears.ts'
import type { SherpaParts } from './sherpa/ears.ts'
import { whisperEars } from './whisper.ts'
import { wyomingEars } from './wyoming/ears.ts'
import { wyomingMouth } from './wyoming/mouth.ts'

/** Engines that hear and engines that speak, in the order in which they are asked. */
export interface Engines {
  ears: Link<SttProvider>[]
  mouths: Link<TtsProvider>[]
}

/** Engines that come with PAIOS, which are asked where `order` is 0. */
export interface OwnEngines {
  ears: readonly SttProvider[]
  mouths: readonly TtsProvider[]
}

/** Makes the engines that are configured, and puts them and the own ones in order. Nothing is connected to yet. */
export function toEngines(
  configured: readonly SpeechEngine[],
  own: OwnEngines,
  parts: Outside & SherpaParts,
): Engines {
  const ears = configured.flatMap((one) => {
    const engine = one.role === 'tts' ? undefined : earsOf(one, parts)
    return engine === undefined ? [] : [{ engine, allow_remote: one.allow_remote, order: one.order }]
  })
  const mouths = configured.flatMap((one) => {
    const engine = one.role === 'stt' ? undefined : mouthOf(one, parts)
    return engine === undefined ? [] : [{ engine, allow_remote: one.allow_remote, order: one.order }]
  })
  return { ears: inOrder(own.ears, ears), mouths: inOrder(own.mouths, mouths) }
}

function inOrder<E extends SttProvider | TtsProvider>(
  own: readonly E[],
  others: readonly (Link<E> & { order: number })[],
): Link<E>[] {
  return [...own.map((engine) => ({ engine, allow_remote: false, order: 0 })), ...others]
    .toSorted((a, b) => a.order - b.order)
    .map(({ engine, allow_remote }) => ({ engine, allow_remote }))
}

function earsOf(one: SpeechEngine, parts: Outside & SherpaParts): SttProvider {
  if (one.type === 'openai') return openAiEars(one, parts)
  if (one.type === 'whisper') return whisperEars(one, parts)
  if (one.type === 'sherpa') return sherpaEars(one, parts)
  return wyomingEars(one, parts)
}

function mouthOf(one: SpeechEngine, parts: Outside): TtsProvider | undefined {
  if (one.type === 'openai') return openAiMouth({ ...one, model: one.speech_model }, parts)
  return one.type === 'wyoming' ? wyomingMouth(one, parts) : undefined
}
