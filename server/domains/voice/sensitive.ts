import type { Call } from '../../kernel/answers.ts'
import type { Sensitive } from '../workflows/spoken/course.ts'

/** How a call in somebody's name ended: done, waiting for an approval, or refused. */
export type Ended =
  | { kind: 'done'; data: unknown }
  | { kind: 'pending'; approval_id: string; expires_at: string }
  | { kind: 'refused'; code: string; message: string; reason: unknown }

/** Lets a call go through every guard in the name of whoever said the sentence; what has this key is done once. */
export type OnBehalf = (
  call: Call,
  asked: Pick<Sensitive, 'operation' | 'input'>,
  key: string,
) => Promise<Ended>

/** What is said of it, and what else the answer to the sentence has. Kept as JSON, so that a repeated call hears the same. */
export interface Outcome {
  text: string
  followup: boolean
  /** What it was about. */
  target?: string
  workflow_id?: string
  details?: { approval_id: string; expires_at: string }
}

const IDENTIFIED = 'AUTH_002'
const SIGN_IN =
  'Nothing is done yet: I must be sure that it is you. Sign in again (paios login), and then say yes within two minutes.'

/** Says how it ended. */
export function outcomeOf(
  { done, operation, input, takes_back }: Sensitive,
  ended: Ended,
  now: number,
): Outcome {
  switch (ended.kind) {
    case 'done': {
      const { id: made } = ended.data as { id?: string }
      const isMade = operation === 'workflows.create' || operation === 'agents.create'
      // A deletion answers nothing: it was about what was asked to be deleted.
      const id = isMade ? made : (takes_back?.target ?? made ?? input['id'])
      if (typeof id !== 'string') return { text: done, followup: false }
      const isWorkflow = (takes_back?.kind ?? operation).startsWith('workflow')
      return { text: done, followup: false, target: id, ...(isWorkflow ? { workflow_id: id } : {}) }
    }
    case 'pending': {
      const { approval_id, expires_at } = ended
      const minutes = Math.max(1, Math.round((Date.parse(expires_at) - now) / 60_000))
      const text = `That waits for your passkey: approve it (on the account page, or with: paios approvals) within ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
      return { text, followup: true, details: { approval_id, expires_at } }
    }
    case 'refused': {
      // Nothing can be answered before one has signed in.
      if (isSignInOld(ended)) return { text: SIGN_IN, followup: false }
      const help = ended.reason === 'not_enrolled' ? ' Make one with: paios passkey add' : ''
      return { text: `I cannot do that: ${ended.message}${help}`, followup: true }
    }
  }
}

/** Whether nothing but a newer sign-in is missing. */
export function isSignInOld(ended: Ended): boolean {
  return ended.kind === 'refused' && ended.code === IDENTIFIED && ended.reason === 'sign_in_too_old'
}
