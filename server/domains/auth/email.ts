import { Fault } from '../../kernel/fault.ts'

const LENGTH_MAX = 254
/** Controls, invisible characters, unassigned ones and every kind of space. */
const REFUSED = /[\p{C}\p{Z}]/u

/**
 * Brings an e-mail address into the one form in which it is stored and compared, so that case, width and spaces
 * around it make no second account.
 *
 * @throws Fault `VALIDATION_ERROR` when it is none.
 */
export function normaliseEmail(text: string): string {
  const email = text
    .normalize('NFKC')
    .replaceAll(/^ +| +$/g, '')
    .toLowerCase()
    .normalize('NFKC')
  const [local, domain, ...more] = email.split('@')
  if (REFUSED.test(email)) throw invalid('must not have spaces or control characters')
  if (local === undefined || local === '' || domain === undefined || domain === '' || more.length > 0) {
    throw invalid('must have one @ with something on both sides')
  }
  if (email.length > LENGTH_MAX) throw invalid(`must not be longer than ${LENGTH_MAX} characters`)
  return email
}

function invalid(message: string): Fault {
  return new Fault('VALIDATION_ERROR', `The e-mail address ${message}.`, {
    issues: [{ path: '/email', message }],
  })
}
