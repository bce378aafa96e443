import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SpeechEngines } from '../../../contract/speech.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Egress, EgressContext } from '../egress/index.ts'
import { embeddedEars } from './ears/provider.ts'
import type { Places } from './ears/library.ts'
import type { HostBounds } from './host/bounds.ts'
import { openHost } from './host/pool.ts'
import type { Host } from './host/pool.ts'
import { SpeechError } from './kinds.ts'
import type { Hints, ListenOptions, SpeakOptions, Transcript, TtsProvider, Voice } from './kinds.ts'
import { openEspeak } from './mouth/espeak.ts'
import { openFlite } from './mouth/flite-provider.ts'
import { languageOf } from './mouth/language.ts'
import { pronounce } from './mouth/pronounce.ts'
import { joinWav } from './mouth/wav.ts'
import { openEarsChain } from './providers/chain/ears.ts'
import type { EarsChain } from './providers/chain/ears.ts'
import { openMouthChain } from './providers/chain/mouth.ts'
import type { MouthChain } from './providers/chain/mouth.ts'
import { toEngines } from './providers/engines.ts'
import { serveSpeech } from './providers/wyoming/service.ts'
import { listenTo, transcribe } from './sound.ts'
import type { LearntPhrase, WakeModel } from './wake/kinds.ts'
import { learnPhrase } from './wake/learn.ts'
import type { PhraseOptions } from './wake/learn.ts'
import { checkWords } from './wake/phones.ts'

/** What was heard, and by whom. */
export interface Heard extends Transcript {
  engine: string
  /** The sound that was heard, as a WAV file with one channel at 16 kHz. */
  wav: Uint8Array
}

export interface HearOptions extends Omit<
  ListenOptions,
  'is_recording' | 'onPartial' | 'onSilence' | 'hints'
> {
  user_id: string
  hints: Hints
  /** Whether the sound may go to engines on other machines that the owner allows. */
  remote_audio: boolean
}

/** What a client streams. */
export type StreamFormat = 'webm' | 'ogg' | 'pcm16'

export interface StreamOptions extends HearOptions {
  /** Found out from the first bytes when it is not said. */
  format: StreamFormat | undefined
  /** The words to wait for before anything is heard. */
  wake_words?: readonly string[] | undefined
  /** Phrases that were learnt from recordings, which are waited for beside them. */
  wake_phrases?: readonly WakeModel[] | undefined
  onPartial?: ((partial: Transcript) => void) | undefined
  /** One of the wake words was said. */
  onWake?: ((word: string) => void) | undefined
  /** The speaker has come to an end by themselves; `end` may be called now. */
  onSilence?: (() => void) | undefined
}

/** An utterance that comes in pieces. */
export interface Stream {
  /** Takes the next piece as it was recorded; resolves when more may come. @throws SpeechError */
  write(bytes: Uint8Array): Promise<void>
  /** What was said. @throws SpeechError */
  end(): Promise<Heard>
}

export interface SayOptions {
  user_id: string
  text: string
  language: string
  /** One of `facts`, or `default`: the first that speaks the language. */
  voice_id: string
  speech_rate: number
  pitch: number
  volume: number
  /** Whether the text may go to engines on other machines that the owner allows. */
  remote_audio: boolean
  signal: AbortSignal
}

/** A text as sound. */
export interface Said {
  /** A file of 16 bit samples, one channel. */
  wav: Uint8Array
  voice: Voice
  /** Milliseconds. */
  duration: number
}

/** What is here, and what is not. */
export interface SpeechFacts {
  engines: { name: string; kind: 'stt' | 'tts'; remote: boolean; ok: boolean; problem: string }[]
  /** BCP 47 primary tags that are understood when spoken. */
  languages: readonly string[]
  voices: readonly Voice[]
  wake_word: boolean
  missing: { what: string; how: string }[]
}

