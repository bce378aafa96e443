import type { User } from '../../../contract/auth.ts'
import { VoiceContext } from '../../../contract/voice.ts'
import type { VoiceSettings } from '../../../contract/voice.ts'
import type { Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { Auth } from '../auth/index.ts'
import type { Heard } from '../speech/index.ts'
import type { Hints } from '../speech/kinds.ts'
import type { Sentence } from './converse.ts'
import type { Mouth } from './mouth.ts'

/** A sentence as a transport brings it: as text, as a recording, or as an utterance that was streamed before. */
export interface Given {
  audio_data?: string | undefined
  utterance_id?: string | undefined
  text_input?: string | undefined
  text_fallback?: string | undefined
  language?: string | undefined
  context?:
    | {
        active_agent?: number
        conversation_id?: string
        conversation_history?: string[]
        user_preferences?: Record<string, unknown>
      }
    | undefined
  dry_run?: boolean | undefined
}

/** What hearing needs to know besides the sound. */
export interface Around {
  language: string
  noise_suppression: boolean
  remote_audio: boolean
  hints: () => Promise<Hints>
}

export interface Ears {
  /** What was said in a recording. @throws Fault */
  hear(call: Call, audio_data: string, around: Around): Promise<Heard>
  /** What was said in an utterance that has come to its end on the socket of this call. @throws Fault */
  utterance(call: Call, utterance_id: string): Promise<Heard>
}

interface Parts {
  auth: Auth
  ears: Ears
  mouth: Mouth
  hintsFor: (user_id: string, language: string) => Promise<Hints>
  server_zone: string
}

/** Makes a sentence of what came in: sound is heard first. @throws Fault */
export async function toSentence(
  parts: Parts,
  call: Call,
  given: Given,
  settings: VoiceSettings,
  only_agent: number | undefined,
): Promise<Sentence> {
  const { ears, mouth, server_zone } = parts
  const { around, preferences } = await aroundOf(parts, call.user_id, given.language, settings)
  const { language } = around
  const heard = await hear(ears, call, given, around, settings.auto_transcription)
  const text = heard?.text ?? textOf(given, only_agent === undefined ? 'text_fallback' : 'text_input')
  const zone = checkedZone(given.context?.user_preferences?.['timezone'])
  const spoken =
    heard?.language ?? (given.language === 'auto' ? await mouth.languageOf(text, language) : language)
  return {
    text,
    heard: heard && { confidence: heard.confidence, engine: heard.engine },
    recording: settings.keep_audio ? heard?.wav : undefined,
    language: spoken,
    conversation_id: given.context?.conversation_id ?? call.caller?.session_id ?? '',
    time_zone: zone ?? preferences?.timezone ?? server_zone,
    wake_words: settings.wake_words,
    active_agent: given.context?.active_agent,
    history: given.context?.conversation_history,
    only_agent,
    dry_run: given.dry_run ?? false,
    say:
      given.dry_run === true
        ? undefined
        : await mouth.offers(call.user_id, spoken, settings, heard !== undefined),
  }
}

/**
 * How somebody is heard.
 *
 * @param said - the language that came with it; `auto` says nothing.
 * @throws Fault `VOICE_SERVICE_UNAVAILABLE` when they have switched voice off.
 */
export async function aroundOf(
  { auth, hintsFor }: Pick<Parts, 'auth' | 'hintsFor'>,
  user_id: string,
  said: string | undefined,
  { language: own, noise_suppression, remote_audio }: VoiceSettings,
): Promise<{ around: Around; preferences: User['preferences'] | undefined }> {
  const preferences = (await auth.user(user_id))?.preferences
  if (preferences?.voice_enabled === false)
    throw unavailable('You have switched voice off.', 'disabled_by_user')
  const language = said === undefined || said === 'auto' ? (preferences?.default_voice_language ?? own) : said
  const hints = (): Promise<Hints> => hintsFor(user_id, language)
  return { around: { language, noise_suppression, remote_audio, hints }, preferences }
}

/** Sound comes before text, which stands in for it where it can't be heard (lines C139 and C255). */
async function hear(
  ears: Ears,
  call: Call,
  given: Given,
  around: Around,
  isTranscribed: boolean,
): Promise<Heard | undefined> {
  const { utterance_id, audio_data } = given
  if (utterance_id !== undefined) return ears.utterance(call, utterance_id)
  const hasText = findText(given) !== undefined
  if (audio_data === undefined || (hasText && !isTranscribed)) return undefined
  try {
    return await ears.hear(call, audio_data, around)
  } catch (error) {
    // What is no base64 at all is a mistake of the client, whatever else it has sent.
    if (hasText && error instanceof Fault && error.code !== 'GENERAL_001') return undefined
    throw error
  }
}

function findText({ text_input, text_fallback }: Given): string | undefined {
  return [text_input, text_fallback].find((one) => one !== undefined && one.trim() !== '')
}

/** @param field - where the specification has it. @throws Fault when there is none. */
function textOf(given: Given, field: 'text_fallback' | 'text_input'): string {
  const text = findText(given)
  if (text !== undefined) return text
  if (given.text_input !== undefined || given.text_fallback !== undefined)
    throw new Fault('VOICE_COMMAND_NOT_UNDERSTOOD', 'There is no text to understand.')
  throw new Fault('VALIDATION_ERROR', 'There is neither audio nor text.', {
    issues: [{ path: `/${field}`, message: 'is required when there is no audio' }],
  })
}

/** The context is a free map there, but what has a meaning must have its shape. @throws Fault `VALIDATION_ERROR` */
export function checkContext(context: Record<string, unknown>): void {
  const known = Object.entries(context).filter(([name]) => Object.hasOwn(VoiceContext.properties, name))
  const issues = findIssues(VoiceContext, Object.fromEntries(known)).map(({ path, message }) => ({
    path: `/context${path}`,
    message,
  }))
  const [first] = issues
  if (first !== undefined) throw new Fault('VALIDATION_ERROR', `${first.path} ${first.message}.`, { issues })
}

/** @throws Fault `VALIDATION_ERROR` for what is no zone, or one that does not exist. */
function checkedZone(name: unknown): string | undefined {
  if (name === undefined) return undefined
  try {
    if (typeof name !== 'string') throw new TypeError('A zone is a text.')
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch (cause) {
    const issues = [{ path: '/context/user_preferences/timezone', message: 'is not a time zone' }]
    throw new Fault(
      'VALIDATION_ERROR',
      `There is no time zone ${JSON.stringify(typeof name === 'string' ? name.slice(0, 64) : typeof name)}.`,
      { issues },
      { cause },
    )
  }
}

export function unavailable(message: string, reason: string): Fault {
  return new Fault('VOICE_SERVICE_UNAVAILABLE', message, { reason })
}
