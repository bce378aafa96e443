import type { HttpAction, HttpIntegration, Remark } from '../../../../contract/integrations.ts'
import { Remarks, fieldOf, fieldsOf, itemsOf, textOf } from './document.ts'
import type { Document, Part } from './document.ts'
import { toAction } from './operation.ts'
import type { Operation } from './operation.ts'
import { readDocument } from './read.ts'
import { lineOf, short } from './schema.ts'
import { authOf, serversOf } from './security.ts'

/** What is asked of the compiler: it is worked on beside the event loop, so it is plain data. */
export interface CompileTask {
  text: string
  /** Tags or operation ids; all without. */
  only: readonly string[] | undefined
  /** Id that the integration is to have; that of its title without. It goes before names that others have. */
  id: string | undefined
  /** Names that the agent's own actions have, and those of its integrations by their ids. */
  taken: readonly string[]
  others: Readonly<Record<string, readonly string[]>>
}

export interface CompiledDocument {
  id: string
  title: string
  version: string
  servers: string[]
  auth: HttpIntegration['auth']
  /** How many the document has. */
  operations: number
  actions: HttpAction[]
  warnings: Remark[]
}

/** What a document comes to, or everything that keeps it from being imported. */
export type Compiled = CompiledDocument | { problems: Remark[] }

const OPERATIONS_MAX = 2_000
const ACTIONS_BYTES_MAX = 4_194_304
const NAME_CHARACTERS_MAX = 80
const METHODS = new Map<string, HttpAction['method']>(
  (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method) => [
    method.toLowerCase(),
    method,
  ]),
)

/** Makes actions from an OpenAPI document. Nothing is fetched, and what is too large is left out or loosened. */
export async function compile({
  text: given,
  only,
  taken,
  others,
  ...asked
}: CompileTask): Promise<Compiled> {
  const remarks = new Remarks()
  const document = await readDocument(given, remarks)
  if (document === undefined) return { problems: remarks.problems }
  const all = operationsOf(document, remarks)
  const wanted = only === undefined ? all : chosen(all, only, remarks)
  if (wanted.length > OPERATIONS_MAX) {
    const text = `has ${wanted.length} operations, and ${OPERATIONS_MAX} is the most: choose some with only`
    remarks.problem('/paths', text)
    return { problems: remarks.problems }
  }
  const info = fieldOf({ value: document.root, at: '' }, 'info')
  const title = lineOf(textOf(fieldOf(info, 'title')) ?? 'Imported service', NAME_CHARACTERS_MAX)
  const id = asked.id ?? idFrom(title)
  // It takes the place of the one that it is imported over.
  const elsewhere = Object.entries(others).flatMap(([other, names]) => (other === id ? [] : names))
  const nameOf = openNames([...taken, ...elsewhere], id, remarks)
  const actions = wanted.flatMap(
    (operation) => toAction(document, operation, nameOf(operation), remarks) ?? [],
  )
  if (actions.length === 0 && remarks.problems.length === 0)
    remarks.problem('/paths', 'has no operation that could become an action')
  if (Buffer.byteLength(JSON.stringify(actions)) > ACTIONS_BYTES_MAX)
    remarks.problem('/paths', 'comes to more than 4 MiB of actions: choose some with only')
  if (remarks.problems.length > 0) return { problems: remarks.problems }
  const version: unknown = fieldOf(info, 'version').value
  return {
    id,
    title,
    version: typeof version === 'string' || typeof version === 'number' ? lineOf(String(version), 40) : '',
    servers: serversOf(document),
    auth: authOf(document),
    operations: all.length,
    actions,
    warnings: remarks.warnings,
  }
}

interface Tagged extends Operation {
  tags: readonly string[]
}

function operationsOf(document: Document, remarks: Remarks): Tagged[] {
  const ids = new Map<string, string>()
  return fieldsOf(fieldOf({ value: document.root, at: '' }, 'paths')).flatMap(([path, given]): Tagged[] => {
    if (path.startsWith('x-')) return []
    if (!path.startsWith('/')) {
      remarks.problem(given.at, 'must begin with a slash')
      return []
    }
    const item = document.follow(given)
    if ('missing' in item) {
      if (item.missing === 'elsewhere')
        remarks.warn(given.at, `is left out: it is in another document, ${short(item.ref)}`)
      else remarks.problem(given.at, `refers to ${short(item.ref)}, which leads nowhere`)
      return []
    }
    return fieldsOf(item).flatMap(([key, part]): Tagged[] => {
      const method = METHODS.get(key)
      if (method === undefined) return []
      const id = textOf(fieldOf(part, 'operationId')) ?? `${key}${path}`
      const other = ids.get(id)
      if (other !== undefined) remarks.problem(part.at, `has the operationId ${short(id)}, as ${other} does`)
      ids.set(id, part.at)
      return [{ id, method, path, item, part, tags: tagsOf(part) }]
    })
  })
}

function tagsOf(part: Part): string[] {
  return itemsOf(fieldOf(part, 'tags')).flatMap((one) => textOf(one) ?? [])
}

function chosen(all: readonly Tagged[], only: readonly string[], remarks: Remarks): Tagged[] {
  for (const [index, name] of only.entries())
    if (!all.some(({ id, tags }) => id === name || tags.includes(name)))
      remarks.problem(`/only/${index}`, `${short(name)} is neither a tag nor an operation id of the document`)
  return all.filter(({ id, tags }) => only.includes(id) || tags.some((tag) => only.includes(tag)))
}

/** Names of actions: the words of their ids, and something before or after them where another one has them. */
function openNames(taken: readonly string[], prefix: string, remarks: Remarks) {
  const others = new Set(taken)
  const used = new Set<string>()
  return ({ id, part }: Operation): string => {
    const plain = snake(id)
    const own = others.has(plain) ? `${wordsOf(prefix)}_${plain}` : plain
    let name = own.slice(0, NAME_CHARACTERS_MAX)
    for (let count = 2; used.has(name) || others.has(name); count += 1) {
      const suffix = `_${count}`
      name = `${own.slice(0, NAME_CHARACTERS_MAX - suffix.length)}${suffix}`
    }
    if (name !== plain) remarks.warn(part.at, `${short(id)} is called ${name} here`)
    used.add(name)
    return name
  }
}

/** `repos/listForUser` is `repos_list_for_user`. */
function snake(id: string): string {
  return wordsOf(id.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2'))
}

function wordsOf(text: string): string {
  const words = text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return /^[a-z]/.test(words) ? words : `action_${words}`.replace(/_$/, '')
}

/** The id of an integration that has none but its name. */
export function idFrom(name: string): string {
  return wordsOf(name).slice(0, 64)
}
