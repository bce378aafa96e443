import type { Clock } from '../../../../kernel/clock.ts'
import { SAMPLE_RATE } from '../../kinds.ts'
import type { ListenOptions, Listening, SpeechError, SttProvider, Transcript } from '../../kinds.ts'
import { speaks } from '../languages.ts'
import { asSpeechError } from '../outside.ts'
import { Recording } from '../recording.ts'
import { Standing, nobody } from './standing.ts'
import type { EngineHealth, Link, Passed } from './standing.ts'
import { takeTurn } from './turn.ts'
import type { Turn } from './turn.ts'

/** What was said, by whom it was heard, and why not by those who would have come before or were less sure. */
export interface HeardBy extends Transcript {
  engine: string
  passed: readonly Passed[]
}

export interface ChainListenOptions extends ListenOptions {
  /** Whether who speaks lets their voice leave this machine; nobody does unless they have said so. */
  remote_audio?: boolean
}

export interface ChainListening extends Listening {
  end(): Promise<HeardBy>
}

/** Engines of which the first that can and may hears. */
export interface EarsChain {
  /** @throws SpeechError when nobody can */
  open(options: ChainListenOptions): Promise<ChainListening>
  /** How each engine is, as it was found out within the last half minute. */
  health(): Promise<EngineHealth[]>
  /** Primary tags that some engine hears; `any` when one takes any. */
  languages(): readonly string[] | 'any'
}

export interface EarsChainOptions {
  /** In the order in which they are asked. */
  links: readonly Link<SttProvider>[]
  clock: Clock
  /** For each answer of an engine, in milliseconds. */
  deadline_ms?: number
  /** Confidence under which another engine is asked, too. */
  second_below?: number
}

const DEADLINE_MS = 20_000
const SECOND_BELOW = 0.6

export function openEarsChain({ links, clock, ...given }: EarsChainOptions): EarsChain {
  const { deadline_ms = DEADLINE_MS, second_below = SECOND_BELOW } = given
  const standing = new Standing<SttProvider>(clock)
  return {
    open: async (options) => {
      const listening = new Chained(options, { links, standing, clock, deadline_ms, second_below })
      await listening.begin()
      return listening
    },
    health: () => Promise.all(links.map((link) => standing.health(link))),
    languages: () => {
      const all = links.map(({ engine }) => engine.languages)
      return all.some((languages) => languages.length === 0) ? 'any' : [...new Set(all.flat())]
    },
  }
}

interface Parts {
  links: readonly Link<SttProvider>[]
  standing: Standing<SttProvider>
  clock: Clock
  deadline_ms: number
  second_below: number
}

/** An engine at work. */
interface Active {
  engine: SttProvider
  turn: Turn
  listening: Listening
}

class Chained implements ChainListening {
  readonly #options: ChainListenOptions
  readonly #parts: Parts
  /** Those that may be asked and were not yet. */
  readonly #left: SttProvider[] = []
  readonly #passed: Passed[] = []
  readonly #recording: Recording | undefined
  #active: Active | undefined
  #last: unknown

  constructor(options: ChainListenOptions, parts: Parts) {
    this.#options = options
    this.#parts = parts
    for (const link of parts.links) {
      const { name, languages } = link.engine
      const why = speaks(languages, options.language)
        ? parts.standing.whyNot(link, options.remote_audio === true)
        : `${name} does not understand ${options.language}.`
      if (why === undefined) this.#left.push(link.engine)
      else this.#passed.push({ engine: name, why })
    }
    // Nobody else could be asked with it later.
    this.#recording = this.#left.length > 1 ? new Recording() : undefined
  }

