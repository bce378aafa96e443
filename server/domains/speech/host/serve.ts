import { SpeechError } from '../kinds.ts'
import type { Job, JobKinds, OpenJob } from './kinds.ts'
import type { Answer, Order, Reply } from './protocol.ts'

/**
 * Answers the orders of the host, one after the other, and ends with it. Called once by the entry of a child process.
 */
export function serveJobs(kinds: JobKinds): void {
  const served = new Served(kinds)
  process.on('message', (order: Order) => served.take(order))
  // The host is gone: nobody waits for anything that is still being done.
  process.on('disconnect', () => process.exit())
}

class Served {
  readonly #kinds: JobKinds
  readonly #known = new Map<string, OpenJob>()
  #job: Job | undefined
  #order = Promise.resolve()

  constructor(kinds: JobKinds) {
    this.#kinds = kinds
  }

  take(order: Order): void {
    this.#order = this.#order.then(async () => {
      const { id } = order
      const answer = await this.#answer(order)
      try {
        say({ id, resident_bytes: process.memoryUsage.rss(), ...answer })
      } catch (error) {
        // An answer that can't be copied, such as one with a function in it.
        say({ id, resident_bytes: process.memoryUsage.rss(), failed: String(error) })
      }
    })
  }

  async #answer(order: Order): Promise<Answer> {
    try {
      return { value: await this.#perform(order) }
    } catch (error) {
      if (error instanceof SpeechError) return { refused: { reason: error.reason, message: error.message } }
      return { failed: error instanceof Error ? error.message : String(error) }
    }
  }

  async #perform(order: Order): Promise<unknown> {
    if ('message' in order) {
      if (this.#job === undefined) throw new Error('No job is open.')
      return this.#job.handle(order.message)
    }
    const job = this.#job
    this.#job = undefined
    job?.close()
    if ('open' in order) {
      const open = await this.#find(order.open)
      this.#job = await open(order.options, (told) => say({ job: order.id, told }))
    }
    return undefined
  }

  async #find(kind: string): Promise<OpenJob> {
    const known =
      this.#known.get(kind) ?? (Object.hasOwn(this.#kinds, kind) ? await this.#kinds[kind]?.() : undefined)
    if (known === undefined) throw new Error(`No jobs of the kind ${kind} are known.`)
    this.#known.set(kind, known)
    return known
  }
}

function say(reply: Reply): void {
  // Without a host there is nobody to tell; the process ends by itself.
  if (process.connected) process.send?.(reply)
}
