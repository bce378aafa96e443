import type { Kernel } from '../../kernel/kernel.ts'
import type { SayOptions, Speech } from '../speech/index.ts'
import { SpeechError } from '../speech/kinds.ts'

/** A sound can be fetched for so long. */
const KEPT_MS = 600_000
/** Sounds that may be fetched, of one user and of all; the oldest goes first. */
const PER_USER_MAX = 50
const ALL_MAX = 1_000
/** Bytes of sounds that are kept made, the largest among them; others are made again when they are fetched again. */
const BYTES_MAX = 33_554_432
const ID_BYTES = 24

/** What is to be said, and how. */
export type Saying = Omit<SayOptions, 'signal'>
/** The same where the language and the voice are found when it is said. */
export type Answer = Omit<Saying, 'language' | 'voice_id'> & {
  voiceFor: (text: string) => Promise<Pick<Saying, 'language' | 'voice_id'>>
}

type Sound = (Saying | Answer) & {
  expires_at: number
  made: Promise<Uint8Array> | undefined
  bytes: number
  /** Ends the making of it. */
  stop: AbortController
  /** How many wait for it while it is made: without any nobody needs it, unless it is made ahead. */
  waiting: number
}

/** Answers as sound, each under an address that cannot be guessed. */
export interface Sounds {
  /** Where a text can be fetched as sound. With `soon` it is made at once, otherwise when it is fetched. */
  offer(answer: Answer, soon: boolean): string
  /**
   * A WAV file; nothing when the id is not that of a sound of this user.
   *
   * @param signal - ends the making of it, unless somebody else waits for it, too
   * @throws SpeechError, or the reason of the signal
   */
  fetch(user_id: string, id: string, signal?: AbortSignal): Promise<Uint8Array | undefined>
  /** Makes one now, and keeps it for its address. @throws SpeechError */
  make(saying: Saying, signal: AbortSignal): Promise<{ url: string; wav: Uint8Array; duration: number }>
  /** Lets go of the sounds of a user: of all, or of those that say this text. */
  forget(user_id: string, text?: string): void
}

const NEVER = new AbortController().signal

export function openSounds(
  { clock, random }: Pick<Kernel, 'clock' | 'random'>,
  speech: Pick<Speech, 'say'>,
): Sounds {
  const sounds = new Map<string, Sound>()
  const tidy = (user_id: string): void => {
    const now = clock.now()
    const own: string[] = []
    for (const [id, one] of sounds) {
      if (one.expires_at <= now) sounds.delete(id)
      else if (one.user_id === user_id) own.push(id)
    }
    const oldest = own.length >= PER_USER_MAX ? own[0] : sounds.keys().next().value
    if (oldest !== undefined && (own.length >= PER_USER_MAX || sounds.size >= ALL_MAX)) sounds.delete(oldest)
  }
  /** Lets go of the bytes of the oldest, which can be made again. */
  const shed = (): void => {
    let total = sounds.values().reduce((sum, { bytes }) => sum + bytes, 0)
    for (const one of sounds.values()) {
      if (total <= BYTES_MAX) return
      // What is still being made holds none yet, and would be made twice.
      if (one.bytes === 0) continue
      total -= one.bytes
      one.made = undefined
      one.bytes = 0
    }
  }
  const keep = (saying: Saying | Answer, made?: Promise<Uint8Array>): { url: string; sound: Sound } => {
    tidy(saying.user_id)
    const id = Buffer.from(random(ID_BYTES)).toString('base64url')
    const fresh = { bytes: 0, waiting: 0, stop: new AbortController() }
    const sound: Sound = { ...saying, ...fresh, expires_at: clock.now() + KEPT_MS, made }
    sounds.set(id, sound)
    return { url: `/api/voice/audio/${id}`, sound }
  }
  const waitFor = openMaking(speech, shed)
  return {
    offer: (saying, soon) => {
      const { url, sound } = keep(saying)
      // Nobody waits yet, and somebody will.
      if (soon) void waitFor(sound, NEVER).catch(() => undefined)
      return url
    },
    fetch: async (user_id, id, signal = NEVER) => {
      const sound = sounds.get(id)
      if (sound === undefined || sound.user_id !== user_id || sound.expires_at <= clock.now())
        return undefined
      return waitFor(sound, signal)
    },
    make: async (saying, signal) => {
      const { wav, duration } = await speech.say({ ...saying, signal })
      const { url, sound } = keep(saying, Promise.resolve(wav))
      sound.bytes = wav.length
      shed()
      return { url, wav, duration }
    },
    forget: (user_id, text) => {
      for (const [id, one] of sounds) {
        if (one.user_id !== user_id || (text !== undefined && one.text !== text)) continue
        sounds.delete(id)
        one.stop.abort(new SpeechError('engine', 'That has been forgotten.'))
      }
    },
  }
}

/**
 * Makes sounds for those who wait for them, each once at a time.
 *
 * @param onMade - there is more that is kept
 */
function openMaking(
  speech: Pick<Speech, 'say'>,
  onMade: () => void,
): (sound: Sound, signal: AbortSignal) => Promise<Uint8Array> {
  const make = async (sound: Sound): Promise<Uint8Array> => {
    const { signal } = sound.stop
    const saying = 'voiceFor' in sound ? { ...sound, ...(await sound.voiceFor(sound.text)) } : sound
    const { wav } = await speech.say({ ...saying, signal })
    sound.bytes = wav.length
    onMade()
    return wav
  }
  const madeOf = (sound: Sound): Promise<Uint8Array> => {
    if (sound.made !== undefined) return sound.made
    sound.stop = new AbortController()
    const made = make(sound)
    sound.made = made
    made.catch(() => {
      if (sound.made === made) sound.made = undefined
    })
    return made
  }
  return async (sound, signal) => {
    signal.throwIfAborted()
    const made = madeOf(sound)
    const { promise: left, reject } = Promise.withResolvers<never>()
    const leave = (): void => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    sound.waiting += 1
    try {
      return await Promise.race([made, left])
    } finally {
      signal.removeEventListener('abort', leave)
      sound.waiting -= 1
      if (sound.waiting === 0 && sound.made === made && sound.bytes === 0) {
        sound.made = undefined
        sound.stop.abort(new SpeechError('engine', 'Nobody waits for that any more.'))
      }
    }
  }
}
