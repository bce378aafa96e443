import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Clock } from '../../../kernel/clock.ts'
import { Turns } from '../host/turns.ts'
import { SpeechError } from '../kinds.ts'
import type { Health, SpeakOptions, SpokenChunk, TtsProvider, Voice } from '../kinds.ts'
import { ESPEAK_LANGUAGES } from './espeak-voices.ts'
import { splitSentences } from './sentences.ts'

const PLACES = [
  '/usr/bin/espeak-ng',
  '/usr/local/bin/espeak-ng',
  '/opt/homebrew/bin/espeak-ng',
  'C:\\Program Files\\eSpeak NG\\espeak-ng.exe',
]
const MISSING: Health = {
  ok: false,
  problem: 'The voice engine espeak-ng is not installed (espeak-ng).',
  remedy: 'apt-get install espeak-ng',
}
/** Two minutes of sound: a sentence has seconds of it, at its slowest and longest less than one. */
const SOUND_BYTES_MAX = 2 * 22_050 * 120
const LIST_BYTES_MAX = 100_000
/** A sentence takes about 0.2 s. */
const DEADLINE_MS = 20_000
const WORDS_PER_MINUTE = 175
/** Those who do not say who they are share their turns. */
const SPEAKER = 'mouth'
const WAV_HEADER_BYTES = 44
/** How much of an octave a step of its pitch is, below and above the middle of 0 to 99; measured. */
const OCTAVES_PER_STEP = { below: 0.0126, above: 0.0152 }

export interface EspeakOptions {
  clock: Clock
  /** Where the program may be, the best first. */
  places?: readonly string[]
}

/**
 * Voices of espeak-ng, when it is installed. It is only ever started as a program of its own; what is to be said reaches
 * it by its standard input and is never an argument. Each sentence is a turn: few programs run at a time, and nobody's
 * long text keeps others waiting.
 */
export function openEspeak({ clock, places = PLACES }: EspeakOptions): TtsProvider {
  const turns = new Turns(clock)
  let program: string | undefined
  let listed: Promise<readonly Voice[]> | undefined
  /** It may be installed at any time. */
  function findProgram(): string | undefined {
    program ??= places.find((place) => existsSync(place))
    return program
  }
  function needProgram(): string {
    const found = findProgram()
    if (found === undefined) throw new SpeechError('missing', `${MISSING.problem} ${MISSING.remedy ?? ''}`)
    return found
  }
  async function list(): Promise<readonly Voice[]> {
    const output = await run({
      program: needProgram(),
      args: ['--voices'],
      input: '',
      bytes_max: LIST_BYTES_MAX,
      clock,
    })
    return voicesIn(output.toString())
  }
  const self: TtsProvider = {
    name: 'espeak-ng',
    remote: false,
    async health() {
      try {
        const voices = await self.voices()
        return voices.length > 0 ? { ok: true, problem: '' } : MISSING
      } catch (error) {
        if (error instanceof SpeechError && error.reason !== 'missing')
          return { ...MISSING, problem: error.message }
        return MISSING
      }
    },
    async voices() {
      if (findProgram() === undefined) return []
      listed ??= list()
      try {
        return await listed
      } catch (error) {
        listed = undefined
        throw error
      }
    },
    async *speak(options) {
      const args = argumentsFor(options)
      const { signal, user_id = SPEAKER, volume } = options
      const place = turns.enter(user_id, signal)
      try {
        for (const sentence of splitSentences(plain(options.text), options.voice.language)) {
          const input = undotted(sentence)
          const wav = await place.turn(() =>
            run({ program: needProgram(), args, input, bytes_max: SOUND_BYTES_MAX, clock, signal }),
          )
          yield chunkOf(wav, volume)
        }
      } finally {
        place.leave()
      }
    },
  }
  return self
}

/** Languages of ours that are in the table which the program prints: its second column. */
function voicesIn(table: string): Voice[] {
  const known = new Set(table.split('\n').map((line) => line.trim().split(/\s+/u)[1]))
  const names = new Intl.DisplayNames('en', { type: 'language' })
  return Object.entries(ESPEAK_LANGUAGES)
    .filter(([, voice]) => known.has(voice))
    .map(([language]) => ({
      voice_id: `espeak-${language}`,
      language,
      name: names.of(language) ?? language,
      provider: 'espeak-ng',
    }))
}

