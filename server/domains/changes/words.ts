import { Fault } from '../../kernel/fault.ts'

/** What moves the cursor, turns the direction of writing, or breaks a line. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u

/** @throws Fault `VALIDATION_ERROR` for words that would not be shown as they are: the ledger is read in many places. */
export function refuseControl(words: string | undefined, field: string): void {
  if (words === undefined || !CONTROL.test(words)) return
  const issue = { path: `/${field}`, message: 'has control characters or line breaks' }
  throw new Fault('VALIDATION_ERROR', `${issue.path} ${issue.message}.`, { issues: [issue] })
}
