import type { Issue } from '../../contract/errors.ts'
import { ApiFault } from '../../sdk/fault.ts'
import { EXIT, Stop } from '../exit.ts'

/** What fields are called at the command line, by their paths, and what helps where one is refused. */
export type Called = Readonly<Record<string, { name: string; see?: string }>>

/** A path in a sentence of the server. */
const PATH = /(?:^|\s)\/[a-z_]+/u

/** What the server answers; what it refuses is said in the words of the command line, without paths of its API. */
export async function plainly<T>(asked: Promise<T>, called: Called): Promise<T> {
  try {
    return await asked
  } catch (error) {
    const issues = error instanceof ApiFault ? error.details?.['issues'] : undefined
    if (!(error instanceof ApiFault) || !Array.isArray(issues) || issues.length === 0) throw error
    const all = (issues as Issue[]).map((one) => ({ ...one, of: calledAs(one.path, called) }))
    const said = `${all.map(({ of, message }) => `${of.name} ${message}`).join('; ')}.`
    const see = all.find(({ of }) => of.see !== undefined)?.of.see
    // A sentence of its own says it better than the fields do.
    const text = PATH.test(error.message) ? said : error.message
    throw new Stop(EXIT.failed, see === undefined ? text : `${text} ${see}`, { cause: error })
  }
}

function calledAs(path: string, called: Called): Called[string] {
  const field = Object.keys(called).find((one) => path === one || path.startsWith(`${one}/`))
  const known = field === undefined ? undefined : called[field]
  return known ?? { name: path.split('/').at(-1)?.replaceAll('_', ' ') || 'It' }
}
