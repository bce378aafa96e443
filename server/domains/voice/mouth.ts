import { voice } from '../../../contract/voice.ts'
import type { VoiceSettings } from '../../../contract/voice.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Speech } from '../speech/index.ts'
import { toSpeakingFault } from './hearing.ts'
import { DEFAULT_VOICE, checkVoice } from './settings.ts'
import { openSounds } from './sounds.ts'

/** Sounds up to this size come along with the answer that names their address. */
const INLINE_BYTES_MAX = 1_048_576
const FORMAT = 'wav'
/** The language of most answers, which need not be looked at in sentences that are in it. */
const ANSWER_LANGUAGE = 'en'
const NEVER = new AbortController().signal

/** Says things. */
export interface Mouth {
  answers: Answers
  /** What makes an address for an answer as sound; nothing when no voice here speaks the language, nor that of most answers. */
  offers(
    user_id: string,
    language: string,
    settings: VoiceSettings,
    soon: boolean,
  ): Promise<((text: string) => string) | undefined>
  /** BCP 47; `fallback` when the text is too short to tell. */
  languageOf(text: string, fallback: string): Promise<string>
  /** Lets go of the sounds of a user: of all, or of those that say this text. */
  forget(user_id: string, text?: string): void
}

export function openMouth(
  kernel: Kernel,
  speech: Speech,
  settingsOf: (user_id: string) => Promise<VoiceSettings>,
): Mouth {
  const sounds = openSounds(kernel, speech)
  return {
    languageOf: speech.languageOf,
    forget: sounds.forget,
    offers: async (user_id, language, settings, soon) => {
      const { voices } = await speech.facts()
      const { speech_rate, pitch, volume, remote_audio } = settings
      const manner = { speech_rate, pitch, volume, remote_audio }
      const speaks = (tag: string) => voices.some((one) => primary(one.language) === primary(tag))
      if (!speaks(language) && !speaks(ANSWER_LANGUAGE)) return undefined
      const voiceFor = async (text: string) => {
        // Not every answer is in the language of the sentence.
        const isKnown = primary(language) === ANSWER_LANGUAGE
        const told = isKnown ? language : await speech.languageOf(text, language)
        const spoken = [told, language].find(speaks) ?? ANSWER_LANGUAGE
        // A voice that was chosen for one language does not speak another.
        const own = voices.find((one) => one.voice_id === settings.voice_id)
        const isFit = own !== undefined && primary(own.language) === primary(spoken)
        return { language: spoken, voice_id: isFit ? own.voice_id : DEFAULT_VOICE }
      }
      return (text) => sounds.offer({ user_id, text, voiceFor, ...manner }, soon)
    },
    answers: {
      [voice.synthesize.name]: reads(voice.synthesize, async ({ user_id, signal = NEVER }, input) => {
        const { text, format = FORMAT } = input
        const settings = await settingsOf(user_id)
        if (format !== FORMAT) {
          throw new Fault('VALIDATION_ERROR', `Sound comes as ${FORMAT} alone.`, {
            issues: [{ path: '/format', message: 'is not one of /voice/capabilities' }],
          })
        }
        if (text.trim() === '') {
          throw new Fault('VALIDATION_ERROR', 'There is nothing to say.', {
            issues: [{ path: '/text', message: 'must not be blank' }],
          })
        }
        if (input.voice_id !== undefined) await checkVoice(speech, input.voice_id)
        const saying = {
          user_id,
          text,
          language: input.language ?? settings.language,
          voice_id: input.voice_id ?? (input.language === undefined ? settings.voice_id : DEFAULT_VOICE),
          speech_rate: input.speech_rate ?? settings.speech_rate,
          pitch: input.pitch ?? settings.pitch,
          volume: input.volume ?? settings.volume,
          remote_audio: settings.remote_audio,
        }
        try {
          const { url, wav, duration } = await sounds.make(saying, signal)
          const audio_data = wav.length > INLINE_BYTES_MAX ? undefined : Buffer.from(wav).toString('base64')
          return { audio_url: url, ...(audio_data !== undefined && { audio_data }), format, duration }
        } catch (error) {
          throw toSpeakingFault(error)
        }
      }),
      [voice.audio.name]: reads(voice.audio, async ({ user_id, signal }, { id }) => {
        const wav = await sounds.fetch(user_id, id, signal).catch((error: unknown) => {
          throw toSpeakingFault(error)
        })
        if (wav === undefined)
          throw new Fault('VALIDATION_ERROR', 'There is no such sound.', undefined, { status: 404 })
        return { audio_data: Buffer.from(wav).toString('base64') }
      }),
    },
  }
}

function primary(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? ''
}
