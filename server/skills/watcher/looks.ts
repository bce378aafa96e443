import { createHash } from 'node:crypto'
import { Value } from 'typebox/value'
import type { Capabilities, FileFacts, NetResponse } from '../capabilities.ts'
import { readBody, readText } from '../fetcher/body.ts'
import { FEED_TYPES } from '../fetcher/feed.ts'
import { ActionError } from '../skill.ts'
import { betweenFiles, betweenFolders, betweenPages, betweenPorts, newEntries } from './changes.ts'
import type { Changed } from './changes.ts'
import { Source } from './read-source.ts'
import type { Sight, Watch } from './record.ts'
import { hostAndPort } from './target.ts'

type Can = Pick<Capabilities, 'net' | 'files' | 'worker'>

/** What there is to see now, and how it differs from what there was. */
export interface Seen {
  sight: Sight
  change?: Changed | undefined
}

const ANSWER_BYTES_MAX = 1_000_000
/** Files beyond this size are told apart by size and time alone. */
const DIGEST_BYTES_MAX = 64 * 1024 * 1024
const ENTRIES_MAX = 2_000
const NAMES_CHARACTERS_MAX = 150_000
/** How much of a page is kept to say later what changed. */
const TEXT_CHARACTERS_MAX = 20_000
/** Entries of a feed that are remembered as known. */
const IDS_MAX = 1_000
const PROBE_MS = 10_000

/** @throws ActionError when it cannot be looked at. */
export function look(can: Can, watch: Watch, before: Sight | undefined): Promise<Seen> {
  switch (watch.kind) {
    case 'feed':
      return lookAtFeed(can, watch, before?.kind === 'feed' ? before : undefined)
    case 'url':
      return lookAtPage(can, watch, before?.kind === 'url' ? before : undefined)
    case 'port':
      return lookAtPort(can, watch, before?.kind === 'port' ? before : undefined)
    default:
      return lookAtPath(can, watch, before)
  }
}

async function lookAtPath(can: Can, watch: Watch, before: Sight | undefined): Promise<Seen> {
  const facts = await can.files.look(watch.target)
  if (facts === undefined) {
    const wasThere = before !== undefined && before.kind !== 'absent'
    const text = `${watch.label} is gone.`
    return { sight: { kind: 'absent' }, change: wasThere ? { text, added: [], removed: [] } : undefined }
  }
  if (watch.kind !== 'path' && facts.kind !== watch.kind)
    throw new ActionError(`${watch.target} is a ${facts.kind} and not a ${watch.kind}.`)
  const sight = facts.kind === 'file' ? await seeFile(can, facts, before) : await seeFolder(can, facts)
  if (before === undefined) return { sight }
  if (before.kind !== sight.kind) {
    const text =
      before.kind === 'absent' ? `${watch.label} is there now.` : `${watch.label} is a ${sight.kind} now.`
    return { sight, change: { text, added: [], removed: [] } }
  }
  if (sight.kind === 'file' && before.kind === 'file') {
    return { sight, change: betweenFiles(watch.label, before, sight) }
  }
  if (sight.kind === 'folder' && before.kind === 'folder') {
    return { sight, change: betweenFolders(watch.label, before.entries, sight.entries) }
  }
  return { sight }
}

type Of<K extends Sight['kind']> = Extract<Sight, { kind: K }>

async function seeFile(can: Can, facts: FileFacts, before: Sight | undefined): Promise<Of<'file'>> {
  const { size_bytes, modified, path } = facts
  const sight = { kind: 'file', size_bytes, modified } as const
  if (size_bytes > DIGEST_BYTES_MAX) return sight
  const isSame = before?.kind === 'file' && before.size_bytes === size_bytes && before.modified === modified
  // A file is read once for each of its states, not once for each look.
  const digest = isSame && before.digest !== undefined ? before.digest : await can.files.digest(path)
  return { ...sight, digest }
}

async function seeFolder(can: Can, { path }: FileFacts): Promise<Of<'folder'>> {
  const found = await can.files.list(path)
  const names = found.map((facts) => facts.path.slice(path.length).replace(/^[/\\]/, ''))
  if (found.length > ENTRIES_MAX || names.join('').length > NAMES_CHARACTERS_MAX)
    throw new ActionError(`${path} has too much in it to be watched; at most ${ENTRIES_MAX} entries.`)
  // What happens inside a folder of it changes its time too, and is not a change of this one.
  const marks = found.map(({ kind, size_bytes, modified }) =>
    kind === 'file' ? `${size_bytes} ${modified}` : kind,
  )
  return { kind: 'folder', entries: Object.fromEntries(names.map((name, at) => [name, marks[at] ?? ''])) }
}