/** Speech to text and text to speech. */
export interface Speech {
  /** What was said in a whole recording of any known form. @throws SpeechError */
  transcribe(bytes: Uint8Array, options: HearOptions): Promise<Heard>
  /** Learns a wake phrase from recordings of it, and tries how well it is heard. @throws SpeechError */
  learnPhrase(options: PhraseOptions): Promise<LearntPhrase>
  /** Why each word can not wake, in a sentence; nothing for one that can. @throws SpeechError when nobody can tell. */
  checkWakeWords(words: readonly string[], signal: AbortSignal): Promise<readonly (string | undefined)[]>
  /** Begins an utterance that comes in pieces. @throws SpeechError */
  listen(options: StreamOptions): Promise<Stream>
  /** @throws SpeechError */
  say(options: SayOptions): Promise<Said>
  /** BCP 47; `fallback` when the text is too short to tell. */
  languageOf(text: string, fallback: string): Promise<string>
  /**
   * Looked up now and then; what is told may be half a minute old, and of the engines before the last ones that were
   * configured. With `isFresh` it is neither, and may have to be waited for.
   */
  facts(how?: { isFresh: boolean }): Promise<SpeechFacts>
  /** Itself as a speech service for other programs, which say nothing of whose they are. */
  service(hintsOf: (language: string) => Promise<Hints>): ReturnType<typeof serveSpeech>
  /** Forgets what was learnt of what users may say: it is made again. */
  forget(): void
  close(): Promise<void>
}

interface Parts {
  egress: Pick<Egress, 'request' | 'connect'>
  /** Lends the owner's credentials to engines. */
  lend: NonNullable<EgressContext['lend']>
  /** On whose behalf engines outside are asked. */
  owner: () => string
  engines: () => SpeechEngines
  /** Where the recogniser is looked for; where systems have it unless given. */
  places?: Places | undefined
}

/** In the order in which they are asked. */
interface Chains {
  configured: SpeechEngines
  ears: EarsChain
  mouth: MouthChain
  /** Who is asked first to speak. */
  speaker: TtsProvider | undefined
}

/** What hears may be made of many parts; all of it is behind this. */
export interface SpeechParts {
  decoders: Host
  /** For sound that may have to wait for a wake word: who listens for that, and who decodes it. */
  wakers: Host
  waiters: Host
  chains: () => Chains
  /** Somebody has begun to say something in that language, and will be answered. */
  begun: (language: string) => void
}

const ANYBODY = 'speech'
const FACTS_MS = 30_000
const WAITING_MS = 660_000

/** Hears and speaks with the engines that are here and those that the owner has configured. */
export function openSpeech(kernel: Kernel, { egress, lend, owner, engines, places }: Parts): Speech {
  const { clock, log, settings } = kernel
  // Each kind of work has children of its own: an utterance that holds one never waits for what another utterance holds.
  const open = (bounds: Partial<HostBounds>): Host =>
    openHost({ clock, log, entry: new URL('child.ts', import.meta.url), bounds })
  const ears = open({ children_max: 2 })
  const decoders = open({ children_max: 2 })
  const mouths = open({ children_max: 1 })
  // Who waits for a wake word may wait long, and takes nothing from those who speak.
  const wakers = open({ children_max: 2, job_ms: WAITING_MS })
  const waiters = open({ children_max: 2, job_ms: WAITING_MS })
  const flite = openFlite({ host: mouths })
  const own = {
    ears: [
      embeddedEars({
        host: ears,
        data_dir: settings.data_dir,
        places,
        pronounce: (words, signal) => pronounce(words, { host: mouths, signal }),
      }),
    ],
    mouths: [flite, openEspeak({ clock })],
  }
  const outside = {
    egress,
    clock,
    host: ears,
    user_id: ANYBODY,
    context: (signal: AbortSignal): EgressContext => ({ user_id: owner(), signal, lend }),
  }
  let kept: Chains | undefined
  const chains = (): Chains => {
    const configured = engines()
    if (kept?.configured === configured) return kept
    const links = toEngines(configured, own, outside)
    kept = {
      configured,
      ears: openEarsChain({ links: links.ears, clock }),
      mouth: openMouthChain({ links: links.mouths, clock }),
      speaker: links.mouths[0]?.engine,
    }
    return kept
  }
  const begun = (language: string): void => {
    if (isFor('en', language) && chains().speaker === flite) flite.warmUp()
  }
  const parts: SpeechParts = { decoders, wakers, waiters, chains, begun }
  return {
    transcribe: (bytes, options) => transcribe(parts, bytes, options),
    listen: (options) => listenTo(parts, options),
    checkWakeWords: (words, signal) => checkWords(words, { host: mouths, signal }),
    learnPhrase: (options) => learnPhrase(decoders, options),
    say: (options) => say(chains().mouth, options),
    languageOf,
    facts: openFacts(clock, chains),
    service: (hintsOf) => {
      const stt = { languages: ['en'], open: (options: ListenOptions) => chains().ears.open(options) }
      const tts = {
        voices: () => chains().mouth.voices(),
        speak: (options: SpeakOptions) => chains().mouth.speak(options),
      }
      return serveSpeech({ stt, tts, hintsOf })
    },
    forget: () => rmSync(join(settings.data_dir, 'speech'), { recursive: true, force: true }),
    close: async () => {
      await Promise.all([ears, decoders, mouths, wakers, waiters].map((host) => host.close()))
    },
  }
}

