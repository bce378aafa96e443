import type { APIError, Issue } from '../../contract/errors.ts'
import type { Operation } from '../../contract/operation.ts'
import type { Answers, Call, Caller } from '../kernel/answers.ts'
import type { Approvals, Approved } from '../kernel/approval.ts'
import type { Delivery } from '../kernel/delivery.ts'
import { Fault, asFault } from '../kernel/fault.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { LimitFault, tightest } from '../kernel/limits.ts'
import type { Limits, Standing } from '../kernel/limits.ts'
import type { Proofs } from '../kernel/proof.ts'
import { identify } from './dispatch/identify.ts'
import { performApproved } from './dispatch/approved.ts'
import { Run } from './dispatch/run.ts'
import { Slots } from './dispatch/slots.ts'
import type { SlotBounds } from './dispatch/slots.ts'

/** What a transport knows of a call before it has read the body. `operation` is absent for an unknown route. */
export interface Head {
  operation: Operation | undefined
  transport: Call['transport']
  /** Of a webhook it is the one in its path. */
  token: string | undefined
  ip: string
  user_agent: string
  /** Origin of the page that asks, or of the address that was asked: one of the server's own. */
  origin?: string | undefined
  /** The client's own, when it is sane; otherwise dispatch makes one. */
  request_id: string | undefined
  connection_id?: string
  /** The span that the client is in (W3C Trace Context). */
  traceparent?: string | undefined
}

/** What a transport made of the arguments of a call. */
export interface Arguments {
  input: Record<string, unknown>
  /** `Idempotency-Key`, where the operation takes one. */
  key?: string | undefined
  /** What the caller brings as proof, where the operation takes one. */
  proof?: unknown
  /** Whether the caller asks for an approval in place of a proof. */
  approval?: boolean
  /** Wrong already while decoding, such as a query value that is no number. */
  issues?: readonly Issue[]
  /** What the caller calls fields of the input that are called otherwise here; '' is the whole of what it sent. */
  called?: ReadonlyMap<string, string>
  /** What the sender of a webhook sent. */
  delivery?: Delivery
  /** Ends the waiting, and of the work only what minds it: the client went away. */
  signal: AbortSignal
}

export type Reply =
  | {
      ok: true
      status: number
      data: unknown
      /** The call waits for an approval, and `data` is its receipt. */
      pending: boolean
      request_id: string
      standing: Standing | undefined
      /** When it was answered, in epoch ms. */
      at: number
    }
  | {
      ok: false
      status: number
      error: APIError
      retry_after_s: number | undefined
      request_id: string
      /** How the tightest limit stands that the call was counted by. */
      standing: Standing | undefined
      at: number
    }

/** A call that has begun; exactly one of its two methods is called once. Neither throws. */
export interface Exchange {
  readonly request_id: string
  readonly caller: Caller | undefined
  /** When it began, in epoch ms. */
  readonly begun_at: number
  /** Set when the head alone is enough to refuse: hand it to `refuse` without reading further. */
  readonly refused: Fault | undefined
  /** @param as - what a message asks for, when the call carries one. */
  answer(args: Arguments, as?: Operation): Promise<Reply>
  refuse(error: unknown): Promise<Reply>
}

export interface Dispatch {
  begin(head: Head): Exchange
  /** Counts what comes from an address and is no call yet; why it may not come in, or nothing. */
  admitAddress(ip: string): Fault | undefined
  /** Performs a call that was approved, once. */
  perform(approved: Approved): Promise<void>
  /** Refuses everything from now on; used while the server drains. */
  close(): void
}

export interface DispatchOptions {
  kernel: Kernel
  answers: Answers
  /**
   * Says whom a token speaks for; that of a webhook only for what `carries` one.
   *
   * @throws Fault when the token is wrong, expired or ended.
   */
  authenticate: (token: string, carries?: Operation['carries']) => Caller
  proofs: Proofs
  limits: Limits
  approvals: Approvals
  /** Bounds of the calls that are at work. */
  slots?: Partial<SlotBounds>
  /** Hears of each answer and what it took, in milliseconds; must cost next to nothing. */
  measured?: (answered: Measured) => void
}

/** An answer, and where it belongs. */
export interface Measured extends Pick<Call, 'transport' | 'request_id'> {
  operation: string
  status: number
  /** Without the time that it was asked to wait, and with it. */
  ms: number
  took_ms: number
  traceparent: string | undefined
  /** Id of the execution that was begun. */
  execution_id: string | undefined
}

const REQUEST_ID = /^[\w.:-]{1,128}$/

/** The only way in: every transport asks here, so a check that exists for one exists for all. */
export function openDispatch(options: DispatchOptions): Dispatch {
  const { kernel, answers } = options
  const slots = new Slots(options.slots)
  let draining = false
  return {
    close: () => (draining = true),
    admitAddress: (ip) => {
      try {
        options.limits.admitAddress(ip)
        return undefined
      } catch (error) {
        return asFault(error)
      }
    },
    perform: (approved) => performApproved(kernel, answers[approved.operation.name], approved),
    begin: (head) => {
      const started = kernel.clock.elapsed()
      const request_id =
        head.request_id !== undefined && REQUEST_ID.test(head.request_id) ? head.request_id : kernel.id()
      const { caller, refused, standing } = admit(options, head, draining)
      const call = toCall(head, request_id, caller, kernel.clock.now())
      const run = new Run(options, { head, call, started, standing, slots })
      return {
        request_id,
        caller,
        begun_at: call.now,
        refused,
        refuse: (error) => run.conclude(() => Promise.reject(error)),
        answer: (args, as) => {
          if (as !== undefined) run.retarget(as)
          return run.conclude(() => run.perform(answers[(as ?? head.operation)?.name ?? ''], args))
        },
      }
    },
  }
}

interface Admitted {
  caller: Caller | undefined
  refused: Fault | undefined
  standing: Standing | undefined
}

/** The guards that need no more than the head of a call. */
function admit({ kernel, limits, authenticate }: DispatchOptions, head: Head, draining: boolean): Admitted {
  let caller: Caller | undefined
  let standing: Standing | undefined
  try {
    kernel.audit.admit()
    if (draining) throw new Fault('SERVICE_UNAVAILABLE', 'The server is stopping.', { reason: 'draining' })
    const isCounted = head.operation?.unlimited !== true
    if (isCounted) standing = limits.admitAddress(head.ip)
    try {
      caller = identify(head, authenticate)
    } finally {
      if (isCounted && caller === undefined) standing = limits.admitStranger(head.ip)
      else if (standing !== undefined && caller !== undefined)
        standing = tightest([limits.standing(caller), standing])
    }
    return { caller, standing, refused: undefined }
  } catch (error) {
    const full = error instanceof LimitFault ? error.standing : standing
    return { caller, standing: full, refused: asFault(error) }
  }
}

function toCall(head: Head, request_id: string, caller: Caller | undefined, now: number): Call {
  const { transport, ip, user_agent, origin, connection_id, token } = head
  return {
    user_id: caller?.user_id ?? '',
    caller,
    transport,
    request_id,
    ip,
    user_agent,
    origin,
    now,
    connection_id,
    token,
  }
}
