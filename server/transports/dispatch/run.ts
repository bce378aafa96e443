import type { Operation } from '../../../contract/operation.ts'
import type { Answer, Call, Writing } from '../../kernel/answers.ts'
import { canonical } from '../../kernel/canonical.ts'
import { digest } from '../../kernel/crypto.ts'
import { Fault, asFault, toAPIError } from '../../kernel/fault.ts'
import { idempotency } from '../../kernel/idempotency.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LimitFault, tightest } from '../../kernel/limits.ts'
import type { Standing } from '../../kernel/limits.ts'
import { attachProof } from '../../kernel/proof.ts'
import type { Proven } from '../../kernel/proof.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { simulate } from './approved.ts'
import { authorise, notBuilt, statusOf, targetOf, validate } from './guards.ts'
import { identify } from './identify.ts'
import { lineOf } from './line.ts'
import type { Arguments, DispatchOptions, Head, Reply } from '../dispatch.ts'
import { filterTo } from '../filter.ts'
import { needsProof } from './proof.ts'
import type { Slots } from './slots.ts'

/** What is known of a call when its guards begin. */
interface Begun {
  head: Head
  call: Call
  /** Monotonic milliseconds. */
  started: number
  standing: Standing | undefined
  slots: Slots
}

interface Performed {
  status: number
  data: unknown
  /** The call waits for an approval; `data` is its receipt. */
  pending?: boolean
}

type Input = Record<string, unknown>

/** One call on its way through the guards. */
export class Run {
  readonly #options: DispatchOptions
  readonly #kernel: Kernel
  #head: Head
  #call: Call
  readonly #started: number
  readonly #slots: Slots
  #standing: Standing | undefined
  #target: string | null
  /** Whether the limits of its user have counted the call. */
  #counted = false
  #audited = false
  /** When the call had come whole, and when only its wish to wait kept the answer: a slow client is no slow server. */
  #came: number
  #waits: number | undefined
  /** Gives the slot of the call back. It has one only once it has come whole: a slow sender takes none. */
  #release: () => void = () => {}

  constructor(options: DispatchOptions, { head, call, started, standing, slots }: Begun) {
    this.#options = options
    this.#kernel = options.kernel
    this.#head = head
    this.#call = call
    this.#started = started
    this.#came = started
    this.#standing = standing
    this.#slots = slots
    this.#target = call.caller?.hook?.workflow_id ?? null
  }

