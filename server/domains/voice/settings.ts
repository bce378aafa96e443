import type { Kysely } from 'kysely'
import type { VoiceSettings } from '../../../contract/voice.ts'
import { voice } from '../../../contract/voice.ts'
import { writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { storedFields } from '../../kernel/stored.ts'
import { readConsent } from '../language/consent/words.ts'
import type { Understood } from '../language/understand.ts'
import type { Speech } from '../speech/index.ts'
import { SpeechError } from '../speech/kinds.ts'
import { voiceStore } from './store.ts'
import type { VoiceTables } from './store.ts'

/** The voice that fits the language, whichever that is. */
export const DEFAULT_VOICE = 'default'

const SETTINGS: VoiceSettings = {
  language: 'en',
  voice_id: DEFAULT_VOICE,
  speech_rate: 1,
  pitch: 1,
  volume: 1,
  wake_word_enabled: false,
  wake_words: ['paios'],
  noise_suppression: true,
  auto_transcription: true,
  keep_audio: false,
  remote_audio: false,
}

/** Those of a user; what they never said is as it comes. */
export async function settingsIn(db: Kysely<VoiceTables>, user_id: string): Promise<VoiceSettings> {
  const row = await voiceStore.settings(db, user_id)
  const kept = Object.entries(row === undefined ? {} : (storedFields<VoiceSettings>(row.settings) ?? {}))
  return { ...SETTINGS, ...Object.fromEntries(kept.filter(([name, value]) => isLike(name, value))) }
}

/** Whether a setting is of the kind that it has to be: a damaged one is as if it was never set. */
function isLike(name: string, value: unknown): boolean {
  const usual: unknown = SETTINGS[name as keyof VoiceSettings]
  return typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual)
}

const NEVER = new AbortController().signal

/** What a sentence means to its user. */
type Understand = (call: Pick<Call, 'user_id' | 'now'>, text: string) => Promise<Understood>

/** Changes settings. A voice must be there when it is chosen. */
export function settingsAnswers(
  speech: Pick<Speech, 'facts' | 'checkWakeWords'>,
  understand: Understand,
): Answers {
  return {
    [voice.settings.name]: writes(voice.settings, {
      prepare: async (call, { language, voice_id, wake_words = [] }) => {
        const { signal = NEVER } = call
        if (language !== undefined) checkLanguage(language)
        refuseUnsayable(wake_words)
        await refuseVital(wake_words, (word) => understand(call, word))
        await refuseUnheard(speech, wake_words, signal)
        if (voice_id !== undefined) await checkVoice(speech, voice_id)
      },
      // Read in the transaction, so that of two changes at once neither takes back the other.
      commit: async (tx, { user_id }, change) => {
        const settings = { ...(await settingsIn(tx.tables<VoiceTables>(), user_id)), ...change }
        await voiceStore.saveSettings(tx.tables<VoiceTables>(), user_id, JSON.stringify(settings))
        return settings
      },
    }),
  }
}

const LANGUAGES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
/** Tags that are of no language: undetermined, several, and none. */
const OF_NO_LANGUAGE = new Set(['und', 'mul', 'zxx'])

/** Without an engine a language is only written, so that it need not be one that is spoken here. @throws Fault */
function checkLanguage(tag: string): void {
  const language = languageIn(tag)
  if (language !== undefined && !OF_NO_LANGUAGE.has(language) && LANGUAGES.of(language) !== undefined) return
  throw new Fault('VALIDATION_ERROR', `I know no language ${JSON.stringify(tag)}.`, {
    issues: [{ path: '/language', message: 'must be a language, such as en or de-AT' }],
  })
}

/** "de" of "de-AT"; nothing where the tag breaks the rules of BCP 47. */
function languageIn(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).language
  } catch {
    return undefined
  }
}

/** One wake word that nobody can say would keep all others from being heard. */
function refuseUnsayable(wake_words: readonly string[]): void {
  const place = wake_words.findIndex(
    (word) => !/^[\p{L}\p{M}\p{N}' ’.-]*\p{L}[\p{L}\p{M}\p{N}' ’.-]*$/u.test(word),
  )
  if (place < 0) return
  throw new Fault('VALIDATION_ERROR', 'A wake word is one or several words that can be said.', {
    issues: [{ path: `/wake_words/${place}`, message: 'can not be said' }],
  })
}

/** A wake word is left out of what is said, so one that is a command or an answer would take that away. */
async function refuseVital(
  wake_words: readonly string[],
  understand: (word: string) => Promise<Understood>,
): Promise<void> {
  for (const [place, word] of wake_words.entries()) {
    const { tier, meaning } = await understand(word)
    const isCommand = tier === 'template' && (meaning?.agent_number === 0 || meaning?.name === 'help')
    const consent = readConsent(word)
    if (!isCommand && consent === undefined) continue
    const what = consent === undefined ? 'a command of its own' : `an answer, ${consent}`
    throw new Fault('VALIDATION_ERROR', `“${word}” is ${what}, and can not be a wake word.`, {
      issues: [{ path: `/wake_words/${place}`, message: `is ${what}` }],
    })
  }
}

/** What could not be listened for would be found out only by whoever waits in vain. */
async function refuseUnheard(
  speech: Pick<Speech, 'checkWakeWords'>,
  wake_words: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const why = await speech.checkWakeWords(wake_words, signal).catch((error: unknown) => {
    // Where nobody can tell now, nothing is known of any of them.
    if (error instanceof SpeechError) return []
    throw error
  })
  const place = why.findIndex((one) => one !== undefined)
  const message = why[place]
  if (message === undefined) return
  throw new Fault('VALIDATION_ERROR', message, {
    issues: [{ path: `/wake_words/${place}`, message: 'can not be listened for' }],
  })
}

/** @throws Fault `VALIDATION_ERROR` for a voice that is not here. */
export async function checkVoice(speech: Pick<Speech, 'facts'>, voice_id: string): Promise<void> {
  if (voice_id === DEFAULT_VOICE) return
  const { voices } = await speech.facts({ isFresh: true })
  if (voices.some((one) => one.voice_id === voice_id)) return
  throw new Fault('VALIDATION_ERROR', `There is no voice ${voice_id}.`, {
    issues: [{ path: '/voice_id', message: 'is not one of /voice/capabilities' }],
  })
}
