import type { Credential, Renewal } from '../../contract/credentials.ts'
import { ApiFault, NoAnswer } from '../../sdk/fault.ts'
import { confirm } from '../confirm.ts'
import type { ConfirmOptions } from '../confirm.ts'
import type { Context } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import type { Answer } from '../exit.ts'
import { ago, oneLine } from '../print.ts'
import { SEARCHED_MAX, short } from '../short.ts'
import { credentialNamed, nameOf } from './named.ts'

/** A service that fails is asked three times, which may take longer than anybody waits. */
const WAIT_MS = 600_000
/** Most services answer at once; who waits for longer must not use up the calls of a minute. */
const POLL_MS = 1_000
const POLLS = 10
const POLL_LATER_MS = 5_000
/** A server is away for so long while it starts anew; one that is away longer is not there. */
const AWAY_MS = 30_000

/** Has the service give a credential another secret, and waits for what comes of it. */
export async function renewCredential(
  context: Context,
  said: string,
  options: ConfirmOptions,
): Promise<Answer> {
  const before = await credentialNamed(context, said)
  const name = nameOf(before)
  const loss = 'The service may refuse the present secret from then on, wherever else it is used.'
  await confirm(context, options, `Have another secret made for ${name}?`, [loss])
  const asked = await context.client.ask('credentials.renew', { credential_id: before.id })
  const service = oneLine(asked.integration)
  const began = asked.joined === true ? 'is being asked already' : 'is asked'
  context.io.stderr.write(
    `${service} ${began} for another secret for ${name}. Ctrl-C only ends the waiting.\n`,
  )
  const after = await outcome(context, before)
  if (after === undefined)
    throw new Stop(
      EXIT.failed,
      `It is not known yet whether ${name} was given another secret; the server goes on. Look again with: paios credentials show ${short(before.id)}`,
    )
  const { renewal, metadata } = after
  if (renewal?.state !== 'renewed')
    throw new Stop(
      EXIT.failed,
      `${name} was not given another secret: ${oneLine(renewal?.reason ?? 'why is not known.')} The one that it has was kept.`,
    )
  const end = metadata.expires_at === undefined ? 'Its end was not said' : `It ends ${metadata.expires_at}`
  const text = `${service} gave ${name} another secret. ${end}. Bring the former one back with: paios credentials restore ${short(before.id)}`
  return { data: { ...asked, credential: after }, text }
}

/** How the last renewal went, in a few words. */
export function sayRenewal({ state, at, reason = '' }: Renewal, now: number): string {
  if (state === 'under_way') return 'under way'
  const when = at === undefined ? '' : `, ${ago(at, now)}`
  return oneLine(state === 'renewed' ? `went well${when}` : `failed${when}: ${reason}`)
}

/** The credential once its renewal is over; nothing when that takes too long, or somebody ends the waiting. */
async function outcome(
  { io, client }: Context,
  { id, service_name }: Credential,
): Promise<Credential | undefined> {
  const ended = Promise.withResolvers<'ended'>()
  const stop = io.onInterrupt(() => ended.resolve('ended'))
  let answered_at = io.now()
  const find = async (): Promise<Credential | undefined> => {
    try {
      const { credentials } = await client.ask('credentials.list', { service_name, limit: SEARCHED_MAX })
      answered_at = io.now()
      const found = credentials.find((one) => one.id === id)
      if (found !== undefined) return found
    } catch (error) {
      // A server that starts anew goes on with what it was about.
      if (error instanceof NoAnswer && io.now() - answered_at < AWAY_MS) return undefined
      if (error instanceof ApiFault && error.status === 429) {
        answered_at = io.now()
        return undefined
      }
      throw error
    }
    throw new Stop(EXIT.failed, 'The credential is no longer there.')
  }
  try {
    const end = io.now() + WAIT_MS
    for (let polls = 1; io.now() < end; polls += 1) {
      const found = await find()
      if (found !== undefined && found.renewal?.state !== 'under_way') return found
      const pause = Promise.withResolvers<'again'>()
      const cancel = io.after(polls <= POLLS ? POLL_MS : POLL_LATER_MS, () => pause.resolve('again'))
      const next = await Promise.race([pause.promise, ended.promise])
      cancel()
      if (next === 'ended') return undefined
    }
    return undefined
  } finally {
    stop()
  }
}