  /** Turns the outcome into a reply, with its audit line, once everything it says is on the disk. */
  async conclude(work: () => Promise<Performed>): Promise<Reply> {
    const { request_id } = this.#call
    try {
      const { status, data, pending = false } = await work()
      if (!this.#audited) this.#kernel.audit.note(this.#line(status, 'ok'))
      await this.#kernel.store.settled()
      return { ok: true, status, data, pending, ...this.#end(status, data) }
    } catch (error) {
      const fault = asFault(error)
      if (fault instanceof LimitFault) this.#standing = fault.standing
      if (fault.status === 500) this.#kernel.log.error('a call failed', { request_id, error })
      const isTampered = fault.details?.['reason'] === 'tampered'
      if (isTampered)
        this.#kernel.log.error('something was changed from outside', { request_id, error: fault.message })
      const outcome = isTampered ? `${fault.code} tampered` : fault.code
      if (!this.#audited) this.#kernel.audit.note(this.#line(fault.status, outcome))
      await this.#kernel.store.settled().catch(() => {})
      const body = toAPIError(fault, request_id, this.#kernel.clock.now())
      const { status, retry_after_s } = fault
      return { ok: false, status, error: body, retry_after_s, ...this.#end(status) }
    } finally {
      this.#release()
    }
  }

  #end(status: number, data?: unknown): Pick<Reply, 'request_id' | 'standing' | 'at'> {
    const { request_id, transport } = this.#call
    const { operation, traceparent } = this.#head
    const now = this.#kernel.clock.elapsed()
    this.#options.measured?.({
      operation: operation?.name ?? 'unknown',
      status,
      ms: (this.#waits ?? now) - this.#came,
      took_ms: now - this.#came,
      request_id,
      transport,
      traceparent,
      execution_id: receiptOf(data),
    })
    return { request_id, standing: this.#standing, at: this.#kernel.clock.now() }
  }

  /** Goes on as a call of the operation that its message names. */
  retarget(operation: Operation): void {
    this.#head = { ...this.#head, operation, transport: 'message' }
    this.#call = { ...this.#call, transport: 'message' }
  }

  async perform(answer: Answer | undefined, args: Arguments): Promise<Performed> {
    const operation = this.#operation()
    const { input, delivery } = args
    this.#came = this.#kernel.clock.elapsed()
    this.#release = this.#slots.take(operation)
    this.#call = { ...this.#call, delivery, signal: args.signal }
    this.#refresh()
    validate(operation, input, args.issues, args.called)
    // What is no id may be anything, such as a secret in the wrong place, and the audit keeps it for ever.
    this.#target = targetOf(input) ?? this.#target
    authorise(operation, this.#call)
    const once = this.#once(operation, args)
    const earlier =
      once === undefined ? undefined : idempotency.find(this.#kernel.store.reader.connection, once)
    this.#count(operation, earlier !== undefined)
    // A repeated call needs its proof too, the same or a fresh one, but does not use it up again.
    const proven = await this.#prove(operation, args)
    if (answer === undefined) throw notBuilt(operation)
    if (proven === 'wanted') return this.#ask(operation, answer, input)
    if ('read' in answer) {
      const read = await answer.read(this.#call, input)
      if (proven === undefined) return this.#success(operation, read)
      // Nothing that a proof opens leaves without its line in the audit.
      await this.#kernel.store.write(async (tx) => {
        this.#refresh()
        await proven.spend(tx)
        this.#kernel.audit.write(tx, this.#line(operation.http.status, 'ok'))
      })
      this.#audited = true
      return this.#success(operation, read)
    }
    const receipt = earlier?.receipt ?? (await this.#write(operation, answer, input, { once, proven }))
    if (answer.wait === undefined) return this.#success(operation, receipt)
    await this.#kernel.store.settled()
    // Whoever waits holds nothing.
    this.#release()
    this.#waits = this.#kernel.clock.elapsed()
    return this.#success(operation, await answer.wait(this.#call, input, receipt, args.signal))
  }

  async #write(
    operation: Operation,
    answer: Writing,
    input: Input,
    { once, proven }: { once: Once | undefined; proven: Proven | undefined },
  ): Promise<unknown> {
    const prepared = await this.#prepare(answer, input, proven)
    const receipt = await this.#kernel.store.write(async (tx: Tx) => {
      this.#refresh()
      if (proven === undefined) this.#requireProof(operation, input)
      const raced = once === undefined ? undefined : idempotency.find(tx.connection, once)
      if (proven !== undefined && raced === undefined) {
        await proven.spend(tx)
        attachProof(tx, proven, input)
      }
      const made = raced?.receipt ?? (await answer.commit(tx, this.#call, input, prepared))
      if (made instanceof Fault) {
        this.#kernel.audit.write(tx, this.#line(made.status, made.code))
        return made
      }
      if (once !== undefined && raced === undefined)
        idempotency.keep(tx.connection, once, made, this.#kernel.now())
      this.#kernel.audit.write(tx, this.#line(statusOf(operation), 'ok'))
      return made
    })
    this.#audited = true
    if (receipt instanceof Fault) throw receipt
    return receipt
  }

  /** What stands in the way is for those alone who prove it anew: a proof that was used says so first. */
  async #prepare(answer: Writing, input: Input, proven: Proven | undefined): Promise<unknown> {
    try {
      return await answer.prepare?.(this.#call, input)
    } catch (error) {
      if (proven !== undefined)
        await this.#kernel.store.write(async (tx) => {
          await proven.spend(tx)
          throw error
        })
      throw error
    }
  }

  /**
   * Asks again whom the token speaks for: the body may have taken half a minute, and preparing a while, in which the
   * session has ended or got a passkey.
   *
   * @throws Fault as `authenticate` does, but for what is open to strangers.
   */
  #refresh(): void {
    const { token, caller } = this.#call
    if (caller === undefined || token === undefined) return
    this.#call = {
      ...this.#call,
      caller: identify(this.#head, this.#options.authenticate),
      now: this.#kernel.clock.now(),
    }
  }

  /** @throws Fault `BIOMETRIC_REQUIRED` when what the call is proven by without a passkey no longer holds. */
  #requireProof(operation: Operation, input: Input): void {
    const reason = needsProof(operation.proof, this.#call.caller, this.#call.now)
    if (reason !== undefined) throw this.#options.proofs.refusal(this.#call, operation, input, reason)
  }

  /** A repeated call is a request, but no second execution. @throws Fault `RATE_LIMIT_EXCEEDED` */
  #count(operation: Operation, isRepeated: boolean): void {
    const { caller } = this.#call
    if (caller === undefined || operation.unlimited) return
    const quotas = isRepeated ? [] : operation.limits
    const standing = this.#options.limits.admit(caller, ['requests_per_minute', ...quotas])
    this.#standing = tightest([standing, ...(this.#standing?.type === 'ip' ? [this.#standing] : [])])
    this.#counted = quotas.length > 0
  }

  /**
   * The proof of the call, or nothing when it needs none; `wanted` when it asks for an approval in its place.
   *
   * @throws Fault `BIOMETRIC_REQUIRED`
   */
  async #prove(operation: Operation, args: Arguments): Promise<Proven | 'wanted' | undefined> {
    const { input, proof, approval } = args
    const { proofs } = this.#options
    const reason = needsProof(operation.proof, this.#call.caller, this.#call.now)
    if (operation.proof === 'none' || (reason === undefined && proof === undefined)) return undefined
    if (proof !== undefined && reason !== 'not_enrolled' && reason !== 'recovered')
      return proofs.verify(this.#call, operation, input, proof)
    if (approval === true && reason === 'proof_missing') return 'wanted'
    throw proofs.refusal(this.#call, operation, input, reason ?? 'proof_missing')
  }

  async #ask(operation: Operation, answer: Answer, input: Input): Promise<Performed> {
    const data = await this.#options.approvals.request({
      call: this.#call,
      operation,
      input,
      simulate: (look) => simulate(this.#kernel, answer, { call: this.#call, input }, look),
    })
    return { status: 202, data, pending: true }
  }

  #success({ output, outcome, http }: Operation, data: unknown): Performed {
    const status = outcome === 'accepted' && !isFinished(data) ? 202 : http.status
    return { status, data: filterTo(output, data) }
  }

  #operation(): Operation {
    const { operation } = this.#head
    if (operation === undefined)
      throw new Fault('VALIDATION_ERROR', 'There is no such operation.', undefined, { status: 404 })
    return operation
  }