  async begin(): Promise<void> {
    for (;;) {
      const engine = this.#left.shift()
      if (engine === undefined) throw nobody('No engine can hear this.', this.#passed, this.#last)
      this.#active = await this.#open(engine, true)
      if (this.#active !== undefined) return
    }
  }

  async write(samples: Int16Array): Promise<void> {
    this.#options.signal.throwIfAborted()
    this.#recording?.add(samples)
    const active = this.#active
    if (active === undefined) return
    const isGood = await this.#unlessFails(
      active,
      active.listening.write(samples).then(() => true),
    )
    if (isGood === true) return
    this.#active = undefined
    if (this.#left.length === 0) throw nobody('No engine could hear this.', this.#passed, this.#last)
  }

  async end(): Promise<HeardBy> {
    this.#options.signal.throwIfAborted()
    const first = await this.#answer()
    if (first.confidence >= this.#parts.second_below) return this.#told(first)
    const engine = this.#left.shift()
    const second = engine && (await this.#secondPass(engine))
    if (second === undefined) return this.#told(first)
    const [better, worse] = second.confidence > first.confidence ? [second, first] : [first, second]
    this.#passed.push({ engine: worse.engine, why: `${worse.engine} was less sure (${worse.confidence}).` })
    return this.#told(better)
  }

  /** The transcript of the first that has one. */
  async #answer(): Promise<Transcript & { engine: string }> {
    for (;;) {
      const active = this.#active
      this.#active = undefined
      const transcript = active && (await this.#finish(active))
      if (active !== undefined && transcript !== undefined)
        return { ...transcript, engine: active.engine.name }
      const engine = this.#left.shift()
      if (engine === undefined) throw nobody('No engine could hear this.', this.#passed, this.#last)
      this.#active = await this.#openWhole(engine)
    }
  }

  /** Another opinion. That nobody spoke, or it failed, is none. */
  async #secondPass(engine: SttProvider): Promise<(Transcript & { engine: string }) | undefined> {
    const active = await this.#openWhole(engine)
    if (active === undefined) return undefined
    try {
      const transcript = await this.#finish(active)
      return transcript && { ...transcript, engine: engine.name }
    } catch (error) {
      this.#options.signal.throwIfAborted()
      this.#passed.push({ engine: engine.name, why: asSpeechError(engine.name, error).message })
      return undefined
    }
  }

  async #open(engine: SttProvider, isFirst: boolean): Promise<Active | undefined> {
    const { clock, deadline_ms } = this.#parts
    const { onPartial, onSilence, remote_audio: _, ...options } = this.#options
    const turn = takeTurn(engine.name, options.signal, clock, deadline_ms)
    const told = { ...(onPartial && { onPartial }), ...(onSilence && { onSilence }) }
    const heard = isFirst ? told : { is_recording: true }
    const opening = Promise.resolve().then(() => engine.open({ ...options, ...heard, signal: turn.signal }))
    const listening = await this.#unlessFails({ engine, turn }, opening)
    return listening && { engine, turn, listening }
  }

  /** Opens an engine and gives it all that was said so far. */
  async #openWhole(engine: SttProvider): Promise<Active | undefined> {
    const active = await this.#open(engine, false)
    const samples = this.#recording?.samples()
    if (active === undefined || samples === undefined) return active
    for (let at = 0; at < samples.length; at += SAMPLE_RATE) {
      const piece = samples.slice(at, at + SAMPLE_RATE)
      const isGood = await this.#unlessFails(
        active,
        active.listening.write(piece).then(() => true),
      )
      if (isGood !== true) return undefined
    }
    return active
  }

  async #finish(active: Active): Promise<Transcript | undefined> {
    const transcript = await this.#unlessFails(active, active.listening.end())
    if (transcript === undefined) return undefined
    this.#parts.standing.worked(active.engine)
    active.turn.end()
    return transcript
  }

  /**
   * What an engine comes to, or nothing when it fails, which is noted down.
   *
   * @throws SpeechError when it did not fail: nobody spoke, or the sound is none; the reason of the signal
   */
  async #unlessFails<T>(
    { engine, turn }: Pick<Active, 'engine' | 'turn'>,
    promise: Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await turn.wait(promise)
    } catch (error) {
      turn.end()
      this.#options.signal.throwIfAborted()
      const failure = asSpeechError(engine.name, error)
      if (failure.reason === 'silence') this.#parts.standing.worked(engine)
      if (failure.reason === 'silence' || failure.reason === 'audio') throw failure
      // Who has too much to do has not failed.
      if (failure.reason !== 'busy') this.#parts.standing.failed(engine)
      this.#passed.push({ engine: engine.name, why: sentenceOf(engine.name, failure) })
      this.#last = failure
      return undefined
    }
  }

  #told(transcript: Transcript & { engine: string }): HeardBy {
    return { ...transcript, passed: this.#passed }
  }
}

/** A sentence that names the engine, whatever the engine itself says. */
function sentenceOf(name: string, { message }: SpeechError): string {
  return message.startsWith(name) ? message : `${name}: ${message}`
}
