import type { Input, Operation, Output } from '../../contract/operation.ts'
import type { Tier } from '../../contract/limits.ts'
import type { Delivery } from './delivery.ts'
import type { Fault } from './fault.ts'
import type { Tx } from './store/store.ts'

/** Who a valid token speaks for. */
export interface Caller {
  readonly user_id: string
  readonly session_id: string
  readonly role: 'owner' | 'user'
  readonly tier: Tier
  readonly has_passkey: boolean
  /** Whether every passkey is so new that a fresh password sign-in outweighs it. */
  readonly is_provisional: boolean
  /** Whether a passkey is asked for where a password would do (`preferences.biometric_enabled`). */
  readonly wants_passkey: boolean
  /** Epoch ms of the password sign-in that still counts as proof (decision 12), until the session's first refresh. */
  readonly password_at: number | undefined
  /** Epoch ms of the sign-in, when that was by a backup code, and whether it may still enrol a passkey. */
  readonly code_at: number | undefined
  readonly may_enrol: boolean
  /** The agent from outside whose own token it is; absent for users themselves. */
  readonly agent_id?: string | undefined
  readonly agent_number?: number | undefined
  /** The webhook whose token it is: it speaks for its owner, but only to start its workflow. */
  readonly hook?: { readonly key: string; readonly workflow_id: string } | undefined
}

/** One call, as every domain sees it. */
export interface Call {
  /** Empty for strangers, who reach only operations that are `public`. */
  readonly user_id: string
  readonly caller: Caller | undefined
  readonly transport: 'http' | 'socket' | 'message' | 'control'
  readonly request_id: string
  readonly ip: string
  readonly user_agent: string
  /** Origin of the page that asks, or of the address that was asked: one of the server's own. */
  readonly origin: string | undefined
  /** Epoch ms at which the call arrived. */
  readonly now: number
  /** The bearer token as it was sent, which may have expired: signing out works with it all the same. */
  readonly token: string | undefined
  /** The socket that asked, when it was one. */
  readonly connection_id: string | undefined
  /** What the sender of a webhook sent. */
  readonly delivery?: Delivery | undefined
  /** Ends when whoever asked has gone: only what is worth nothing without them minds it. Absent where nobody waits. */
  readonly signal?: AbortSignal | undefined
}

type AnyOperation = Pick<Operation, 'input' | 'output'>

/** An answer that changes nothing. */
export interface Reading<O extends AnyOperation = AnyOperation> {
  read(call: Call, input: Input<O>): Promise<Output<O>>
}

/**
 * An answer that changes the store: `prepare` may await anything and writes nothing; `commit` runs in one transaction
 * with the audit line and the idempotency record, and awaits nothing but its `tx`; `wait` follows a receipt to its end,
 * and answers as far as it got when the signal ends the waiting. A receipt without `wait` is the answer itself. A Fault
 * that `commit` throws takes back what it has written; one that it answers refuses the call and keeps it.
 */
export interface Writing<O extends AnyOperation = AnyOperation, P = unknown, R = Output<O>> {
  prepare?(call: Call, input: Input<O>): Promise<P>
  commit(tx: Tx, call: Call, input: Input<O>, prepared: P): Promise<R | Fault>
  wait?(call: Call, input: Input<O>, receipt: R, signal: AbortSignal): Promise<Output<O>>
}

export type Answer = Reading | Writing

/** Answers by operation name, as a domain hands them to dispatch. */
export type Answers = Readonly<Record<string, Answer>>

/** Declares the answer of an operation that only reads. */
export function reads<O extends AnyOperation>(_operation: O, read: Reading<O>['read']): Answer {
  return { read }
}

/** Declares the answer of an operation that writes. */
export function writes<O extends AnyOperation, P = undefined, R = Output<O>>(
  _operation: O,
  writing: Writing<O, P, R>,
): Answer {
  return writing
}