  #once(operation: Operation, { input, key }: Arguments): Once | undefined {
    const given = operation.key === undefined ? undefined : (pick(input, operation.key) ?? key)
    const agent_id = this.#call.caller?.agent_id
    if (typeof given !== 'string' || given === '' || this.#call.user_id === '') return undefined
    return {
      user_id: this.#call.user_id,
      operation: operation.name,
      // Programs count what they ask as they like: the keys of one are not those of another, or of its user.
      key: agent_id === undefined ? given : `${agent_id} ${given}`,
      digest: digest(canonical(input)),
    }
  }

  #line(status: number, outcome: string): ReturnType<typeof lineOf> {
    const ms = this.#kernel.clock.elapsed() - this.#started
    const end = { status, outcome, target: this.#target, ms, counted: this.#counted }
    return lineOf(this.#call, this.#head.operation, end)
  }
}

type Once = Parameters<typeof idempotency.find>[1]

function pick(input: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], input)
}

/** The execution that an answer is the receipt of. */
function receiptOf(data: unknown): string | undefined {
  const { execution_id } = (data ?? {}) as { execution_id?: unknown }
  return typeof execution_id === 'string' ? execution_id : undefined
}

/** A receipt is finished when it says so by its status. */
function isFinished(data: unknown): boolean {
  const { status } = data as { status?: string }
  return status !== 'queued' && status !== 'executing'
}