function argumentsFor({ voice, speech_rate, pitch }: SpeakOptions): string[] {
  const name = ESPEAK_LANGUAGES[voice.voice_id.replace(/^espeak-/u, '')]
  if (name === undefined)
    throw new SpeechError('engine', `The voice engine espeak-ng has no voice ${voice.voice_id}.`)
  const octaves = Math.log2(bounded(pitch, 0.5, 2))
  const step = 50 + octaves / (octaves < 0 ? OCTAVES_PER_STEP.below : OCTAVES_PER_STEP.above)
  const speed = Math.round(WORDS_PER_MINUTE * bounded(speech_rate, 0.5, 2))
  // The text is UTF-8 (`-b 1`) and comes by the standard input as a whole; the sound goes to the standard output.
  return [
    '-v',
    name,
    '-s',
    `${speed}`,
    '-p',
    `${Math.round(bounded(step, 0, 99))}`,
    '-b',
    '1',
    '--stdin',
    '--stdout',
  ]
}

/**
 * Text without what the engine takes for commands: control characters change its speed, loudness and voice in the middle
 * of a text, and double brackets hold its own names of phones.
 */
function plain(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll(/<\/?[a-z!?][^<>]{0,500}>/giu, ' ')
      .replaceAll(/(?!\n)[\p{Cc}\p{Co}\p{Cs}]/gu, ' ')
      .replaceAll(/\[+|\]+/gu, ' ')
      // It would say the names of pictures.
      .replaceAll(/\p{Emoji_Presentation}|\uFE0F/gu, ' ')
      // What is a space here need not be one there.
      .replaceAll(/[^\S\n]/gu, ' ')
      .replaceAll(LONG_RUN, parted)
  )
}

/** Dots within words that a sentence may have: of more the engine makes one long abbreviation, and aborts. */
const INNER_DOTS_MAX = 12
const INNER_DOT = /(?<=[^\s\d])\.(?=\S)/gu

/** A sentence with no more dots in its words than the engine can take: "a.a.a." over and over is said as letters. */
function undotted(sentence: string): string {
  const dots = sentence.match(INNER_DOT)?.length ?? 0
  return dots > INNER_DOTS_MAX ? sentence.replaceAll(INNER_DOT, ' ') : sentence
}

/** The engine keeps a word in memory of a fixed size; the longest words of a language have fewer. */
const RUN_BYTES_MAX = 90
const LONG_RUN = /\S{23,}/gu

/** A run with spaces in it when it is too long: behind the signs of scripts that have no spaces, then anywhere but before a mark. */
function parted(letters: string): string {
  if (Buffer.byteLength(letters) <= RUN_BYTES_MAX) return letters
  return letters
    .replaceAll(/[。，、！？；：]/gu, '$& ')
    .replaceAll(/\S{30}(?=[^\s\p{M}])|\S{40}(?=\S)/gu, '$& ')
}

interface Run {
  program: string
  args: readonly string[]
  input: string
  bytes_max: number
  clock: Clock
  signal?: AbortSignal
}

/** Runs the program to its end and gives back what it wrote. It is killed when that is too much, too late or unwanted. */
function run({ program, args, input, bytes_max, clock, signal }: Run): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: {}, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
    const chunks: Buffer[] = []
    let size = 0
    function fail(error: unknown): void {
      child.kill('SIGKILL')
      reject(
        error instanceof Error
          ? error
          : new SpeechError('engine', 'Speaking was given up.', { cause: error }),
      )
    }
    const stop = clock.after(DEADLINE_MS, () =>
      fail(new SpeechError('deadline', 'The voice engine espeak-ng took too long.')),
    )
    const abort = (): void => fail(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > bytes_max) fail(new SpeechError('engine', 'The voice engine espeak-ng made too much sound.'))
      else chunks.push(chunk)
    })
    // It may have ended before it has read all; then its exit tells.
    child.stdin.on('error', () => undefined)
    child.on('error', (cause) => {
      const reason = 'code' in cause && cause.code === 'ENOENT' ? 'missing' : 'engine'
      fail(new SpeechError(reason, 'The voice engine espeak-ng could not be started.', { cause }))
    })
    child.on('close', (code) => {
      stop()
      signal?.removeEventListener('abort', abort)
      if (code === 0) resolve(Buffer.concat(chunks))
      else reject(new SpeechError('engine', `The voice engine espeak-ng ended with ${code ?? 'a signal'}.`))
    })
    child.stdin.end(input)
  })
}

function chunkOf(wav: Buffer, volume: number): SpokenChunk {
  if (wav.length < WAV_HEADER_BYTES || wav.toString('latin1', 0, 4) !== 'RIFF')
    throw new SpeechError('engine', 'The voice engine espeak-ng made no sound.')
  // It does not know the length when it writes the header of a stream, so the end of the bytes counts.
  const gain = bounded(volume, 0, 1)
  const samples = Int16Array.from({ length: (wav.length - WAV_HEADER_BYTES) >> 1 }, (_, index) =>
    Math.round(wav.readInt16LE(WAV_HEADER_BYTES + index * 2) * gain),
  )
  return { samples, sample_rate: wav.readUInt32LE(24) }
}

function bounded(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Number.isFinite(value) ? value : 1))
}
