import type { Credential } from '../../contract/credentials.ts'
import type { Context } from '../context.ts'
import { requireSignedIn } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import { oneLine } from '../print.ts'
import { SEARCHED_MAX, idNamed } from '../short.ts'

/** The one credential of a service, or of an id or the end of one. */
export async function credentialNamed(context: Context, said: string): Promise<Credential> {
  await requireSignedIn(context)
  const { credentials } = await context.client.ask('credentials.list', { limit: SEARCHED_MAX })
  const [first, second] = credentials.filter(({ service_name }) => service_name === said)
  if (second !== undefined)
    throw new Stop(EXIT.failed, `There is more than one credential for ${JSON.stringify(said)}: give its id.`)
  if (first !== undefined) return first
  const what = { one: 'credential', list: 'paios credentials' }
  const id = await idNamed(said, what, () => Promise.resolve(credentials.map((one) => one.id)))
  const found = credentials.find((one) => one.id === id)
  if (found !== undefined) return found
  throw new Stop(EXIT.failed, `There is no credential ${id}. They are listed by: paios credentials`)
}

/** What a credential is for, fit for a terminal. */
export function nameOf({ service_name, damaged }: Credential): string {
  return damaged === true ? '(damaged)' : oneLine(service_name)
}
