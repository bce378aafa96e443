import type { Impact } from '../../../contract/system.ts'
import { maskSecrets } from '../../kernel/mask.ts'
import { entriesOf } from './entries.ts'
import { isSame } from './kinds.ts'
import type { State } from './kinds.ts'
import { diff, valueAt } from './patch.ts'

/** A change to be said, with what its object is called now. */
export interface SaidChange {
  called: string
  description: string
  before: State | undefined
  after: State | undefined
  /** Whether it took back a change, or the taking back of one. */
  took: 'nothing' | 'change' | 'rollback'
}

const FIELDS_MAX = 4
const VALUE_CHARACTERS_MAX = 40
/** Words of the ledger's own: they say nothing that the fields do not. */
const OWN_WORDS = /^(?:Rolled back: )*(?:Created|Changed|Deleted|Moved|Set) /u

/** What a change was, with the fields and their values: "agent 7: name diary -> journal". Secrets are masked. */
export function sayChange({ called, description, before, after, took }: SaidChange): string {
  if (took === 'change')
    return `undid: ${sayChange({ called, description, before: after, after: before, took: 'nothing' })}`
  const again = took === 'rollback' ? 'did again: ' : ''
  const name = (after ?? before)?.['name']
  const named = typeof name === 'string' && !called.includes(name) ? `${called}, ${cut(name)}` : called
  if (before === undefined) return `${again}made ${named}`
  if (after === undefined) return `${again}deleted ${named}`
  const fields = sayFields(before, after)
  const words = OWN_WORDS.test(description) ? '' : ` (${description.replace(/\.$/u, '')})`
  return `${again}${called}: ${fields}${words}`
}

/** The fields that differ, with their values, secrets masked; nothing where none does. */
export function sayFields(before: State, after: State): string {
  const [was, is] = [maskSecrets(before), maskSecrets(after)]
  const said = diff(before, after).map(({ path }) => {
    const keys = path.split('/').slice(1).map(unescaped)
    return sayField(keys, valueAt(was, keys), valueAt(is, keys))
  })
  const more = said.length - FIELDS_MAX
  return `${said.slice(0, FIELDS_MAX).join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

function sayField(keys: readonly string[], was: unknown, is: unknown): string {
  if (keys.join('/') === 'is_active') return is === true ? 'switched on' : 'switched off'
  const shown = keys.length > 1 && HOLDERS.has(keys[0] ?? '') ? keys.slice(1) : keys
  const field = shown.join(' ').replaceAll('_', ' ')
  const entries = sayEntries(was, is)
  if (entries !== undefined) return `${field}: ${entries}`
  return [was, is].some((value) => typeof value === 'object' && value !== null)
    ? `${field} changed`
    : `${field} ${sayValue(was)} -> ${sayValue(is)}`
}

/** What became of the entries of a list, by their ids; nothing for what is no such list. */
function sayEntries(was: unknown, is: unknown): string | undefined {
  const [from, to] = [entriesOf(was ?? []), entriesOf(is ?? [])]
  if (from === undefined || to === undefined) return undefined
  const [before, after] = [from, to].map((list) => new Map(list.map((one) => [one.id, one])))
  const said = [...new Set([...from, ...to].map(({ id }) => id))].flatMap((id) => {
    if (before?.get(id) === undefined) return [`${cut(id)} added`]
    if (after?.get(id) === undefined) return [`${cut(id)} removed`]
    return isSame(before.get(id), after.get(id)) ? [] : [`${cut(id)} changed`]
  })
  const more = said.length - FIELDS_MAX
  return said.length === 0
    ? undefined
    : `${said.slice(0, FIELDS_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Fields that everything of their object is in: they say nothing. */
const HOLDERS = new Set(['definition', 'config'])

function sayValue(value: unknown): string {
  if (value === undefined || value === '') return 'nothing'
  return cut(typeof value === 'string' ? value : JSON.stringify(value))
}

function cut(text: string): string {
  return text.length > VALUE_CHARACTERS_MAX
    ? `${text.slice(0, VALUE_CHARACTERS_MAX - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`
    : text
}

/** A step of a JSON pointer as the key that it stands for (RFC 6901). */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** Things of one sort that are said aloud. */
const SAID_MAX = 3

/** What would go wrong or end without something, in one sentence; nothing where nothing else is touched. */
export function sayLoss(impact: Pick<Impact, 'problems' | 'triggers' | 'executions' | 'routes'>): string {
  const { problems, triggers, executions, routes } = impact
  const ends = [
    ...(problems.length === 0 ? [] : [`this would break: ${few(problems.map(asName))}`]),
    ...(triggers.length === 0 ? [] : [few(triggers)]),
    ...(executions.length === 0 ? [] : ['what is under way is stopped']),
    ...(routes.length === 0 ? [] : [sayRoutes(routes)]),
  ]
  return ends.length === 0 ? '' : `Without it, ${ends.join('; ')}.`
}

/** "Briefing: step look: There is no agent 7." as "Briefing (step look: There is no agent 7)". */
function asName(problem: string): string {
  return problem.replace(/^(.+?): (.+?)\.?$/u, '$1 ($2)')
}

function sayRoutes(routes: Impact['routes']): string {
  const [first] = routes
  const said = `“${short(first?.text ?? '')}”`
  const what =
    routes.length === 1
      ? `${said}, which you said,`
      : `${routes.length} sentences that you said, such as ${said},`
  return `${what} would ${routes.every(({ to }) => to === null) ? 'mean nothing' : 'go elsewhere'}`
}

function few(things: readonly string[]): string {
  const more = things.length - SAID_MAX
  const said = things.slice(0, SAID_MAX).map((one) => one.replace(/\.$/u, ''))
  return `${said.join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

function short(text: string): string {
  return text.length > 60
    ? `${text
        .slice(0, 59)
        .replace(/[\uD800-\uDBFF]$/u, '')
        .trimEnd()}…`
    : text
}
