import type { Issue } from '../../contract/errors.ts'
import type { APIError } from '../../contract/errors.ts'
import type { Operation } from '../../contract/operation.ts'
import type { Answer, Answers, Call, Caller, Writing } from '../kernel/answers.ts'
import { canonical } from '../kernel/canonical.ts'
import { digest } from '../kernel/crypto.ts'
import { Fault, asFault, toAPIError } from '../kernel/fault.ts'
import { idempotency } from '../kernel/idempotency.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Tx } from '../kernel/store/store.ts'
import { filterTo } from './filter.ts'
import { checkProof } from './proof.ts'
import { findIssues } from '../kernel/validate.ts'

/** What a transport knows of a call before it has read the body. `operation` is absent for an unknown route. */
export interface Head {
  operation: Operation | undefined
  transport: Call['transport']
  token: string | undefined
  ip: string
  user_agent: string
  /** The client's own, when it is sane; otherwise dispatch makes one. */
  request_id: string | undefined
  connection_id?: string
}

/** What a transport made of the arguments of a call. */
export interface Arguments {
  input: Record<string, unknown>
  /** `Idempotency-Key`, where the operation takes one. */
  key?: string | undefined
  /** Wrong already while decoding, such as a query value that is no number. */
  issues?: readonly Issue[]
  /** Ends the waiting, not the work: the client went away. */
  signal: AbortSignal
}

export type Reply =
  | { ok: true; status: number; data: unknown; request_id: string }
  | { ok: false; status: number; error: APIError; retry_after_s: number | undefined; request_id: string }

/** A call that has begun; exactly one of its two methods is called once. Neither throws. */
export interface Exchange {
  readonly request_id: string
  readonly caller: Caller | undefined
  /** Set when the head alone is enough to refuse: hand it to `refuse` without reading further. */
  readonly refused: Fault | undefined
  answer(args: Arguments): Promise<Reply>
  refuse(error: unknown): Promise<Reply>
}

export interface Dispatch {
  begin(head: Head): Exchange
  /** Refuses everything from now on; used while the server drains. */
  close(): void
}

interface Options {
  kernel: Kernel
  answers: Answers
  /** @throws Fault when the token is wrong, expired or ended. */
  authenticate: (token: string) => Caller
}

const REQUEST_ID = /^[\w.:-]{1,128}$/

/** The only way in: every transport asks here, so a check that exists for one exists for all. */
export function openDispatch({ kernel, answers, authenticate }: Options): Dispatch {
  let draining = false
  return {
    close: () => (draining = true),
    begin: (head) => {
      const started = kernel.clock.elapsed()
      const request_id =
        head.request_id !== undefined && REQUEST_ID.test(head.request_id) ? head.request_id : kernel.id()
      let caller: Caller | undefined
      let refused: Fault | undefined
      try {
        kernel.audit.admit()
        if (draining)
          throw new Fault('SERVICE_UNAVAILABLE', 'The server is stopping.', { reason: 'draining' })
        caller = identify(head, authenticate)
      } catch (error) {
        refused = asFault(error)
      }
      const call = toCall(head, request_id, caller, kernel.clock.now())
      const run = new Run({ kernel, head, call, started })
      return {
        request_id,
        caller,
        refused,
        refuse: (error) => run.conclude(() => Promise.reject(error)),
        answer: (args) => run.conclude(() => run.perform(answers[head.operation?.name ?? ''], args)),
      }
    },
  }
}

/** Strangers reach public operations; a token that is sent is checked even there, so that a stale one is noticed. */
function identify({ operation, token }: Head, authenticate: (token: string) => Caller): Caller | undefined {
  if (operation === undefined) return undefined
  if (token === undefined) {
    if (operation.who === 'public') return undefined
    throw new Fault('UNAUTHORIZED', 'Sign in first.')
  }
  try {
    return authenticate(token)
  } catch (error) {
    if (operation.who === 'public') return undefined
    throw error
  }
}

function toCall(head: Head, request_id: string, caller: Caller | undefined, now: number): Call {
  const { transport, ip, user_agent, connection_id, token } = head
  return {
    user_id: caller?.user_id ?? '',
    caller,
    transport,
    request_id,
    ip,
    user_agent,
    now,
    connection_id,
    token,
  }
}

/** One call on its way through the guards. */
class Run {
  readonly #kernel: Kernel
  readonly #head: Head
  readonly #call: Call
  readonly #started: number
  #target: string | null = null
  #audited = false

