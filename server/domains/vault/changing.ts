import { credentials } from '../../../contract/credentials.ts'
import type { CredentialData } from '../../../contract/credentials.ts'
import type { Input } from '../../../contract/operation.ts'
import { writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Expiry } from './expiry.ts'
import type { Renewal } from './renewal.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { marksOf } from './kept.ts'
import type { Next, Reseal } from './reseal.ts'
import { toBytes } from './safe.ts'
import type { About, Safe } from './safe.ts'
import { need, told } from './view.ts'

interface ChangingParts {
  safe: Safe
  reseal: Reseal
  notifications: Pick<Notifications, 'notify'>
  expiry: Pick<Expiry, 'look'>
  isUnderWay: Renewal['isUnderWay']
  /** The key of the user is on the disk before anything is sealed under it. */
  ready: (call: Call) => Promise<void>
}

/** The answers to changing a credential, and to bringing the secret before back. */
export function changing({ safe, reseal, notifications, expiry, ready, isUnderWay }: ChangingParts): Answers {
  /** @throws Fault `VALIDATION_ERROR` (409) where a service is about to answer with a secret that would not be sealed. */
  const refuseWhileRenewed = (tx: Tx, credential_id: string): void => {
    if (isUnderWay(tx, credential_id))
      throw new Fault(
        'VALIDATION_ERROR',
        'A service is being asked for another secret of it: try it once that is over.',
        { credential_id },
        { status: 409 },
      )
  }
  return {
    [credentials.update.name]: writes(credentials.update, {
      prepare: ready,
      commit: async (tx, { user_id }, { id, credential_data, metadata = {}, ...named }) => {
        const before = await need(tx, user_id, id)
        const { number: _number, hint: _hint, sealed: _sealed, ...known } = safe.aboutOf(before)
        if (credential_data?.sealed !== undefined) refuseWhileRenewed(tx, id)
        const about = { ...known, ...named, ...changedIn(metadata) }
        const shown = await reseal(tx, before, about, nextOf(credential_data))
        const what = credential_data === undefined ? 'changed' : 'given a new secret'
        await notifications.notify(tx, user_id, told(`The credential for ${about.service_name} was ${what}.`))
        if (endIn(metadata) !== undefined || metadata.auto_rotate !== undefined) await expiry.look(tx, before)
        return shown
      },
    }),
    [credentials.restore.name]: writes(credentials.restore, {
      prepare: ready,
      commit: async (tx, { user_id }, { credential_id }) => {
        const before = await need(tx, user_id, credential_id)
        if (before.former === null)
          throw new Fault(
            'VALIDATION_ERROR',
            'There is no former secret of it.',
            { credential_id },
            { status: 409 },
          )
        const { number: _number, hint: _hint, sealed: _sealed, ...about } = safe.aboutOf(before)
        const former = safe.openFormer(before)
        if (former.sealed === true) refuseWhileRenewed(tx, credential_id)
        const shown = await reseal(tx, before, about, { ...former, replaces: true })
        const text = `The credential for ${about.service_name} was given its former secret back.`
        await notifications.notify(tx, user_id, told(text))
        return shown
      },
    }),
  }
}

function nextOf(data: CredentialData | undefined): Next | undefined {
  return data && { secret: toBytes(data), ...marksOf(data), replaces: true }
}

export type Metadata = NonNullable<Input<typeof credentials.store>['metadata']>

/** What is not said stays as it is. */
function changedIn({ description, auto_rotate, ...end }: Metadata): Partial<About> {
  const expires_at = endIn(end)
  return {
    ...(description === undefined ? {} : { description }),
    ...(expires_at === undefined ? {} : { expires_at }),
    ...(auto_rotate === undefined ? {} : { auto_rotate }),
  }
}

/** The end that is said, null for none, and nothing where none is spoken of. @throws Fault `VALIDATION_ERROR` for both. */
export function endIn({
  expires_at,
  never_expires = false,
}: Pick<Metadata, 'expires_at' | 'never_expires'>): string | null | undefined {
  if (!never_expires) return expires_at === undefined ? undefined : timeOf(expires_at)
  if (expires_at === undefined) return null
  const issue = { path: '/metadata/never_expires', message: 'cannot be said beside an end' }
  throw new Fault('VALIDATION_ERROR', `${issue.path} ${issue.message}.`, { issues: [issue] })
}

/** The last moment that has four digits for its year: later ones are in no order as text. */
export const LATEST = Date.parse('9999-12-31T23:59:59.999Z')

/** @throws Fault `VALIDATION_ERROR` for a time that there is not, such as a leap second. */
function timeOf(time: string | undefined): string | null {
  if (time === undefined) return null
  const at = Date.parse(time)
  if (at <= LATEST) return iso(at)
  const issue = { path: '/metadata/expires_at', message: 'is no time' }
  throw new Fault('VALIDATION_ERROR', `${issue.path} ${issue.message}.`, { issues: [issue] })
}
