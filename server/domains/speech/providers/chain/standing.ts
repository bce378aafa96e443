import type { Clock } from '../../../../kernel/clock.ts'
import type { Health, SttProvider } from '../../kinds.ts'
import { SpeechError } from '../../kinds.ts'
import { tooLate, withinTime } from '../outside.ts'

type Engine = Pick<SttProvider, 'name' | 'remote' | 'health'>

/** An engine in its place in the chain. */
export interface Link<E extends Engine> {
  engine: E
  /** Whether the owner of this server lets it be used although sound leaves this machine for it. */
  allow_remote: boolean
}

/** An engine that did not answer, and why, in a sentence. */
export interface Passed {
  engine: string
  why: string
}

export interface EngineHealth extends Health {
  name: string
  remote: boolean
}

/** How long what was found out about an engine is believed. */
const HEALTH_MS = 30_000
/** How long an engine may take to say how it is. */
const CHECK_MS = 8_000
/** Failures in a row after which an engine is left alone, and for how long. */
const FAILURES = 3
const REST_MS = 30_000

interface State {
  health: Health | undefined
  checked: number
  checking: Promise<Health> | undefined
  failures: number
  failed: number
  /** It is found out whether it fails whatever it is asked for. */
  isTried: boolean
}

/** How engines are: what they say of themselves, found out in the background, and how they did of late. */
export class Standing<E extends Engine> {
  readonly #clock: Clock
  readonly #states = new WeakMap<E, State>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Why an engine is not asked now. One that nobody knows anything about is asked; one whose health was found out too long
   * ago is taken for what it was, and looked at again meanwhile: nobody waits for that.
   */
  whyNot({ engine, allow_remote }: Link<E>, isRemoteWanted: boolean): string | undefined {
    if (engine.remote && !allow_remote)
      return `${engine.name} is on another machine, and the owner does not allow that (allow_remote).`
    if (engine.remote && !isRemoteWanted)
      return `${engine.name} is on another machine, and you have not allowed that (remote_audio).`
    const state = this.#stateOf(engine)
    const rest_ms = state.failed + REST_MS - this.#clock.elapsed()
    if (state.failures >= FAILURES && rest_ms > 0 && !state.isTried)
      return `${engine.name} failed ${state.failures} times in a row and is left alone for ${Math.ceil(rest_ms / 1_000)} s.`
    if (this.#isStale(state)) void this.#check(engine)
    return state.health?.ok === false ? state.health.problem : undefined
  }

  worked(engine: E): void {
    const state = this.#stateOf(engine)
    state.failures = 0
    // Nothing shows better that it is well.
    state.health = { ok: true, problem: '' }
    state.checked = this.#clock.elapsed()
  }

  /**
   * An engine failed.
   *
   * @param tryOut - asks it for something that any engine can do: where it can, what it failed at was to blame, and it is not
   *   left alone. Otherwise one user could silence an engine for all.
   */
  failed(engine: E, tryOut?: () => Promise<unknown>): void {
    const state = this.#stateOf(engine)
    state.failures += 1
    state.failed = this.#clock.elapsed()
    if (tryOut === undefined || state.failures < FAILURES || state.isTried) return
    state.isTried = true
    tryOut()
      .then(
        () => this.worked(engine),
        (error: unknown) => {
          // Who has too much to do shows nothing, and is tried again at its next failure.
          if (error instanceof SpeechError && error.reason === 'busy') state.failures = FAILURES - 1
          state.failed = this.#clock.elapsed()
        },
      )
      .finally(() => (state.isTried = false))
  }

  /** How an engine is, found out first when nobody knows. */
  async health({ engine }: Link<E>): Promise<EngineHealth> {
    const state = this.#stateOf(engine)
    const health = this.#isStale(state) ? await this.#check(engine) : state.health
    return {
      name: engine.name,
      remote: engine.remote,
      ...(health ?? { ok: false, problem: 'Nobody knows.' }),
    }
  }

  #isStale({ health, checked }: State): boolean {
    return health === undefined || this.#clock.elapsed() - checked >= HEALTH_MS
  }

  #check(engine: E): Promise<Health> {
    const state = this.#stateOf(engine)
    state.checking ??= this.#ask(engine).then((health) => {
      state.health = health
      state.checked = this.#clock.elapsed()
      state.checking = undefined
      return health
    })
    return state.checking
  }

  async #ask(engine: E): Promise<Health> {
    try {
      return await withinTime(this.#clock, CHECK_MS, engine.health(), () => tooLate(engine.name, CHECK_MS))
    } catch (error) {
      const problem = error instanceof SpeechError ? error.message : `${engine.name} failed.`
      return { ok: false, problem }
    }
  }

  #stateOf(engine: E): State {
    const known = this.#states.get(engine)
    if (known !== undefined) return known
    const state = {
      health: undefined,
      checked: 0,
      checking: undefined,
      failures: 0,
      failed: 0,
      isTried: false,
    }
    this.#states.set(engine, state)
    return state
  }
}

/** What is said when nobody could do it. */
export function nobody(what: string, passed: readonly Passed[], last?: unknown): SpeechError {
  const whys = passed.map(({ why }) => why).join(' ')
  // One that was there and failed is more than one that is not.
  const reason = last instanceof SpeechError ? last.reason : 'missing'
  return new SpeechError(reason, `${what} ${whys === '' ? 'No engine is configured.' : whys}`, {
    cause: last,
  })
}
