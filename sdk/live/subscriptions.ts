import { ERRORS } from '../../contract/errors.ts'
import type { APIError } from '../../contract/errors.ts'
import { ApiFault } from '../fault.ts'
import type { Acknowledged, After, Line } from './line.ts'

/** A server takes so many events in a second; beyond, it is asked again a little later. */
const CALM_MS = 1_000
const TRIES_MAX = 10
const TOO_MANY = ERRORS.RATE_LIMIT_EXCEEDED.code

/** What is listened to beyond what everybody hears, for the present connection and every later one. */
export class Subscriptions {
  readonly #after: After
  readonly #agents = new Set<string>()
  #architecture = false
  #line: Line | undefined

  constructor(after: After) {
    this.#after = after
  }

  /** @throws ApiFault when there is no such agent. */
  async add(ref: string): Promise<void> {
    this.#agents.add(ref)
    const refusal = await this.#tell('agent:subscribe', ref)
    if (refusal === undefined) return
    this.#agents.delete(ref)
    throw toFault('agent:subscribe', refusal)
  }

  async remove(ref: string): Promise<void> {
    this.#agents.delete(ref)
    await this.#tell('agent:unsubscribe', ref)
  }

  async setArchitecture(isHeard: boolean): Promise<void> {
    this.#architecture = isHeard
    await this.#tell(isHeard ? 'system:subscribe_architecture' : 'system:unsubscribe_architecture')
  }

  /** Subscribes to everything on a connection. @throws Error when that does not answer. */
  async enter(line: Line): Promise<void> {
    this.#line = line
    for (const ref of this.#agents) {
      const answer = await this.#ask(line, 'agent:subscribe', ref)
      // An agent that was removed meanwhile has nothing more to tell.
      if (!answer.success) this.#agents.delete(ref)
    }
    if (this.#architecture) await this.#ask(line, 'system:subscribe_architecture')
  }

  leave(): void {
    this.#line = undefined
  }

  /** The refusal, if there is one; a connection that is lost is subscribed anew by the next one. */
  async #tell(event: string, ...args: readonly string[]): Promise<APIError | undefined> {
    const line = this.#line
    if (line === undefined) return undefined
    try {
      const answer = await this.#ask(line, event, ...args)
      return answer.success ? undefined : answer
    } catch {
      line.close()
      return undefined
    }
  }

  async #ask(line: Line, event: string, ...args: readonly string[]): Promise<Acknowledged> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await line.ask(event, ...args)
      if (answer.success || answer.error.code !== TOO_MANY || attempt === TRIES_MAX) return answer
      const { promise, resolve } = Promise.withResolvers<undefined>()
      this.#after(CALM_MS, () => resolve(undefined))
      await promise
    }
  }
}

function toFault(event: string, { error }: APIError): ApiFault {
  const status = Object.values(ERRORS).find(({ code }) => code === error.code)?.status ?? 500
  const { details, ...rest } = error
  return new ApiFault(event, status, { ...rest, ...(details === undefined ? {} : { details }) })
}