  constructor({ kernel, head, call, started }: { kernel: Kernel; head: Head; call: Call; started: number }) {
    this.#kernel = kernel
    this.#head = head
    this.#call = call
    this.#started = started
  }

  /** Turns the outcome into a reply, with its audit line, once everything it says is on the disk. */
  async conclude(work: () => Promise<{ status: number; data: unknown }>): Promise<Reply> {
    const { request_id } = this.#call
    try {
      const { status, data } = await work()
      if (!this.#audited) this.#kernel.audit.note(this.#line(status, 'ok'))
      await this.#kernel.store.settled()
      return { ok: true, status, data, request_id }
    } catch (error) {
      const fault = asFault(error)
      if (fault.status === 500) this.#kernel.log.error('a call failed', { request_id, error })
      if (!this.#audited) this.#kernel.audit.note(this.#line(fault.status, fault.code))
      await this.#kernel.store.settled().catch(() => {})
      const body = toAPIError(fault, request_id, this.#kernel.clock.now())
      return { ok: false, status: fault.status, error: body, retry_after_s: fault.retry_after_s, request_id }
    }
  }

  async perform(answer: Answer | undefined, args: Arguments): Promise<{ status: number; data: unknown }> {
    const operation = this.#operation()
    const { input } = args
    const issues = [...(args.issues ?? []), ...findIssues(operation.input, input)]
    this.#target = typeof input['id'] === 'string' ? input['id'].slice(0, 64) : null
    if (issues.length > 0) throw new Fault('VALIDATION_ERROR', describe(issues), { issues })
    if (operation.who === 'owner' && this.#call.caller?.role !== 'owner') {
      throw new Fault('UNAUTHORIZED', 'Only the owner of this server may do this.', undefined, {
        status: 403,
      })
    }
    const once = this.#once(operation, args)
    const earlier =
      once === undefined ? undefined : idempotency.find(this.#kernel.store.reader.connection, once)
    if (earlier === undefined) checkProof(operation, this.#call)
    if (answer === undefined) {
      throw new Fault('SERVICE_UNAVAILABLE', `${operation.name} is not built yet.`, { reason: 'not_built' })
    }
    if ('read' in answer) return this.#success(operation, await answer.read(this.#call, input))
    const receipt = earlier?.receipt ?? (await this.#write(operation, answer, input, once))
    if (answer.wait === undefined) return this.#success(operation, receipt)
    await this.#kernel.store.settled()
    return this.#success(operation, await answer.wait(this.#call, input, receipt, args.signal))
  }

  async #write(
    operation: Operation,
    answer: Writing,
    input: Record<string, unknown>,
    once: Once | undefined,
  ): Promise<unknown> {
    const prepared = await answer.prepare?.(this.#call, input)
    const receipt = await this.#kernel.store.write(async (tx: Tx) => {
      const raced = once === undefined ? undefined : idempotency.find(tx.connection, once)
      const made = raced?.receipt ?? (await answer.commit(tx, this.#call, input, prepared))
      if (once !== undefined && raced === undefined)
        idempotency.keep(tx.connection, once, made, this.#kernel.now())
      this.#kernel.audit.write(
        tx,
        this.#line(operation.outcome === 'accepted' ? 202 : operation.http.status, 'ok'),
      )
      return made
    })
    this.#audited = true
    return receipt
  }

  #success({ output, outcome, http }: Operation, data: unknown): { status: number; data: unknown } {
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
    if (typeof given !== 'string' || given === '' || this.#call.user_id === '') return undefined
    return {
      user_id: this.#call.user_id,
      operation: operation.name,
      key: given,
      digest: digest(canonical(input)),
    }
  }

  #line(status: number, outcome: string): Parameters<Kernel['audit']['note']>[0] {
    const { caller, request_id, transport, ip } = this.#call
    return {
      request_id,
      actor: caller?.user_id ?? null,
      session_id: caller?.session_id ?? null,
      transport,
      operation: this.#head.operation?.name ?? 'unknown',
      target: this.#target,
      status,
      outcome,
      ip,
      duration_ms: Math.round((this.#kernel.clock.elapsed() - this.#started) * 1000) / 1000,
    }
  }
}

type Once = Parameters<typeof idempotency.find>[1]

function pick(input: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], input)
}

/** A receipt is finished when it says so by its status. */
function isFinished(data: unknown): boolean {
  const { status } = data as { status?: string }
  return status !== 'queued' && status !== 'executing'
}

function describe(issues: readonly Issue[]): string {
  const [first] = issues
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : ''
  return `The input is not valid: ${first?.path === '' ? 'it' : first?.path} ${first?.message}${more}.`
}
