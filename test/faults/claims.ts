import { existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Something that left the server, and so must be true for ever after. */
export type Claim =
  /** A user signed in, so the account and the session are there. */
  | ({ is: 'account' } & Account)
  | { is: 'memory'; user_id: string; id: string; text: string }
  | { is: 'item'; user_id: string; text: string; done: boolean }
  | { is: 'reminder'; user_id: string; id: string; text: string }
  /** What an execution remembered was taken back. */
  | { is: 'undone'; user_id: string; execution_id: string; memory_id: string }
  | { is: 'execution'; user_id: string; execution_id: string; asked: Asked }
  /** The change of the time zone with this number; those of a user follow each other. */
  | { is: 'zone'; user_id: string; change: number }
  | { is: 'event'; user_id: string; seq: number; name: string }
  /** An answer said that something was done, so the audit has a line of it. */
  | { is: 'audit'; request_id: string; operation: string }

/** An execution as it was asked for, so that it can be asked for again. */
export interface Asked {
  agent: string
  action: string
  parameters: Record<string, unknown>
  key: string
  waited: boolean
}

/** A user of the workload. */
export interface Account {
  user_id: string
  email: string
  token: string
  /** Epoch milliseconds. */
  signed_in_at: number
}

/** Writes claims, each on the disk of the recorder, or in the hands of the system, before the next thing happens. */
export function openClaims(root: string): (claim: Claim) => void {
  const path = join(root, 'claims')
  const text = textOf(path)
  const whole = wholeLines(text)
  // What follows would otherwise become part of the line in which the process before was killed.
  if (whole !== text) truncateSync(path, Buffer.byteLength(whole))
  const file = openSync(path, 'a', 0o600)
  return (claim) => void writeSync(file, `${JSON.stringify(claim)}\n`)
}

/** The newest sign-in of each user, in the order in which they were added. */
export function accountsIn(claims: readonly Claim[]): Account[] {
  const accounts = new Map<string, Account>()
  for (const claim of claims) if (claim.is === 'account') accounts.set(claim.email, claim)
  return [...accounts.values()]
}

/** Claims so far. A process may have been killed within a line: what was not written whole was not claimed. */
export function readClaims(root: string): Claim[] {
  const lines = wholeLines(textOf(join(root, 'claims'))).split('\n')
  return lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Claim]))
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1)
}
