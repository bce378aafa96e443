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
  workflow_id?: string
  details?: { approval_id: string; expires_at: string }
}

const IDENTIFIED = 'AUTH_002'

/** Says how it ended. */
export function outcomeOf({ done }: Sensitive, ended: Ended, now: number): Outcome {
  switch (ended.kind) {
    case 'done': {
      const { id } = ended.data as { id?: string }
      return { text: done, followup: false, ...(id === undefined ? {} : { workflow_id: id }) }
    }
    case 'pending': {
      const { approval_id, expires_at } = ended
      const minutes = Math.max(1, Math.round((Date.parse(expires_at) - now) / 60_000))
      const text = `That waits for your passkey: approve it in the console within ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
      return { text, followup: true, details: { approval_id, expires_at } }
    }
    case 'refused': {
      const isOld = ended.code === IDENTIFIED && ended.reason === 'sign_in_too_old'
      const text = isOld
        ? 'Nothing was done: I must be sure that it is you. Sign in again, and say it once more.'
        : `I cannot do that: ${ended.message}`
      return { text, followup: true }
    }
  }
}