/** Facts are looked up now and then, and nobody waits for that once they are known. */
function openFacts(clock: Kernel['clock'], chains: () => Chains): Speech['facts'] {
  let facts: { of: Chains; until: number; told: Promise<SpeechFacts> } | undefined
  return ({ isFresh } = { isFresh: false }) => {
    const of = chains()
    if (!isFresh && facts?.of === of && facts.until > clock.elapsed()) return facts.told
    const fresh = factsOf(of)
    const kept = { of, until: clock.elapsed() + FACTS_MS, told: facts?.told ?? fresh }
    facts = kept
    fresh.then(
      () => (kept.told = fresh),
      () => {
        if (facts === kept) facts = undefined
      },
    )
    return isFresh ? fresh : kept.told
  }
}

async function say(mouth: MouthChain, options: SayOptions): Promise<Said> {
  const { voice_id, language, text, signal } = options
  const voices = await mouth.voices()
  const voice =
    voices.find((one) => one.voice_id === voice_id) ?? voices.find((one) => isFor(one.language, language))
  if (voice === undefined) throw new SpeechError('missing', `There is no voice for ${language} here.`)
  const { user_id, speech_rate, pitch, volume, remote_audio } = options
  let spoken = voice
  const chunks = mouth.speak({
    text,
    voice,
    user_id,
    speech_rate,
    pitch,
    volume,
    remote_audio,
    signal,
    answered: (by) => (spoken = by.voice),
  })
  const { wav, duration } = await joinWav(chunks)
  return { wav, duration, voice: spoken }
}

function isFor(tag: string, language: string): boolean {
  const [primary] = language.toLowerCase().split('-', 1)
  return tag.toLowerCase().split('-', 1)[0] === primary
}

async function factsOf({ ears, mouth }: Chains): Promise<SpeechFacts> {
  const [heard, spoken] = await Promise.all([ears.health(), mouth.health()])
  // Only an engine that is well is asked for its voices, and it may have become so just now.
  const voices = await mouth.voices()
  const both = [
    ...heard.map((one) => ({ kind: 'stt' as const, ...one })),
    ...spoken.map((one) => ({ kind: 'tts' as const, ...one })),
  ]
  const canHear = heard.some(({ ok }) => ok)
  const languages = ears.languages()
  return {
    engines: both.map(({ name, kind, remote, ok, problem }) => ({ name, kind, remote, ok, problem })),
    languages: !canHear ? [] : languages === 'any' ? ['en'] : languages,
    voices,
    wake_word: canHear,
    missing: both
      .filter(({ ok }) => !ok)
      .map(({ name, kind, problem, remedy }) => ({
        what: kind === 'stt' ? `speech to text (${name})` : `text to speech (${name})`,
        how: remedy === undefined ? problem : `${problem} ${remedy}`,
      })),
  }
}
