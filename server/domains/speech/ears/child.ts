import { SAMPLES_MAX, SOUND_BOUNDS } from '../audio/bounds.ts'
import { join } from '../audio/samples.ts'
import type { Job, OpenJob } from '../host/kinds.ts'
import { SAMPLE_RATE, SpeechError } from '../kinds.ts'
import type { Hints, Transcript } from '../kinds.ts'
import { CONFIDENCE_HEARD } from '../../../../contract/limits.ts'
import { Endpoint, LEAD_MS, openActivity } from './activity.ts'
import type { Activity } from './activity.ts'
import { missing } from './library.ts'
import type { Denoiser } from './noise.ts'
import { openDenoiser } from './noise.ts'
import type { Mode, Recogniser } from './recogniser.ts'
import { recogniserFor } from './knowledge.ts'

/** What a job of the kind `ears` is opened with: one utterance, and where compiled models are kept. */
export interface EarsOptions {
  language: string
  hints: Hints
  noise_suppression: boolean
  mode: Mode
  /** Whether the end of speech is looked for. */
  finds_end: boolean
  folder: string
}

/** What it takes: the next samples, or their end, which is answered with the transcript. */
export type EarsMessage = { write: Int16Array } | { end: true }

/** Pauses in which it is tried whether that was a command: each costs what hearing it all again costs. */
const PAUSES_MAX = 4

/** What it says unasked: what was heard so far, and that whoever spoke has ended. */
export type EarsTold = { partial: Transcript } | { silence: true }

export const openEars: OpenJob = async (options, tell) => {
  const { language, hints, noise_suppression, mode, finds_end, folder } = options as EarsOptions
  if (!/^en(?:-|$)/i.test(language))
    throw new SpeechError('engine', `The embedded recogniser hears English only, not ${language}.`)
  const lacking = missing()
  if (lacking !== undefined) throw new SpeechError('missing', `${lacking.problem} ${lacking.remedy}`)
  const recogniser = await recogniserFor(hints, folder, mode)
  const again = mode === 'live' ? () => recogniserFor(hints, folder, 'batch') : undefined
  const denoiser = noise_suppression ? await openDenoiser() : undefined
  return new Utterance({ recogniser, again, activity: await openActivity(), denoiser, finds_end }, tell)
}

export { openEars as openJob }

interface Parts {
  recogniser: Recogniser
  /** One that hears recordings, for what was not heard surely while it was said. */
  again: (() => Promise<Recogniser>) | undefined
  activity: Activity
  denoiser: Denoiser | undefined
  finds_end: boolean
}

/** Hears one utterance: silence before it is dropped, and its end is told when it comes. */
class Utterance implements Job {
  readonly #recogniser: Recogniser
  readonly #again: Parts['again']
  readonly #activity: Activity
  readonly #denoiser: Denoiser | undefined
  readonly #finds_end: boolean
  readonly #tell: (told: EarsTold) => void
  readonly #endpoint = new Endpoint()
  #lead: Int16Array = new Int16Array(0)
  #taken = 0
  /** What was said before this pause. While it lasts nothing more is recognised. */
  #said: Transcript | undefined
  #pauses = 0
  #state: 'waiting' | 'hearing' | 'ended' = 'waiting'
  #told_silence = false

  constructor({ recogniser, again, activity, denoiser, finds_end }: Parts, tell: (told: EarsTold) => void) {
    this.#recogniser = recogniser
    this.#again = again
    this.#activity = activity
    this.#denoiser = denoiser
    this.#finds_end = finds_end
    this.#tell = tell
  }

  async handle(message: unknown): Promise<Transcript | undefined> {
    const given = message as EarsMessage
    if ('end' in given) return this.#end()
    if (!(given.write instanceof Int16Array)) throw new SpeechError('audio', 'Sound is samples of 16 bit.')
    if (this.#state === 'ended') throw new SpeechError('engine', 'The utterance has ended.')
    this.#taken += given.write.length
    if (this.#taken > SAMPLES_MAX)
      throw new SpeechError('audio', `At most ${SOUND_BOUNDS.seconds_max} seconds are heard at once.`)
    await this.#hear(this.#denoiser === undefined ? given.write : this.#denoiser.write(given.write))
    return undefined
  }

  close(): void {
    if (this.#state === 'hearing') this.#recogniser.cancel()
    this.#state = 'ended'
    this.#activity.free()
    this.#denoiser?.free()
  }

  async #hear(samples: Int16Array): Promise<void> {
    const steps = this.#activity.write(samples)
    for (const spoken of steps) this.#endpoint.step(spoken)
    if (this.#state === 'waiting') {
      this.#lead = join([this.#lead, samples])
      if (this.#endpoint.begun) {
        this.#recogniser.start()
        this.#state = 'hearing'
        this.#recognise(this.#lead)
        this.#lead = new Int16Array(0)
      } else this.#lead = this.#lead.slice(-((LEAD_MS * SAMPLE_RATE) / 1000))
    } else this.#recognise(samples)
    if (steps.includes(true)) this.#goOn()
    if (!this.#finds_end || this.#told_silence || !(await this.#hasEnded())) return
    this.#told_silence = true
    this.#tell({ silence: true })
  }

  /** A whole command has ended soon; of anything else somebody may be looking for the next word. */
  async #hasEnded(): Promise<boolean> {
    if (!this.#endpoint.hasEnded('whole')) return false
    if (this.#said === undefined && this.#pauses < PAUSES_MAX) {
      this.#pauses += 1
      this.#said = await this.#made()
    }
    return this.#endpoint.hasEnded(this.#said?.extent ?? 'open')
  }

  /**
   * What was said so far. While somebody speaks, the mean of their sound is only guessed, from what was heard before them;
   * once they have spoken it is known, and what was not heard surely is heard by it.
   */
  async #made(): Promise<Transcript> {
    const live = this.#recogniser.end()
    if (this.#again === undefined || live.confidence >= CONFIDENCE_HEARD) return live
    try {
      const other = await this.#again()
      other.start()
      other.write(this.#recogniser.samples())
      const whole = other.end()
      return whole.confidence > live.confidence ? whole : live
    } catch {
      // What was heard already is better than nothing.
      return live
    }
  }

  /** Somebody speaks again: what they say belongs to what they have said, unless that was whole and its end was told. */
  #goOn(): void {
    if (this.#said === undefined || (this.#told_silence && this.#said.extent === 'whole')) return
    this.#said = undefined
    this.#recogniser.resume()
  }

  #recognise(samples: Int16Array): void {
    const partial = this.#recogniser.write(samples)
    if (partial === undefined) return
    this.#tell({ partial })
  }

  async #end(): Promise<Transcript> {
    // The end is known, and need not be found.
    this.#told_silence = true
    if (this.#denoiser !== undefined && this.#state !== 'ended') await this.#hear(this.#denoiser.end())
    if (this.#state === 'waiting') throw new SpeechError('silence', 'I heard nobody speak.')
    if (this.#state === 'ended') throw new SpeechError('engine', 'The utterance has ended.')
    this.#state = 'ended'
    const transcript = this.#said ?? (await this.#made())
    if (transcript.text === '') throw new SpeechError('silence', 'I heard nobody speak.')
    return { ...transcript, language: 'en' }
  }
}
