import { saySize } from '../fetcher/say.ts'
import { sayList } from '../say.ts'
import { changedLines, shortened } from './lines.ts'
import type { Sight, Watch } from './record.ts'

/** A difference between two looks: the sentence that the user is told, and what came and went. */
export interface Changed {
  text: string
  added: string[]
  removed: string[]
  /** Bad news. */
  is_warning?: boolean
}
type Of<K extends Sight['kind']> = Extract<Sight, { kind: K }>

const NAMES_MAX = 200
const TITLES_SPOKEN = 3

export function betweenFiles(label: string, before: Of<'file'>, after: Of<'file'>): Changed | undefined {
  const isSame =
    before.digest !== undefined && after.digest !== undefined
      ? before.digest === after.digest
      : before.size_bytes === after.size_bytes && before.modified === after.modified
  if (isSame) return undefined
  const grown = after.size_bytes - before.size_bytes
  const how = grown === 0 ? '' : ` It ${grown > 0 ? 'grew' : 'shrank'} by ${saySize(Math.abs(grown))}.`
  return { text: `${label} changed.${how}`, added: [], removed: [] }
}

export function betweenFolders(
  label: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Changed | undefined {
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name))
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  const changed = Object.keys(after).filter(
    (name) => Object.hasOwn(before, name) && before[name] !== after[name],
  )
  const parts = [
    sayNames(added, 'was added', 'were added'),
    sayNames(removed, 'was removed', 'were removed'),
    sayNames(changed, 'changed', 'changed'),
  ].filter((part) => part !== '')
  if (parts.length === 0) return undefined
  return {
    text: `In ${label}: ${parts.join('; ')}.`,
    added: added.slice(0, NAMES_MAX),
    removed: removed.slice(0, NAMES_MAX),
  }
}

function sayNames(names: readonly string[], one: string, many: string): string {
  return names.length === 0 ? '' : `${sayList(names.map(quiet))} ${names.length === 1 ? one : many}`
}

/** What is new in a feed, or what of it is about the words that are waited for. */
export function newEntries(
  { label, contains }: Pick<Watch, 'label' | 'contains'>,
  fresh: readonly { title: string; summary?: string }[],
): Changed | undefined {
  const wanted = contains?.toLowerCase() ?? ''
  const told = fresh.filter(({ title, summary = '' }) => `${title} ${summary}`.toLowerCase().includes(wanted))
  if (told.length === 0) return undefined
  const titles = told.slice(0, TITLES_SPOKEN).map(({ title }) => `"${quiet(title)}"`)
  const more = told.length > TITLES_SPOKEN ? [`${told.length - TITLES_SPOKEN} more`] : []
  const count = told.length === 1 ? 'A new entry' : `${told.length} new entries`
  return {
    text: `${count} in ${label}: ${sayList([...titles, ...more])}.`,
    added: told.slice(0, NAMES_MAX).map(({ title }) => quiet(title)),
    removed: [],
  }
}

/** With words that are waited for only their coming and going counts, the first time too. */
export function betweenPages(
  { label, contains }: Pick<Watch, 'label' | 'contains'>,
  before: Of<'url'> | undefined,
  after: Of<'url'>,
): Changed | undefined {
  if (contains !== undefined) {
    const had = before?.has ?? false
    if (after.has === had) return undefined
    const text =
      after.has === true ? `${label} says "${contains}".` : `${label} no longer says "${contains}".`
    return { text, added: [], removed: [] }
  }
  if (before === undefined || before.digest === after.digest) return undefined
  const { added, removed } = changedLines(before.text, after.text)
  const [first] = added
  const said = first === undefined ? '' : ` It now says: "${quiet(first)}".`
  return { text: `${label} changed.${said}`, added, removed }
}

export function betweenPorts(label: string, was: boolean, is: boolean): Changed | undefined {
  if (was === is) return undefined
  const text = is ? `${label} is open.` : `${label} is closed.`
  return { text, added: [], removed: [], is_warning: !is }
}

/** What others wrote, short and on one line, without signs that nobody sees. */
function quiet(text: string): string {
  const bare = text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
  return bare.length > 120 ? `${bare.slice(0, 119)}…`.toWellFormed() : shortened(bare)
}