async function lookAtFeed(can: Can, watch: Watch, before: Of<'feed'> | undefined): Promise<Seen> {
  const response = await fetchAgain(can, watch, FEED_TYPES, before)
  if (response === undefined && before !== undefined) return { sight: before }
  if (response === undefined)
    throw new ActionError('It answered that nothing changed, but nothing was known.')
  const text = readText(response)
  if (text.trim() === '') throw new ActionError('That feed is empty.')
  const { entries = [] } = await readSource(can, text, 'feed')
  const known = before?.ids ?? []
  const fresh = entries.filter(({ id }) => !known.includes(mark(id)))
  const ids = [...new Set([...entries.map(({ id }) => mark(id)), ...known])].slice(0, IDS_MAX)
  const sight: Sight = { kind: 'feed', ids, ...validators(response) }
  return { sight, change: before === undefined ? undefined : newEntries(watch, fresh) }
}

async function lookAtPage(can: Can, watch: Watch, before: Of<'url'> | undefined): Promise<Seen> {
  const response = await fetchAgain(can, watch, 'text/html, text/plain;q=0.9, */*;q=0.5', before)
  if (response === undefined && before !== undefined) return { sight: before }
  if (response === undefined)
    throw new ActionError('It answered that nothing changed, but nothing was known.')
  const text = await textOf(can, response)
  const wanted = watch.contains?.toLowerCase()
  const sight: Of<'url'> = {
    kind: 'url',
    digest: mark(text),
    text: text.slice(0, TEXT_CHARACTERS_MAX).toWellFormed(),
    ...(wanted === undefined ? {} : { has: text.toLowerCase().includes(wanted) }),
    ...validators(response),
  }
  return { sight, change: betweenPages(watch, before, sight) }
}

async function lookAtPort(can: Can, watch: Watch, before: Of<'port'> | undefined): Promise<Seen> {
  const { open } = await can.net.probe({ ...hostAndPort(watch.target), timeout_ms: PROBE_MS })
  return {
    sight: { kind: 'port', is_open: open },
    change: before === undefined ? undefined : betweenPorts(watch.label, before.is_open, open),
  }
}

interface Validators {
  etag?: string
  last_modified?: string
}

/** Fetches what is watched; `undefined` when it says that it is what it was. */
async function fetchAgain(
  can: Can,
  { target }: Watch,
  accept: string,
  before: Validators | undefined,
): Promise<NetResponse | undefined> {
  const headers = {
    accept,
    ...(before?.etag === undefined ? {} : { 'if-none-match': before.etag }),
    ...(before?.last_modified === undefined ? {} : { 'if-modified-since': before.last_modified }),
  }
  const response = await can.net.request({ url: target, headers, bytes_max: ANSWER_BYTES_MAX })
  const { status } = response
  if (status === 304) return undefined
  if (status < 200 || status >= 300) throw new ActionError(`it answered with status ${status}.`)
  return response
}

function validators({ headers }: NetResponse): Validators {
  const { etag, 'last-modified': last_modified } = headers
  return {
    ...(etag === undefined ? {} : { etag: etag.slice(0, 300) }),
    ...(last_modified === undefined ? {} : { last_modified: last_modified.slice(0, 100) }),
  }
}

/** The words of an answer, white space folded, so that a change of nothing but layout is none. */
async function textOf(can: Can, response: NetResponse): Promise<string> {
  const { body } = readBody(response)
  const isHtml =
    /html/i.test(response.headers['content-type'] ?? '') || /^\s*<(?:!doctype html|html)\b/i.test(body)
  const text = isHtml && body.trim() !== '' ? ((await readSource(can, body, 'page')).text ?? '') : body
  const lines = text.split('\n').map((line) => line.replaceAll(/[^\S\n]+/g, ' ').trim())
  return lines.filter((line) => line !== '').join('\n')
}

async function readSource(can: Can, text: string, format: 'feed' | 'page'): Promise<Source> {
  const source = await can.worker.perform('read_source', { text, format })
  Value.Assert(Source, source)
  return source
}

/** Enough of a digest that nobody meets two of the same by chance. */
function mark(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
